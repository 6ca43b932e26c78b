using System.Collections.Immutable;
using Npgsql;
using Socle.Kernel;
using Socle.Schema;

namespace Socle.Blueprints.Live;

/// <summary>
/// Takes a connection, gives the tables of the served schema as blueprints: what was made by hand, by a blueprint or in psql alike.
/// Refuses none: what the format has no words for is given with the reason.
/// </summary>
public static class LiveTables
{
    private const string Savepoint = "socle_live";

    /// <summary>Tables that an extension made, and the parts of a partitioned table, are nobody's to change.</summary>
    private const string Relations = """
        SELECT c.relname::text, c.relkind::"char", m.label_en, m.label_fr
        FROM pg_class c
        LEFT JOIN socle_system.tables m ON m.relation = c.oid
        WHERE c.relnamespace = $1::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
          AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
        ORDER BY c.relname
        """;

    private sealed record Relation(string Name, char Kind, Text? Label);

    /// <summary>Those that the format has words for.</summary>
    public static async Task<ImmutableArray<TableBlueprint>> Read(NpgsqlConnection connection, CancellationToken cancellation) =>
        [.. (await List(connection, cancellation)).Select(table => table.Blueprint).OfType<TableBlueprint>()];

    /// <summary>All of them, by name.</summary>
    public static async Task<ImmutableArray<LiveTable>> List(NpgsqlDataSource dataSource, CancellationToken cancellation)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        return await List(connection, cancellation);
    }

    /// <param name="connection">In a transaction.</param>
    /// <param name="cancellation">Ends the reading.</param>
    internal static async Task<ImmutableArray<LiveTable>> List(NpgsqlConnection connection, CancellationToken cancellation)
    {
        // Expressions are then printed with every name's schema, as the difference reads them too.
        await Execute(connection, $"SAVEPOINT {Savepoint}; SET LOCAL search_path = pg_catalog, pg_temp", cancellation);
        var relations = await ReadRelations(connection, cancellation);
        var shapes = (await ActualSchema.Read(connection, SchemaNames.Served, relations.Select(relation => relation.Name), cancellation)).ToDictionary(shape => shape.Name);
        await Execute(connection, $"ROLLBACK TO SAVEPOINT {Savepoint}; RELEASE SAVEPOINT {Savepoint}", cancellation);
        return [.. relations.Select(relation => Describe(relation, shapes.GetValueOrDefault(relation.Name)))];
    }

    private static LiveTable Describe(Relation relation, TableShape? shape)
    {
        if (WhyNot(relation) is { } reason || shape is null)
            return new LiveTable(relation.Name, null, WhyNot(relation), []) { Label = relation.Label };
        var (blueprint, gaps, whyNot) = LiveTableReader.Read(shape, relation.Label);
        return new LiveTable(relation.Name, blueprint, whyNot, gaps) { Label = relation.Label, KeptBy = shape.Metadata?.Blueprint, Shape = shape };
    }

    private static Text? WhyNot(Relation relation) => relation.Kind switch
    {
        'v' or 'm' => new("A view is served, and changed where it was made.", "Une vue est servie, et se modifie là où elle a été faite."),
        'f' => new("A foreign table lies in another database.", "Une table étrangère se trouve dans une autre base."),
        'p' => new("A partitioned table is changed where it was made.", "Une table partitionnée se modifie là où elle a été faite."),
        _ => BlueprintNames.FindTableFault(relation.Name),
    };

    private static async Task<List<Relation>> ReadRelations(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Relations, connection) { Parameters = { new() { Value = SchemaNames.Served } } };
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var relations = new List<Relation>();
        while (await reader.ReadAsync(cancellation))
        {
            var (english, french) = (reader.IsDBNull(2) ? null : reader.GetString(2), reader.IsDBNull(3) ? null : reader.GetString(3));
            relations.Add(new Relation(reader.GetString(0), reader.GetChar(1), new Label(english, french).ToText()));
        }

        return relations;
    }

    private static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
