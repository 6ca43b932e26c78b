using System.Text.Json;
using System.Text.Json.Nodes;
using Socle.Kernel;

namespace Socle.Blueprints.Live;

/// <summary>Takes a table as it is, gives the JSON by which the API tells of it: a blueprint's keys in camelCase, fields as a list in their order.</summary>
public static class LiveTableJson
{
    /// <param name="table">The table.</param>
    /// <param name="language">Of the reasons.</param>
    public static JsonObject Of(LiveTable table, Language language)
    {
        var json = new JsonObject
        {
            ["name"] = table.Name,
            ["label"] = Label(table.Label),
            ["blueprint"] = table.KeptBy,
            ["isEditable"] = table.WhyNot is null,
            ["reason"] = table.WhyNot?.In(language),
        };
        if (table.Blueprint is not { } described)
            return json;
        json["id"] = described.Id ?? table.Name;
        json["key"] = Words(described.Key);
        json["timestamps"] = described.HasTimestamps;
        json["history"] = described.KeepsHistory;
        json["search"] = described.Search is { } search ? Words(search) : null;
        json["indexes"] = TableKeys.Of(described)["indexes"]?.DeepClone() ?? new JsonArray();
        json["fields"] = new JsonArray([.. described.Fields.Select(field => (JsonNode)Field(described, field))]);
        json["gaps"] = new JsonArray([.. table.Gaps.Select(gap => (JsonNode)new JsonObject { ["field"] = gap.Field, ["reason"] = gap.Reason.In(language) })]);
        return json;
    }

    /// <summary>One field; null where the table has none of that name.</summary>
    public static JsonObject? FindField(LiveTable table, string name) =>
        table.Blueprint?.Fields.FirstOrDefault(field => field.Name == name || ApiNames.ToCamelCase(field.Name) == name) is { } found ? Field(table.Blueprint, found) : null;

    private static JsonObject Field(TableBlueprint table, FieldBlueprint field)
    {
        var json = new JsonObject
        {
            ["name"] = field.Name,
            ["type"] = field.Type.Name,
            ["id"] = field.Id ?? field.Name,
            ["label"] = Label(field.Label),
            ["required"] = field.IsRequired,
            ["unique"] = false,
            ["default"] = null,
            ["index"] = field.IsIndexed ?? DesiredIndexes.IsReferenceWithoutIndex(table, field),
            // Such as created_at: not to be changed or dropped by itself.
            ["isImplicit"] = TableKeys.IsImplicit(table, field),
        };
        foreach (var (key, value) in FieldKeys.Of(field))
        {
            if (key is not ("label" or "index" or "id"))
                json[ApiNames.ToCamelCase(key)] = key == "choices" ? Choices(value!) : value?.DeepClone();
        }

        if (field.Settings.Target is not null)
            json["onDelete"] = FieldKeys.ToSnakeCase(field.OnDelete.ToString());
        return json;
    }

    /// <summary>Each with its texts, so that a reader need not know of the short form.</summary>
    private static JsonNode Choices(JsonNode choices) => choices is JsonArray list
        ? new JsonArray([.. list.Select(choice => choice!.GetValueKind() == JsonValueKind.String ? new JsonObject { ["value"] = choice.DeepClone(), ["fr"] = choice.DeepClone(), ["en"] = choice.DeepClone() } : choice.DeepClone())])
        : choices.DeepClone();

    private static JsonObject? Label(Text? label) => label is { } text ? new JsonObject { ["fr"] = text.French, ["en"] = text.English } : null;

    private static JsonArray Words(IEnumerable<string> words) => new([.. words.Select(word => (JsonNode)word)]);
}
