using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using Socle.Kernel;

namespace Socle.Blueprints.Live;

/// <summary>
/// Takes the tables as they are, gives them as the text of a blueprint: applied to an empty database it makes the same tables, and
/// to this one it changes none. What the format has no words for is told in comments.
/// </summary>
internal static class LiveBlueprint
{
    private static readonly string[] Lists = ["indexes", "rules"];

    public static string Write(string name, ImmutableArray<LiveTable> tables, LiveAccess access, LiveViews views, Language language)
    {
        var yaml = new StringBuilder();
        yaml.Append("# ").Append(new Text("The tables as they are, made by hand and by blueprints alike.", "Les tables telles qu'elles sont, faites à la main comme par des blueprints.").In(language)).Append('\n');
        yaml.Append("blueprint: ").Append(name).Append("\n\ntables:\n");
        foreach (var table in tables)
        {
            if (table.Blueprint is { } described)
                Write(yaml, table, described, views.Of(table.Name), language);
            else
                Comment(yaml, "  ", table.Name, table.WhyNot ?? default, language);
        }

        access.Write(yaml, tables);
        WriteGroup(yaml, "", "dashboards", views.AllDashboards);
        return yaml.ToString();
    }

    private static void Write(StringBuilder yaml, LiveTable table, TableBlueprint described, JsonObject? views, Language language)
    {
        yaml.Append("  ").Append(YamlText.Key(table.Name)).Append(":\n");
        foreach (var gap in table.Gaps)
            Comment(yaml, "    ", gap.Field ?? table.Name, gap.Reason, language);
        foreach (var (key, value) in TableKeys.Of(described))
        {
            yaml.Append("    ").Append(key).Append(':');
            if (key == "fields")
                WriteFields(yaml, value!.AsObject());
            else if (Lists.Contains(key))
                WriteList(yaml, value!.AsArray());
            else
                yaml.Append(' ').Append(YamlText.Value(value)).Append('\n');
        }

        WriteGroup(yaml, "    ", "views", views ?? []);
        yaml.Append('\n');
    }

    private static void WriteGroup(StringBuilder yaml, string indent, string key, JsonObject members)
    {
        if (members.Count == 0)
            return;
        yaml.Append(indent).Append(key).Append(":\n");
        foreach (var (name, value) in members)
            yaml.Append(indent).Append("  ").Append(YamlText.Key(name)).Append(": ").Append(YamlText.Value(value)).Append('\n');
    }

    private static void WriteFields(StringBuilder yaml, JsonObject fields)
    {
        yaml.Append('\n');
        foreach (var (name, keys) in fields)
            yaml.Append("      ").Append(YamlText.Key(name)).Append(": ").Append(keys is JsonObject { Count: 1 } ? YamlText.Value(keys["type"]) : YamlText.Value(keys)).Append('\n');
    }

    private static void WriteList(StringBuilder yaml, JsonArray items)
    {
        yaml.Append('\n');
        foreach (var item in items)
            yaml.Append("      - ").Append(YamlText.Value(item)).Append('\n');
    }

    private static void Comment(StringBuilder yaml, string indent, string name, Text reason, Language language) =>
        yaml.Append(indent).Append("# ").Append(YamlText.Comment(name)).Append(new Text(": ", " : ").In(language)).Append(reason.In(language).ReplaceLineEndings(" ")).Append('\n');
}
