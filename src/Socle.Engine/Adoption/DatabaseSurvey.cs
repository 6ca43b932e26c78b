using System.Collections.Immutable;
using Npgsql;
using Socle.Catalog;
using Socle.Kernel;

namespace Socle.Adoption;

/// <summary>What a database holds, and how much of it would be served.</summary>
/// <param name="Version">PostgreSQL's version.</param>
/// <param name="Catalog">What is served.</param>
/// <param name="Rows">Estimates by a table's schema.table; tables about which PostgreSQL knows nothing yet are not there.</param>
/// <param name="LeftOut">What is not served, because the user may not read it.</param>
public sealed record DatabaseSurvey(
    string Database,
    string User,
    string Version,
    CatalogSnapshot Catalog,
    ImmutableDictionary<string, long> Rows,
    ImmutableArray<LeftOut> LeftOut)
{
    /// <summary>Takes a connection, reads and writes nothing. Refuses schemas that are not there or not open to the user.</summary>
    public static async Task<Result<DatabaseSurvey>> Read(NpgsqlConnection connection, SchemaChoice schemas, CancellationToken cancellation)
    {
        var known = await ReadAll(connection, SurveyQueries.Schemas, [], row => row.GetString(0), cancellation);
        var unknown = schemas.Names.Except(known).ToList();
        if (unknown.Count > 0)
            return unknown.Select(name => NoSchema(name, known)).ToList();
        var catalog = await CatalogReader.Read(connection, schemas, 1, cancellation);
        var rows = await ReadAll(connection, SurveyQueries.Rows, [], row => (Name: row.GetString(0), Count: row.GetInt64(1)), cancellation);
        var leftOut = await ReadAll(connection, SurveyQueries.LeftOut, [.. schemas.Names], row => new LeftOut(row.GetString(0), row.GetString(1), row.IsDBNull(2) ? null : row.GetString(2), row.GetBoolean(3)), cancellation);
        var about = await ReadAll(connection, SurveyQueries.About, [], row => (Database: row.GetString(0), User: row.GetString(1), Version: row.GetString(2)), cancellation);
        return new DatabaseSurvey(about[0].Database, about[0].User, about[0].Version, catalog, rows.ToImmutableDictionary(row => row.Name, row => row.Count), [.. leftOut]);
    }

    private static async Task<List<T>> ReadAll<T>(NpgsqlConnection connection, string sql, string[] schemas, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = schemas } } };
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellation))
            rows.Add(read(reader));
        return rows;
    }

    private static Fault NoSchema(string name, IReadOnlyList<string> known)
    {
        var near = Suggestion.Find(name, known);
        var list = string.Join(", ", known);
        return new Fault(
            FaultCode.InvalidConfiguration,
            $"There is no schema '{name}' that this user may look into. " + (near is null ? $"Schemas: {list}." : $"Did you mean '{near}'?"),
            $"Il n'y a pas de schéma « {name} » ouvert à cet utilisateur. " + (near is null ? $"Schémas : {list}." : $"Vouliez-vous dire « {near} » ?"),
            "SCHEMAS");
    }
}

/// <param name="Column">The column that cannot be read; null when it is the whole table.</param>
/// <param name="IsSchemaOpen">Whether the user may look into the schema at all.</param>
public sealed record LeftOut(string Schema, string Table, string? Column, bool IsSchemaOpen);
