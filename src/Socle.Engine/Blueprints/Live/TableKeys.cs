using System.Text.Json.Nodes;
using Socle.Kernel;
using Socle.Rules;

namespace Socle.Blueprints.Live;

/// <summary>Takes a table, gives the keys by which a blueprint says it: <see cref="TableReader"/> reads them back as the same table.</summary>
internal static class TableKeys
{
    public static JsonObject Of(TableBlueprint table)
    {
        var keys = new JsonObject();
        if (table.Id is not null)
            keys["id"] = table.Id;
        if (table.Label is { } label)
            keys["label"] = Label(label);
        if (!HasUsualKey(table))
            keys["key"] = Words(table.Key);
        if (!table.HasTimestamps)
            keys["timestamps"] = false;
        if (!table.KeepsHistory)
            keys["history"] = false;
        if (table.Search is { } search)
            keys["search"] = Words(search);
        keys["fields"] = new JsonObject(OwnFields(table).Select(field => KeyValuePair.Create(field.Name, (JsonNode?)FieldKeys.Of(field))));
        if (!table.Indexes.IsEmpty)
            keys["indexes"] = new JsonArray([.. table.Indexes.Select(Index)]);
        if (!table.Rules.IsEmpty)
            keys["rules"] = new JsonArray([.. table.Rules.Select(rule => JsonNode.Parse(RuleJson.Write(rule)))]);
        return keys;
    }

    /// <summary>Those that stand under <c>fields</c>: not those that every table has.</summary>
    public static IEnumerable<FieldBlueprint> OwnFields(TableBlueprint table) => table.Fields.Where(field => !IsImplicit(table, field));

    public static bool IsImplicit(TableBlueprint table, FieldBlueprint field) =>
        (field.Name == "id" && HasUsualKey(table)) || (table.HasTimestamps && TableReader.Timestamps.Any(other => other.Name == field.Name));

    public static JsonNode Label(Text label) =>
        label.English == label.French ? label.English : new JsonObject { ["fr"] = label.French, ["en"] = label.English };

    private static bool HasUsualKey(TableBlueprint table) => table.Key is ["id"] && table.FindField("id") is { } id && TableReader.IsImplicit(id);

    private static JsonArray Words(IEnumerable<string> words) => new([.. words.Select(word => (JsonNode)word)]);

    private static JsonNode Index(IndexBlueprint index)
    {
        var terms = Words(index.Terms.Select(term => term.IsDescending ? $"{term.Field} desc" : term.Field));
        return index.IsUnique ? new JsonObject { ["fields"] = terms, ["unique"] = true } : terms;
    }
}
