using System.Text.Json;
using System.Text.Json.Nodes;
using Socle.Rules;
using Socle.Tests.Blueprints;

namespace Socle.Tests.Rules;

/// <summary>The server's evaluator says what the vectors say.</summary>
public sealed class VectorTests
{
    public static TheoryData<string> Names => [.. All.Select(table => table.Name)];

    private static IEnumerable<VectorTable> All => VectorTable.Read(Repository.Read("tests/vectors/rules.json"));

    [Theory]
    [MemberData(nameof(Names))]
    public void The_server_says_what_the_vectors_say(string name)
    {
        var table = All.First(table => table.Name == name);
        var set = table.Set;
        foreach (var one in table.Cases)
        {
            var told = VectorCase.Tell(set.Judge(Values(set, one.Record), one.Before is { } before ? Values(set, before) : []));
            Assert.True(JsonNode.DeepEquals(one.Verdict, told), $"{one.Record}\nexpected {one.Verdict.ToJsonString()}\ntold     {told.ToJsonString()}");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_rule_survives_being_written_and_read(string name) => Assert.All(
        All.First(table => table.Name == name).Rules,
        rule => Assert.Equal(rule, RuleJson.Read(JsonDocument.Parse(RuleJson.Write(rule)).RootElement).Value));

    private static object?[] Values(RuleSet set, JsonElement record) => set.Read(name => record.TryGetProperty(name, out var value) ? value : null);
}
