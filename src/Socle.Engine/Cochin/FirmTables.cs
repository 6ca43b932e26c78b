using System.Collections.Immutable;
using Npgsql;
using Socle.Blueprints;
using Socle.Kernel;
using Socle.Schema;

namespace Socle.Cochin;

/// <summary>What the tables hold before an import: it begins with empty ones, so that it never mixes with what is there, nor comes twice.</summary>
internal static class FirmTables
{
    /// <returns>Null when there are no records in the way. Those that the blueprint itself puts into Choix are none.</returns>
    public static async Task<Fault?> FindRecords(NpgsqlConnection connection, Blueprint blueprint, ImmutableArray<TargetTable> tables, CancellationToken cancellation)
    {
        var beginning = blueprint.Tables.SelectMany(table => table.Records).Select(record => record.Find("id")!.Value.GetGuid()).ToArray();
        var found = new List<string>();
        foreach (var name in blueprint.Tables.Select(table => table.Name).Union(tables.Select(table => table.Name)).Union([ImportTables.Identifiers, ImportTables.Aside]))
        {
            if (await Count(connection, name, name == "choix" ? beginning : [], cancellation) is > 0 and var count)
                found.Add($"{name} ({count})");
        }

        var list = string.Join(", ", found);
        return found.Count == 0 ? null : new Fault(
            FaultCode.Conflict,
            $"These tables hold records already: {list}. An import begins with empty tables; import into a new data folder (--data) or database. Nothing was changed.",
            $"Ces tables contiennent déjà des enregistrements : {list}. Une importation commence par des tables vides ; importez dans un nouveau dossier de données (--data) ou une nouvelle base. Rien n'a été modifié.");
    }

    /// <summary>The firm's own list takes the place of the one that every firm begins with.</summary>
    public static async Task ClearChoices(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand($"DELETE FROM {SchemaNames.Table("choix")}", connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task<long> Count(NpgsqlConnection connection, string table, Guid[] without, CancellationToken cancellation)
    {
        await using var exists = new NpgsqlCommand("SELECT to_regclass($1) IS NOT NULL", connection) { Parameters = { new() { Value = SchemaNames.Table(table) } } };
        if (!(bool)(await exists.ExecuteScalarAsync(cancellation))!)
            return 0;
        await using var count = new NpgsqlCommand($"SELECT count(*) FROM {SchemaNames.Table(table)}{(without.Length > 0 ? " WHERE id <> ALL ($1)" : "")}", connection);
        if (without.Length > 0)
            count.Parameters.Add(new() { Value = without });
        return (long)(await count.ExecuteScalarAsync(cancellation))!;
    }
}
