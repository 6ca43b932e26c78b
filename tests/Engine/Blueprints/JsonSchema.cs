using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Socle.Tests.Blueprints;

/// <summary>As much of JSON Schema 2020-12 as blueprints/schema.json uses. A keyword it does not know fails the test.</summary>
internal static class JsonSchema
{
    private static readonly string[] Notes = ["$schema", "$defs", "title", "description"];

    public static IEnumerable<string> Faults(JsonNode schema, JsonNode? value) => Faults(schema, schema, value, "");

    private static List<string> Faults(JsonNode root, JsonNode schema, JsonNode? value, string path) =>
        [.. schema.AsObject().Where(keyword => !Notes.Contains(keyword.Key)).SelectMany(keyword => Check(root, schema, keyword.Key, keyword.Value!, value, path))];

    private static IEnumerable<string> Check(JsonNode root, JsonNode schema, string keyword, JsonNode argument, JsonNode? value, string path) => keyword switch
    {
        "$ref" => Faults(root, root["$defs"]![argument.GetValue<string>()["#/$defs/".Length..]]!, value, path),
        "anyOf" => argument.AsArray().Any(option => Faults(root, option!, value, path).Count == 0) ? [] : [$"{path}: anyOf"],
        "not" => Faults(root, argument, value, path).Count > 0 ? [] : [$"{path}: not"],
        "properties" => Members(value).Where(member => argument[member.Key] is not null).SelectMany(member => Faults(root, argument[member.Key]!, member.Value, $"{path}/{member.Key}")),
        "additionalProperties" when argument is JsonValue => Extra(schema, value).Select(member => $"{path}: {member.Key}"),
        "additionalProperties" => Extra(schema, value).SelectMany(member => Faults(root, argument, member.Value, $"{path}/{member.Key}")),
        "propertyNames" => Members(value).SelectMany(member => Faults(root, argument, JsonValue.Create(member.Key), $"{path}/{member.Key}")),
        "items" => (value as JsonArray ?? []).SelectMany((item, i) => Faults(root, argument, item, $"{path}/{i}")),
        _ => Holds(keyword, argument, value) ? [] : [$"{path}: {keyword}"],
    };

    private static bool Holds(string keyword, JsonNode argument, JsonNode? value) => keyword switch
    {
        "type" => argument is JsonArray types ? types.Any(type => IsOf(type!.GetValue<string>(), value)) : IsOf(argument.GetValue<string>(), value),
        "enum" => argument.AsArray().Any(item => JsonNode.DeepEquals(item, value)),
        "required" => value is not JsonObject map || argument.AsArray().All(key => map.ContainsKey(key!.GetValue<string>())),
        "minProperties" => value is not JsonObject map || map.Count >= argument.GetValue<int>(),
        "minItems" => value is not JsonArray list || list.Count >= argument.GetValue<int>(),
        "maxItems" => value is not JsonArray list || list.Count <= argument.GetValue<int>(),
        "uniqueItems" => value is not JsonArray list || list.Select(item => item?.ToJsonString()).Distinct().Count() == list.Count,
        "pattern" => !IsOf("string", value) || Regex.IsMatch(value!.GetValue<string>(), argument.GetValue<string>()),
        "maxLength" => !IsOf("string", value) || value!.GetValue<string>().Length <= argument.GetValue<int>(),
        "minimum" => !IsOf("number", value) || value!.GetValue<decimal>() >= argument.GetValue<decimal>(),
        "maximum" => !IsOf("number", value) || value!.GetValue<decimal>() <= argument.GetValue<decimal>(),
        _ => throw new NotSupportedException(keyword),
    };

    private static bool IsOf(string type, JsonNode? value) => (type, value?.GetValueKind() ?? JsonValueKind.Null) switch
    {
        ("object", JsonValueKind.Object) or ("array", JsonValueKind.Array) or ("string", JsonValueKind.String) or ("number", JsonValueKind.Number) => true,
        ("boolean", JsonValueKind.True or JsonValueKind.False) => true,
        ("integer", JsonValueKind.Number) => value!.GetValue<decimal>() % 1 == 0,
        _ => false,
    };

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Members(JsonNode? value) => value as JsonObject ?? [];

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Extra(JsonNode schema, JsonNode? value) =>
        Members(value).Where(member => schema["properties"]?[member.Key] is null);
}
