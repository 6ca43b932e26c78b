using System.Collections.Immutable;
using Npgsql;
using Socle.Catalog;
using Socle.Postgres;

namespace Socle.Policies;

/// <summary>Takes a connection and the served tables, gives how access to them stands. One round trip.</summary>
internal static class AccessStateReader
{
    private const string Served = "unnest($1, $2) WITH ORDINALITY s (schema, name, position) JOIN pg_namespace n ON n.nspname = s.schema JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = s.name";

    private const string ServedOids = $"(SELECT c.oid FROM {Served})";

    private const string Roles = "SELECT r.name, r.is_admin FROM socle_system.roles r ORDER BY r.name";

    /// <summary>A view reads something hidden when it is neither served nor open to the roles anyway, as PostgreSQL's own catalog is.</summary>
    private const string Relations = $"""
        SELECT s.position::int, c.oid, c.relkind::"char", c.relrowsecurity, pg_has_role(current_user, c.relowner, 'USAGE'),
               EXISTS (SELECT FROM pg_options_to_table(c.reloptions) o WHERE o.option_name = 'security_invoker' AND o.option_value::boolean),
               c.relkind = 'v' AND EXISTS (
                   SELECT FROM pg_rewrite w
                   JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> c.oid
                   JOIN pg_class u ON u.oid = d.refobjid AND u.relkind IN ('r', 'p', 'v', 'm', 'f')
                   WHERE w.ev_class = c.oid AND u.oid NOT IN {ServedOids}
                     AND NOT coalesce(has_any_column_privilege((SELECT g.oid FROM pg_roles g WHERE g.rolname = '{DatabaseRoles.Group}'), u.oid, 'SELECT'), false)),
               t.secured_at IS NOT NULL
        FROM {Served}
        LEFT JOIN socle_system.tables t ON t.relation = c.oid
        ORDER BY s.position
        """;

    private const string Policies = $"""
        SELECT p.id, p.role, t.relation::oid, p.action, p.filter, p.condition, p.fields
        FROM socle_system.policies p
        JOIN socle_system.tables t ON t.id = p.table_id
        WHERE t.relation IN {ServedOids}
        ORDER BY p.role, t.relation, p.action
        """;

    private const string RowPolicies = $"""
        SELECT p.polrelid, p.polname::text, coalesce(obj_description(p.oid, 'pg_policy'), ''), socle_system.policy_state(p.oid)
        FROM pg_policy p
        WHERE p.polrelid IN {ServedOids} AND p.polname ~ '^socle_.+_(read|create|update|delete|all)$'
        """;

    /// <summary>Sequences owned by a column, and those that a column's default speaks of.</summary>
    private const string SequencesOf = $"""
        SELECT d.refobjid AS relation, q.oid
        FROM pg_class q JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = q.oid AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
        WHERE q.relkind = 'S' AND d.refobjid IN {ServedOids}
        UNION
        SELECT a.adrelid, q.oid
        FROM pg_attrdef a
        JOIN pg_depend d ON d.classid = 'pg_attrdef'::regclass AND d.objid = a.oid AND d.refclassid = 'pg_class'::regclass
        JOIN pg_class q ON q.oid = d.refobjid AND q.relkind = 'S'
        WHERE a.adrelid IN {ServedOids}
        """;

    private const string Sequences = $"""
        SELECT q.relation, q.oid, n.nspname::text, c.relname::text
        FROM ({SequencesOf}) q JOIN pg_class c ON c.oid = q.oid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE pg_has_role(current_user, c.relowner, 'USAGE')
        ORDER BY q.relation, q.oid
        """;

    /// <summary>Roles in the group that nobody signs in as are ours, and so is every right that they have on what is served.</summary>
    private const string Grants = $"""
        WITH ours AS (
            SELECT r.oid, r.rolname FROM pg_roles r
            WHERE starts_with(r.rolname, 'socle_') AND NOT r.rolcanlogin
              AND EXISTS (SELECT FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid WHERE m.member = r.oid AND g.rolname = '{DatabaseRoles.Group}')),
        objects AS (SELECT c.oid FROM {Served} UNION SELECT q.oid FROM ({SequencesOf}) q)
        SELECT c.oid, NULL::text, x.privilege_type, r.rolname::text
        FROM objects o JOIN pg_class c ON c.oid = o.oid CROSS JOIN aclexplode(c.relacl) x JOIN ours r ON r.oid = x.grantee
        UNION ALL
        SELECT a.attrelid, a.attname::text, x.privilege_type, r.rolname::text
        FROM objects o JOIN pg_attribute a ON a.attrelid = o.oid AND a.attacl IS NOT NULL AND NOT a.attisdropped CROSS JOIN aclexplode(a.attacl) x JOIN ours r ON r.oid = x.grantee
        """;

    private const string ClosedSchemas = $"""
        SELECT DISTINCT n.nspname::text
        FROM {Served}
        JOIN pg_roles g ON g.rolname = '{DatabaseRoles.Group}'
        WHERE NOT has_schema_privilege(g.oid, n.oid, 'USAGE') AND $2::text[] IS NOT NULL
        """;

    public static async Task<AccessState> Read(NpgsqlConnection connection, CatalogSnapshot snapshot, CancellationToken cancellation)
    {
        var schemas = snapshot.Tables.Select(table => table.Schema).ToArray();
        var names = snapshot.Tables.Select(table => table.Names.Relation).ToArray();
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Roles));
        foreach (var query in new[] { Relations, Policies, RowPolicies, Sequences, Grants, ClosedSchemas })
            batch.BatchCommands.Add(new NpgsqlBatchCommand(query) { Parameters = { new() { Value = schemas }, new() { Value = names } } });
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        return new AccessState(
            await ReadAll(reader, row => new RoleRow(row.GetString(0), row.GetBoolean(1)), cancellation),
            await ReadAll(reader, row => new RelationRow(row.GetInt32(0) - 1, row.GetFieldValue<uint>(1), row.GetChar(2), row.GetBoolean(3), row.GetBoolean(4), row.GetBoolean(5), row.GetBoolean(6), row.GetBoolean(7)), cancellation),
            await ReadAll(reader, ReadPolicy, cancellation),
            await ReadAll(reader, row => new RowPolicy(row.GetFieldValue<uint>(0), row.GetString(1), row.GetString(2), row.GetString(3)), cancellation),
            Sequences: await ReadAll(reader, row => new SequenceRow(row.GetFieldValue<uint>(0), row.GetFieldValue<uint>(1), Sql.Identifier(row.GetString(2), row.GetString(3))), cancellation),
            Grants: [.. await ReadAll(reader, row => new Grant(row.GetFieldValue<uint>(0), row.IsDBNull(1) ? null : row.GetString(1), row.GetString(2), row.GetString(3)), cancellation)],
            ClosedSchemas: await ReadAll(reader, row => row.GetString(0), cancellation));
    }

    private static PolicyRow ReadPolicy(NpgsqlDataReader row) => new(
        row.GetGuid(0),
        row.GetString(1),
        row.GetFieldValue<uint>(2),
        Enum.Parse<PolicyAction>(row.GetString(3), ignoreCase: true),
        row.IsDBNull(4) ? null : row.GetString(4),
        row.IsDBNull(5) ? null : row.GetString(5),
        row.IsDBNull(6) ? null : [.. row.GetFieldValue<string[]>(6)]);

    private static async Task<ImmutableArray<T>> ReadAll<T>(NpgsqlDataReader reader, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
        var rows = ImmutableArray.CreateBuilder<T>();
        while (await reader.ReadAsync(cancellation))
            rows.Add(read(reader));
        await reader.NextResultAsync(cancellation);
        return rows.DrainToImmutable();
    }
}
