using System.Collections.Frozen;
using System.Collections.Immutable;
using Npgsql;
using Socle.Kernel;

namespace Socle.Catalog;

/// <summary>Roles and policies as Socle's own tables have them.</summary>
internal static class AccessReader
{
    private const string HasPolicies = "SELECT to_regclass('socle_system.policies') IS NOT NULL";

    private const string Roles = "SELECT name, label_en, label_fr, is_admin, may_undo, default_actions FROM socle_system.roles";

    private const string Policies = """
        SELECT p.role, n.nspname::text, c.relname::text, p.action, p.condition, p.fields
        FROM socle_system.policies p
        JOIN socle_system.tables t ON t.id = p.table_id
        JOIN pg_class c ON c.oid = t.relation
        JOIN pg_namespace n ON n.oid = c.relnamespace
        """;

    /// <summary>Views and policies depend on the functions that they call; what functions call stands in their bodies only.</summary>
    private const string AsksWhoElsewhere = """
        SELECT EXISTS (
            SELECT FROM pg_depend d JOIN pg_proc f ON d.refclassid = 'pg_proc'::regclass AND f.oid = d.refobjid
            WHERE f.pronamespace = 'socle_system'::regnamespace AND starts_with(f.proname, 'caller_')
              AND NOT EXISTS (SELECT FROM pg_policy p WHERE d.classid = 'pg_policy'::regclass AND p.oid = d.objid AND starts_with(p.polname, 'socle_')))
          OR EXISTS (
            SELECT FROM pg_proc f JOIN pg_namespace n ON n.oid = f.pronamespace
            WHERE n.nspname !~ '^(pg_|information_schema$|socle_)' AND f.prosrc ~ 'socle_system\.caller_|socle\.user_id')
        """;

    /// <summary>Where a newer version of the system schema still has to be applied there are only the built-in roles.</summary>
    public static async Task<AccessRules> Read(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using (var command = new NpgsqlCommand(HasPolicies, connection))
        {
            if (!(bool)(await command.ExecuteScalarAsync(cancellation))!)
                return AccessRules.BuiltIn;
        }

        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { new(Roles), new(Policies), new(AsksWhoElsewhere) } };
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var roles = new List<RoleSnapshot>();
        while (await reader.ReadAsync(cancellation))
            roles.Add(new(reader.GetString(0), new Text(reader.GetString(1), reader.GetString(2)), reader.GetBoolean(3), reader.GetBoolean(4), [.. reader.GetFieldValue<string[]>(5).Select(ReadAction)]));
        await reader.NextResultAsync(cancellation);
        var policies = new List<Policy>();
        while (await reader.ReadAsync(cancellation))
            policies.Add(ReadPolicy(reader));
        await reader.NextResultAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return new AccessRules(roles, policies, asksWhoElsewhere: reader.GetBoolean(0));
    }

    private static Policy ReadPolicy(NpgsqlDataReader row) => new(
        row.GetString(0),
        TableName.Qualify(row.GetString(1), row.GetString(2)),
        ReadAction(row.GetString(3)),
        row.IsDBNull(4) ? null : row.GetString(4),
        row.IsDBNull(5) ? null : row.GetFieldValue<string[]>(5).ToFrozenSet());

    private static PolicyAction ReadAction(string text) => Enum.Parse<PolicyAction>(text, ignoreCase: true);
}
