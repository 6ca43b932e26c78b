using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Npgsql;
using Socle.FieldTypes;
using Socle.Kernel;
using Socle.Postgres;
using Socle.Schema;

namespace Socle.Blueprints;

/// <summary>Writes the sample records of tables, all in one statement: references are judged at its end, so their order does not matter.</summary>
public sealed record InsertSample(ImmutableArray<TableBlueprint> Tables) : SchemaStep
{
    public override string? Table => null;

    public override StepOrder Order => StepOrder.Sample;

    public override TableLock Lock => TableLock.None;

    /// <summary>The records go and come with the tables that the same plan makes; in others they stay.</summary>
    public override string Down => "";

    public override bool IsOnce => true;

    public override Text Words
    {
        get
        {
            var records = Tables.Sum(table => table.Sample.Length);
            var names = string.Join(", ", Tables.Select(table => table.Name));
            return new($"write {records} sample records into {names}", $"écrire {records} enregistrements d'exemple dans {names}");
        }
    }

    public override string Sql
    {
        get
        {
            // Records that name the same fields go in together; a field that is not named gets its default.
            var inserts = from table in Tables
                          from records in table.Sample.GroupBy(record => string.Join(',', record.Values.Select(value => Postgres.Sql.Identifier(value.Field)).Order(StringComparer.Ordinal)))
                          select Insert(table.Name, records.Key, records);
            var relations = string.Join(", ", Tables.Select(table => $"{Postgres.Sql.Literal(SchemaNames.Table(table.Name))}::regclass"));
            return $"""
                SET LOCAL timezone = 'UTC';
                WITH {string.Join(",\n", inserts.Select((insert, i) => $"sample{i} AS ({insert})"))}
                UPDATE socle_system.tables SET sampled_at = now() WHERE relation IN ({relations})
                """;
        }
    }

    private static string Insert(string table, string columns, IEnumerable<SampleBlueprint> records)
    {
        if (columns.Length == 0)
            return $"INSERT INTO {SchemaNames.Table(table)} SELECT FROM generate_series(1, {records.Count()})";
        var json = new JsonArray([.. records.Select(ToJson)]).ToJsonString();
        return $"INSERT INTO {SchemaNames.Table(table)} ({columns}) SELECT {columns} FROM jsonb_populate_recordset(NULL::{SchemaNames.Table(table)}, {Postgres.Sql.Literal(json)})";
    }

    private static JsonObject ToJson(SampleBlueprint record) =>
        new(record.Values.Select(value => KeyValuePair.Create(value.Field, JsonNode.Parse(value.Json.GetRawText()))));
}

/// <summary>
/// Decides which tables get their sample: those that are new, and those that are empty and never had it.
/// What somebody deleted stays deleted.
/// </summary>
internal static class SampleChoice
{
    public static async Task<InsertSample?> Choose(
        NpgsqlConnection connection, Blueprint blueprint, ImmutableArray<TableShape> actual, CancellationToken cancellation)
    {
        var chosen = new List<TableBlueprint>();
        foreach (var table in blueprint.Tables.Where(table => !table.Sample.IsEmpty))
        {
            if (!actual.Any(shape => shape.Name == table.Name) || await WantsSample(connection, table.Name, cancellation))
                chosen.Add(table);
        }

        // A record may not point to one that is not written.
        while (chosen.RemoveAll(table => Targets(table).Any(target => !chosen.Exists(other => other.Name == target))) > 0)
        {
        }

        return chosen.Count == 0 ? null : new InsertSample([.. chosen]);
    }

    private static IEnumerable<string> Targets(TableBlueprint table) =>
        from record in table.Sample
        from value in record.Values
        where value.Json.ValueKind != JsonValueKind.Null
        let field = table.FindField(value.Field)!
        let target = field.Type is ReferenceField ? field.Settings.Target : field.Settings.ChoicesFrom?.From
        where target is not null
        select target;

    private static async Task<bool> WantsSample(NpgsqlConnection connection, string table, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $"""
            SELECT NOT EXISTS (SELECT FROM {SchemaNames.Table(table)})
                   AND NOT EXISTS (SELECT FROM socle_system.tables WHERE relation = $1::regclass AND sampled_at IS NOT NULL)
            """,
            connection)
        {
            Parameters = { new() { Value = SchemaNames.Table(table) } },
        };
        return (bool)(await command.ExecuteScalarAsync(cancellation))!;
    }
}
