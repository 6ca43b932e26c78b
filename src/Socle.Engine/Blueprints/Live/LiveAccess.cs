using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using Npgsql;
using Socle.Kernel;

namespace Socle.Blueprints.Live;

/// <summary>Roles that somebody made, and the policies that differ from what a role may do by default, in a blueprint's words.</summary>
internal sealed class LiveAccess
{
    private const string Roles = "SELECT name, label_fr, label_en, default_actions, may_undo, is_built_in FROM socle_system.roles WHERE NOT is_admin ORDER BY created_at, name";

    private const string Policies = """
        SELECT p.role, c.relname::text, p.action, p.filter, p.fields
        FROM socle_system.policies p
        JOIN socle_system.tables t ON t.id = p.table_id
        JOIN pg_class c ON c.oid = t.relation AND c.relnamespace = 'public'::regnamespace
        ORDER BY p.role, c.relname, array_position('{read,create,update,delete}', p.action)
        """;

    private const string Admitted = """
        SELECT c.relname::text FROM socle_system.tables t JOIN pg_class c ON c.oid = t.relation AND c.relnamespace = 'public'::regnamespace
        WHERE t.secured_at IS NOT NULL
        """;

    private sealed record Role(string Name, Text Label, string[] Defaults, bool MayUndo, bool IsBuiltIn);

    private sealed record Rule(string Role, string Table, string Action, string? Filter, string[]? Fields);

    private readonly List<Role> _roles;
    private readonly ILookup<(string, string), Rule> _rules;
    private readonly HashSet<string> _admitted;

    private LiveAccess(List<Role> roles, IEnumerable<Rule> rules, HashSet<string> admitted)
    {
        _roles = roles;
        _rules = rules.ToLookup(rule => (rule.Role, rule.Table));
        _admitted = admitted;
    }

    public static async Task<LiveAccess> Read(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var roles = await ReadAll(connection, Roles, row => new Role(row.GetString(0), new Text(row.GetString(2), row.GetString(1)), row.GetFieldValue<string[]>(3), row.GetBoolean(4), row.GetBoolean(5)), cancellation);
        var rules = await ReadAll(connection, Policies, row => new Rule(row.GetString(0), row.GetString(1), row.GetString(2), row.IsDBNull(3) ? null : row.GetString(3), row.IsDBNull(4) ? null : row.GetFieldValue<string[]>(4)), cancellation);
        return new LiveAccess(roles, rules, [.. await ReadAll(connection, Admitted, row => row.GetString(0), cancellation)]);
    }

    public void Write(StringBuilder yaml, ImmutableArray<LiveTable> tables)
    {
        var made = _roles.Where(role => !role.IsBuiltIn).ToList();
        if (made.Count > 0)
            yaml.Append("roles:\n");
        foreach (var role in made)
        {
            var keys = new JsonObject { ["label"] = TableKeys.Label(role.Label), ["default"] = Words(role.Defaults) };
            if (role.MayUndo)
                keys["undo"] = true;
            yaml.Append("  ").Append(YamlText.Key(role.Name)).Append(": ").Append(YamlText.Value(keys)).Append('\n');
        }

        var policies = from role in _roles
                       from table in tables
                       where table.Blueprint is not null && _admitted.Contains(table.Name) && !IsUsual(role, table.Name)
                       group table.Name by role;
        var isFirst = true;
        foreach (var group in policies)
        {
            yaml.Append(isFirst ? "\npolicies:\n" : "").Append("  ").Append(YamlText.Key(group.Key.Name)).Append(":\n");
            isFirst = false;
            foreach (var table in group)
                yaml.Append("    ").Append(YamlText.Key(table)).Append(": ").Append(YamlText.Value(new JsonObject(_rules[(group.Key.Name, table)].Select(rule => KeyValuePair.Create(rule.Action, (JsonNode?)Keys(rule)))))).Append('\n');
        }
    }

    /// <summary>What a new table gives the role.</summary>
    private bool IsUsual(Role role, string table)
    {
        var rules = _rules[(role.Name, table)].ToList();
        return rules.TrueForAll(rule => rule is { Filter: null, Fields: null }) && rules.Select(rule => rule.Action).Order(StringComparer.Ordinal).SequenceEqual(role.Defaults.Order(StringComparer.Ordinal));
    }

    private static JsonNode Keys(Rule rule)
    {
        if (rule is { Filter: null, Fields: null })
            return true;
        var keys = new JsonObject();
        if (rule.Filter is not null)
            keys["filter"] = rule.Filter;
        if (rule.Fields is not null)
            keys["fields"] = Words(rule.Fields);
        return keys;
    }

    private static JsonArray Words(IEnumerable<string> words) => new([.. words.Select(word => (JsonNode)word)]);

    private static async Task<List<T>> ReadAll<T>(NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellation))
            rows.Add(read(reader));
        return rows;
    }
}
