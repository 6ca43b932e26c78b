using Socle.Rules;

namespace Socle.Blueprints;

/// <summary>Every key that a blueprint may hold, by where it stands. blueprints/schema.json says the same; a test compares them.</summary>
public static class BlueprintKeys
{
    public static IReadOnlyList<string> Document { get; } = ["blueprint", "label", "tables", "adopted", "settings", "roles", "policies", "dashboards"];

    public static IReadOnlyList<string> Table { get; } = ["id", "label", "fields", "key", "timestamps", "history", "search", "indexes", "views", "rules", "records", "sample"];

    public static IReadOnlyList<string> Field { get; } =
        ["type", "id", "label", "required", "unique", "default", "index", "to", "on_delete", "choices", "precision", "scale", "currency", "max", "format", "gapless", "time_zone", "formula",
         "accept", "max_size", "through", "field", "function", "where"];

    public static IReadOnlyList<string> View { get; } = ["label", "kind", "query", "settings"];

    public static IReadOnlyList<string> Dashboard { get; } = ["label", "widgets"];

    public static IReadOnlyList<string> Widget { get; } = ["label", "kind", "table", "query"];

    public static IReadOnlyList<string> AdoptedTable { get; } = ["label", "fields"];

    public static IReadOnlyList<string> AdoptedField { get; } = ["type", "label", "to"];

    public static IReadOnlyList<string> Role { get; } = ["label", "default", "undo"];

    public static IReadOnlyList<string> Policy { get; } = ["read", "create", "update", "delete"];

    public static IReadOnlyList<string> Rule { get; } = ["filter", "fields"];

    public static IReadOnlyList<string> TableRule { get; } = RuleJson.Keys;

    public static IReadOnlyList<string> Index { get; } = ["fields", "unique"];

    public static IReadOnlyList<string> Settings { get; } = [.. SettingDefaults.Numbers.Keys, SettingDefaults.TimeZone];

    public static IReadOnlyList<string> Label { get; } = ["fr", "en"];

    public static IReadOnlyList<string> Choice { get; } = ["value", "fr", "en"];

    public static IReadOnlyList<string> ChoiceSource { get; } = ["from", "value", "label", "where", "order"];
}
