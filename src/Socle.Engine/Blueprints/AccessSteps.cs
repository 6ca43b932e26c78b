using System.Collections.Immutable;
using Socle.Kernel;
using Socle.Schema;

namespace Socle.Blueprints;

/// <summary>A role as socle_system.roles has it.</summary>
/// <param name="Blueprint">Which blueprint made it; null when none did.</param>
public sealed record StoredRole(string Name, Text Label, ImmutableArray<string> DefaultActions, bool MayUndo, string? Blueprint)
{
    public bool Equals(StoredRole? other) =>
        other is not null && Name == other.Name && Label == other.Label && MayUndo == other.MayUndo && Blueprint == other.Blueprint && DefaultActions.SequenceEqual(other.DefaultActions);

    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);
}

/// <summary>A policy as socle_system.policies has it.</summary>
public sealed record StoredRule(string Action, string? Filter, ImmutableArray<string>? Fields, string? Blueprint)
{
    public bool Equals(StoredRule? other) =>
        other is not null && Action == other.Action && Filter == other.Filter && Blueprint == other.Blueprint && Fields is null == other.Fields is null && (Fields ?? []).SequenceEqual(other.Fields ?? []);

    public override int GetHashCode() => Action.GetHashCode(StringComparison.Ordinal);
}

/// <summary>Makes a role, or what is said of it.</summary>
/// <param name="Before">What it is until now; null when there is none.</param>
public sealed record SetRole(StoredRole Role, StoredRole? Before) : SchemaStep
{
    public override string? Table => null;

    public override StepOrder Order => StepOrder.Access;

    public override TableLock Lock => TableLock.None;

    public override Text Words => Before is null
        ? new($"add the role {Role.Name}", $"ajouter le rôle {Role.Name}")
        : new($"change the role {Role.Name}", $"modifier le rôle {Role.Name}");

    public override string Sql => Write(Role);

    public override string Down => Before is null ? RemoveRole.Delete(Role.Name) : Write(Before);

    /// <summary>A new role gets what it gets by default on the tables that are there already.</summary>
    internal static string Write(StoredRole role) =>
        $"""
        INSERT INTO socle_system.roles (name, label_en, label_fr, may_undo, default_actions, blueprint)
        VALUES ({AccessText.Constant(role.Name)}, {AccessText.Constant(role.Label.English)}, {AccessText.Constant(role.Label.French)}, {(role.MayUndo ? "true" : "false")}, {AccessText.Array(role.DefaultActions)}, {AccessText.Constant(role.Blueprint)})
        ON CONFLICT (name) DO UPDATE SET label_en = excluded.label_en, label_fr = excluded.label_fr, may_undo = excluded.may_undo, default_actions = excluded.default_actions, blueprint = excluded.blueprint;
        SELECT socle_system.admit_role({AccessText.Constant(role.Name)})
        """;
}

/// <summary>Removes a role that the blueprint made and no longer names.</summary>
public sealed record RemoveRole(StoredRole Role) : SchemaStep
{
    public override string? Table => null;

    public override StepOrder Order => StepOrder.Access;

    public override TableLock Lock => TableLock.None;

    public override Text Words => new($"remove the role {Role.Name}", $"retirer le rôle {Role.Name}");

    public override string Sql => Delete(Role.Name);

    public override string Down => SetRole.Write(Role);

    internal static string Delete(string role) => $"DELETE FROM socle_system.roles WHERE name = {AccessText.Constant(role)} AND NOT is_built_in";
}

/// <summary>Says all that a role may do to a table.</summary>
/// <param name="Before">What it may until now.</param>
public sealed record SetPolicies(string Role, string TableName, ImmutableArray<StoredRule> Rules, ImmutableArray<StoredRule> Before) : SchemaStep
{
    public override string? Table => TableName;

    public override StepOrder Order => StepOrder.Access;

    public override TableLock Lock => TableLock.None;

    public override Text Words => Rules.IsEmpty
        ? new($"let the role {Role} do nothing to {TableName}", $"ne rien permettre au rôle {Role} sur {TableName}")
        : new(
            $"let the role {Role} do this to {TableName}: {string.Join(", ", Rules.Select(rule => rule.Action + Which(rule, "where", "only")))}",
            $"permettre au rôle {Role} sur {TableName} : {string.Join(", ", Rules.Select(rule => rule.Action + Which(rule, "où", "seulement")))}");

    public override string Sql => Write(Rules);

    public override string Down => Write(Before);

    private static string Which(StoredRule rule, string where, string only) =>
        (rule.Fields is { } fields ? $" ({only} {string.Join(", ", fields)})" : "") + (rule.Filter is { } filter ? $" ({where} {filter})" : "");

    /// <summary>Conditions are compiled when the tables are as they shall be; until then they let nothing through.</summary>
    private string Write(ImmutableArray<StoredRule> rules)
    {
        var relation = SchemaNames.Relation(TableName);
        var sql = $"""
            SELECT socle_system.admit_tables(ARRAY[{relation}]);
            DELETE FROM socle_system.policies p USING socle_system.tables t WHERE t.id = p.table_id AND t.relation = {relation} AND p.role = {AccessText.Constant(Role)}
            """;
        return rules.IsEmpty ? sql : $"""
            {sql};
            INSERT INTO socle_system.policies (role, table_id, action, filter, condition, fields, blueprint)
            SELECT {AccessText.Constant(Role)}, t.id, v.action, v.filter, CASE WHEN v.filter IS NOT NULL THEN 'false' END, v.fields, v.blueprint
            FROM socle_system.tables t, (VALUES
                {string.Join(",\n    ", rules.Select(rule => $"({AccessText.Constant(rule.Action)}, {AccessText.Constant(rule.Filter)}::text, {(rule.Fields is { } fields ? AccessText.Array(fields) : "NULL::text[]")}, {AccessText.Constant(rule.Blueprint)}::text)"))}
            ) AS v (action, filter, fields, blueprint)
            WHERE t.relation = {relation}
            """;
    }
}

/// <summary>Constants of the steps.</summary>
internal static class AccessText
{
    public static string Constant(string? text) => text is null ? "NULL" : Postgres.Sql.Literal(text);

    public static string Array(IEnumerable<string> words) => $"{Constant(Postgres.Sql.ArrayText(words))}::text[]";
}
