using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Socle.Rules;

namespace Socle.Tests.Rules;

/// <summary>The vectors that browser, server and database are held against: tests/vectors/rules.json.</summary>
public sealed record VectorTable(string Name, ImmutableArray<(string Name, string Kind)> Fields, ImmutableArray<Rule> Rules, ImmutableArray<VectorCase> Cases)
{
    public static ImmutableArray<VectorTable> Read(string json) => [.. JsonNode.Parse(json)!.AsArray().Select(table => Read(table!))];

    /// <summary>A kind's column as PostgreSQL prints it.</summary>
    public static string TypeOf(string kind) => kind switch
    {
        "text" or "boolean" or "date" or "uuid" => kind,
        "integer" => "bigint",
        "number" => "numeric",
        "moment" => "timestamp with time zone",
        "tags" => "text[]",
        "json" => "jsonb",
        "list" => "uuid[]",
        "other" => "interval",
        _ => $"numeric(20,{kind[7..^1]})",
    };

    public RuleSet Set => Right(RuleSet.Compile(Fields.Select(one => RuleField.Of(one.Name, TypeOf(one.Kind), isRequired: false, isComputed: false, null)), Rules));

    private static RuleSet Right(Socle.Kernel.Result<RuleSet> set)
    {
        Assert.True(!set.IsFault, string.Join('\n', set.Faults.Select(fault => fault.Message.English)));
        return set.Value;
    }

    private static VectorTable Read(JsonNode table) => new(
        (string)table["name"]!,
        [.. table["fields"]!.AsObject().Select(field => (field.Key, (string)field.Value!))],
        [.. table["rules"]!.AsArray().Select(rule => RuleJson.Read(JsonSerializer.SerializeToElement(rule)).Value)],
        [.. table["cases"]!.AsArray().Select(one => new VectorCase(JsonSerializer.SerializeToElement(one!["record"]), one["before"] is { } before ? JsonSerializer.SerializeToElement(before) : null, one["verdict"]!))]);
}

public sealed record VectorCase(JsonElement Record, JsonElement? Before, JsonNode Verdict)
{
    /// <summary>A verdict as the vectors have it.</summary>
    public static JsonObject Tell(RuleVerdict verdict) => new()
    {
        ["set"] = new JsonObject(verdict.Set.Select(set => KeyValuePair.Create(set.Field, JsonNode.Parse(set.Value.GetRawText())))),
        ["hidden"] = Names(verdict.Hidden),
        ["readOnly"] = Names(verdict.ReadOnly),
        ["required"] = Names(verdict.Required),
        ["choices"] = new JsonObject(verdict.Choices.Select(choices => KeyValuePair.Create(choices.Field, (JsonNode?)new JsonArray([.. choices.Values.Select(value => JsonNode.Parse(value.GetRawText()))])))),
        ["broken"] = new JsonArray([.. verdict.Broken.Select(item => (JsonNode)new JsonObject { ["rule"] = item.Rule, ["effect"] = BrokenRule.WordOf(item.Effect), ["field"] = item.Field })]),
    };

    private static JsonArray Names(ImmutableArray<string> names) => new([.. names.Select(name => (JsonNode)name)]);
}
