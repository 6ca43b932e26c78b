using System.Collections.Immutable;
using Npgsql;
using Socle.Kernel;
using Socle.Schema;

namespace Socle.Blueprints;

/// <summary>
/// Takes the roles and policies of a blueprint and those of the database, gives the steps between. What the blueprint made and no
/// longer says goes; what others made of roles and tables that it does not name stays.
/// </summary>
internal static class AccessPlan
{
    private const string Roles = "SELECT name, label_en, label_fr, default_actions, may_undo, blueprint FROM socle_system.roles";

    /// <summary>A table that is not admitted yet will get default policies, which the blueprint's replace.</summary>
    private const string Rules = """
        SELECT c.relname::text, t.key, t.secured_at IS NOT NULL, p.role, p.action, p.filter, p.fields, p.blueprint
        FROM socle_system.tables t
        JOIN pg_class c ON c.oid = t.relation AND c.relnamespace = 'public'::regnamespace
        LEFT JOIN socle_system.policies p ON p.table_id = t.id
        ORDER BY c.relname, p.role, array_position('{read,create,update,delete}', p.action)
        """;

    private sealed record RuleRow(string Table, string? Key, bool IsAdmitted, string? Role, StoredRule? Rule);

    public static async Task<ImmutableArray<SchemaStep>> Plan(NpgsqlConnection connection, Blueprint blueprint, CancellationToken cancellation)
    {
        var roles = await ReadRoles(connection, cancellation);
        var rows = (await ReadRules(connection, cancellation)).ConvertAll(row => row with { Table = NewName(blueprint, row) });
        var declared = blueprint.Tables.Select(table => table.Name).Concat(blueprint.Adopted.Select(table => table.Name)).ToHashSet();
        var rules = rows.Where(row => row.Role is not null).ToLookup(row => (Role: row.Role!, row.Table), row => row.Rule!);
        var admitted = rows.Where(row => row.IsAdmitted).Select(row => row.Table).ToHashSet();
        var named = blueprint.Policies.Select(policy => (policy.Role, policy.Table)).ToHashSet();
        var goneRoles = roles.Values.Where(role => role.Blueprint == blueprint.Name && blueprint.Roles.All(other => other.Name != role.Name)).ToList();
        return
        [
            .. from role in blueprint.Roles
               let before = roles.GetValueOrDefault(role.Name)
               let wanted = Wanted(role, blueprint, before)
               where wanted != before
               select new SetRole(wanted, before),
            .. from policy in blueprint.Policies
               let before = rules[(policy.Role, policy.Table)].ToImmutableArray()
               let wanted = policy.Rules.Select(rule => new StoredRule(rule.Action.ToString().ToLowerInvariant(), rule.Filter, rule.Fields, blueprint.Name)).ToImmutableArray()
               where !admitted.Contains(policy.Table) || !wanted.SequenceEqual(before)
               select new SetPolicies(policy.Role, policy.Table, wanted, before),
            .. from pair in rules
               where declared.Contains(pair.Key.Table) && !named.Contains(pair.Key) && pair.Any(rule => rule.Blueprint == blueprint.Name) && goneRoles.TrueForAll(role => role.Name != pair.Key.Role)
               select new SetPolicies(pair.Key.Role, pair.Key.Table, [], [.. pair]),
            .. goneRoles.Select(role => new RemoveRole(role)),
        ];
    }

    /// <summary>What a table is called when the plan is done: its id outlives its name.</summary>
    private static string NewName(Blueprint blueprint, RuleRow row) =>
        blueprint.Tables.FirstOrDefault(table => table.Id is not null && table.Id == row.Key)?.Name ?? row.Table;

    /// <summary>A built-in role stays one, whoever describes it.</summary>
    private static StoredRole Wanted(RoleBlueprint role, Blueprint blueprint, StoredRole? before) => new(
        role.Name,
        role.Label ?? before?.Label ?? new Text(role.Name, role.Name),
        [.. role.DefaultActions.Select(action => action.ToString().ToLowerInvariant())],
        role.MayUndo,
        blueprint.Name);

    private static async Task<Dictionary<string, StoredRole>> ReadRoles(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Roles, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var roles = new Dictionary<string, StoredRole>();
        while (await reader.ReadAsync(cancellation))
        {
            roles.Add(reader.GetString(0), new StoredRole(
                reader.GetString(0),
                new Text(reader.GetString(1), reader.GetString(2)),
                [.. reader.GetFieldValue<string[]>(3)],
                reader.GetBoolean(4),
                reader.IsDBNull(5) ? null : reader.GetString(5)));
        }

        return roles;
    }

    private static async Task<List<RuleRow>> ReadRules(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Rules, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var rows = new List<RuleRow>();
        while (await reader.ReadAsync(cancellation))
        {
            var role = reader.IsDBNull(3) ? null : reader.GetString(3);
            var rule = role is null ? null : new StoredRule(
                reader.GetString(4),
                reader.IsDBNull(5) ? null : reader.GetString(5),
                reader.IsDBNull(6) ? null : [.. reader.GetFieldValue<string[]>(6)],
                reader.IsDBNull(7) ? null : reader.GetString(7));
            rows.Add(new RuleRow(reader.GetString(0), reader.IsDBNull(1) ? null : reader.GetString(1), reader.GetBoolean(2), role, rule));
        }

        return rows;
    }
}
