using Npgsql;
using Socle.FieldTypes;
using Socle.Rules;

namespace Socle.Catalog;

/// <summary>The conditional rules as Socle's own tables have them, by their table's oid.</summary>
public static class RuleRows
{
    private const string HasRules = "SELECT to_regclass('socle_system.rules') IS NOT NULL";

    private const string Query = """
        SELECT t.relation::oid, r.definition::text, r.blueprint, n.names::text
        FROM socle_system.tables t
        CROSS JOIN LATERAL (SELECT socle_system.rule_names(t.id) AS names WHERE EXISTS (SELECT FROM socle_system.rule_triggers g WHERE g.table_id = t.id)) n
        JOIN socle_system.rules r ON r.table_id = t.id
        ORDER BY t.relation::oid, r.position
        """;

    /// <summary>Where a newer version of the system schema still has to be applied there are none.</summary>
    internal static async Task<ILookup<uint, KeptRule>> Read(NpgsqlConnection connection, bool hasSystemSchema, CancellationToken cancellation)
    {
        var rows = new List<(uint Table, KeptRule Rule)>();
        if (hasSystemSchema && await IsThere(connection, cancellation))
        {
            await using var command = new NpgsqlCommand(Query, connection);
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
                rows.Add((reader.GetFieldValue<uint>(0), KeptRules.Read(reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetString(2), reader.GetString(3))));
        }

        return rows.ToLookup(row => row.Table, row => row.Rule);
    }

    /// <summary>The rules over the fields as they are served. The database holds them whatever became of the fields.</summary>
    internal static RuleSet Compile(IEnumerable<FieldSnapshot> fields, IEnumerable<KeptRule> rules)
    {
        var kept = rules.ToList();
        if (kept.Count == 0)
            return RuleSet.None;
        var set = RuleSet.Resolve(fields.Select(FieldOf), kept.Select(rule => rule.Rule));
        return set.IsFault ? RuleSet.None : set.Value;
    }

    /// <summary>A field as rules see it.</summary>
    public static RuleField FieldOf(FieldSnapshot field) => RuleField.Of(
        field.Name,
        field.ColumnType.SqlName,
        field.IsRequired,
        field.IsReadOnly,
        field.Type is ChoiceField ? field.Settings.Choices?.Select(choice => choice.Value) : null);

    private static async Task<bool> IsThere(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(HasRules, connection);
        return (bool)(await command.ExecuteScalarAsync(cancellation))!;
    }
}
