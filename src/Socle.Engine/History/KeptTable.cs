using System.Collections.Immutable;
using Npgsql;
using Socle.Catalog;
using Socle.Postgres;

namespace Socle.History;

/// <summary>A table as the history sees it: what it is called now, and what its records are put back into.</summary>
/// <param name="Id">Its own id, which outlives a rename.</param>
/// <param name="IsKept">Whether its changes are kept now.</param>
/// <param name="IsRenamed">Whether older entries call some columns by other names.</param>
/// <param name="Key">The columns of its primary key, in order; empty when it has none any more.</param>
/// <param name="References">Foreign keys that lead to it.</param>
internal sealed record KeptTable(
    Guid Id,
    string Schema,
    string Name,
    bool IsKept,
    bool IsRenamed,
    ImmutableArray<KeptColumn> Columns,
    ImmutableArray<KeptColumn> Key,
    ImmutableArray<InboundReference> References)
{
    public string Sql { get; } = Postgres.Sql.Identifier(Schema, Name);

    private const string Query = """
        SELECT t.id, n.nspname::text, c.relname::text, t.has_history,
               EXISTS (SELECT FROM socle_system.history_renames r WHERE r.table_id = t.id),
               coalesce(socle_system.key_columns(c.oid), '{}')
        FROM socle_system.tables t
        JOIN pg_class c ON c.oid = t.relation
        JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE t.id = ANY ($1)
        ORDER BY t.id
        """;

    private const string ColumnQuery = """
        SELECT t.id, a.attname::text, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attgenerated <> '', a.attidentity = 'a',
               CASE WHEN a.attgenerated <> '' THEN NULL
                    WHEN a.attidentity <> '' THEN format('nextval(%L::regclass)', pg_get_serial_sequence(a.attrelid::regclass::text, a.attname))
                    ELSE pg_get_expr(d.adbin, d.adrelid) END
        FROM socle_system.tables t
        JOIN pg_attribute a ON a.attrelid = t.relation AND a.attnum > 0 AND NOT a.attisdropped AND NOT starts_with(a.attname, 'socle_aside_')
        LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE t.id = ANY ($1)
        ORDER BY t.id, a.attnum
        """;

    private const string ReferenceQuery = """
        SELECT t.id, n.nspname::text, c.relname::text, k.conrelid = k.confrelid,
               ARRAY(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY u (attnum, position)
                     JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.attnum ORDER BY u.position),
               ARRAY(SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY u (attnum, position)
                     JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.attnum ORDER BY u.position)
        FROM socle_system.tables t
        JOIN pg_constraint k ON k.confrelid = t.relation AND k.contype = 'f' AND k.conparentid = 0
        JOIN pg_class c ON c.oid = k.conrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE t.id = ANY ($1)
        """;

    /// <summary>The table of that name, or null when nothing was ever said of it.</summary>
    public static async Task<KeptTable?> Find(NpgsqlConnection connection, string schema, string name, CancellationToken cancellation)
    {
        var ids = await connection.Query(
            "SELECT t.id FROM socle_system.tables t WHERE t.relation = to_regclass($1)",
            row => row.GetGuid(0),
            cancellation,
            Postgres.Sql.Identifier(schema, name));
        return ids.Count == 0 ? null : (await Read(connection, ids, cancellation)).FirstOrDefault();
    }

    /// <summary>The ids of those of the tables of which anything was ever said.</summary>
    public static async Task<Guid[]> FindIds(NpgsqlConnection connection, IEnumerable<TableSnapshot> tables, CancellationToken cancellation) =>
        [.. await connection.Query(
            "SELECT t.id FROM socle_system.tables t WHERE t.relation = ANY (ARRAY(SELECT to_regclass(n) FROM unnest($1::text[]) n))",
            row => row.GetGuid(0),
            cancellation,
            (object)tables.Select(table => table.SqlName).ToArray())];

    /// <summary>Those of the tables that are still there.</summary>
    public static async Task<List<KeptTable>> Read(NpgsqlConnection connection, IEnumerable<Guid> ids, CancellationToken cancellation)
    {
        Guid[] wanted = [.. ids];
        var columns = (await connection.Query(ColumnQuery, ReadColumn, cancellation, wanted)).ToLookup(item => item.Table, item => item.Column);
        var references = (await connection.Query(ReferenceQuery, ReadReference, cancellation, wanted)).ToLookup(item => item.Table, item => item.Reference);
        return await connection.Query(
            Query,
            row =>
            {
                var id = row.GetGuid(0);
                var own = columns[id].ToImmutableArray();
                return new KeptTable(
                    id,
                    row.GetString(1),
                    row.GetString(2),
                    row.GetBoolean(3),
                    row.GetBoolean(4),
                    own,
                    [.. row.GetFieldValue<string[]>(5).Select(name => own.First(column => column.Name == name))],
                    [.. references[id]]);
            },
            cancellation,
            wanted);
    }

    private static (Guid Table, KeptColumn Column) ReadColumn(NpgsqlDataReader row) =>
        (row.GetGuid(0), new(row.GetString(1), row.GetString(2), row.GetBoolean(3), row.GetBoolean(4), row.GetBoolean(5), row.IsDBNull(6) ? null : row.GetString(6)));

    private static (Guid Table, InboundReference Reference) ReadReference(NpgsqlDataReader row) =>
        (row.GetGuid(0), new(row.GetString(1), row.GetString(2), row.GetBoolean(3), [.. row.GetFieldValue<string[]>(4)], [.. row.GetFieldValue<string[]>(5)]));
}

/// <param name="Type">As SQL text.</param>
/// <param name="IsGenerated">PostgreSQL computes it.</param>
/// <param name="IsAlwaysIdentity">GENERATED ALWAYS AS IDENTITY: given once, never changed.</param>
/// <param name="Default">As SQL text, or null.</param>
internal sealed record KeptColumn(string Name, string Type, bool IsRequired, bool IsGenerated, bool IsAlwaysIdentity, string? Default);

/// <param name="IsOwn">The table refers to itself.</param>
internal sealed record InboundReference(string Schema, string Table, bool IsOwn, ImmutableArray<string> Columns, ImmutableArray<string> Targets);
