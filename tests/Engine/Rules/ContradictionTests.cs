using System.Text.Json;
using Socle.Kernel;
using Socle.Rules;

namespace Socle.Tests.Rules;

/// <summary>Rules that no record can satisfy together are refused with a record that shows it; those that never meet are not.</summary>
public sealed class ContradictionTests
{
    private static readonly RuleField[] Fields =
    [
        RuleField.Of("status", "text", isRequired: true, isComputed: false, ["draft", "late", "paid"]),
        RuleField.Of("reason", "text", isRequired: false, isComputed: false, null),
        RuleField.Of("level", "text", isRequired: false, isComputed: false, null),
        RuleField.Of("amount", "numeric(12,2)", isRequired: false, isComputed: false, null),
        RuleField.Of("total", "bigint", isRequired: false, isComputed: false, null),
        RuleField.Of("is_open", "boolean", isRequired: true, isComputed: false, null),
        RuleField.Of("due_on", "date", isRequired: false, isComputed: false, null),
        RuleField.Of("tags", "text[]", isRequired: false, isComputed: false, null),
        RuleField.Of("made_at", "timestamp with time zone", isRequired: true, isComputed: true, null),
        RuleField.Of("span", "interval", isRequired: false, isComputed: false, null),
    ];

    [Theory]
    [InlineData("""{"id":"a","when":"status=eq.late","set":{"level":"x"}}""", """{"id":"b","when":"amount=gt.5","set":{"level":"y"}}""", "'level' is set to two values", """{"status":"late","amount":5.01}""")]
    [InlineData("""{"id":"a","when":"total=gte.5","set":{"level":"x"}}""", """{"id":"b","when":"total=lte.5","set":{"level":"y"}}""", "'level' is set to two values", """{"total":5}""")]
    [InlineData("""{"id":"a","when":"amount=gt.5","set":{"level":"x"}}""", """{"id":"b","when":"amount=lt.5.02","set":{"level":"y"}}""", "'level' is set to two values", """{"amount":5.01}""")]
    [InlineData("""{"id":"a","require":["reason"]}""", """{"id":"b","when":"due_on=gt.2026-12-31","hide":["reason"]}""", "'reason' is required and hidden", """{"due_on":"2027-01-01"}""")]
    [InlineData("""{"id":"a","when":"status=eq.late","require":["reason"]}""", """{"id":"b","when":"is_open=is.true","show":["reason"]}""", "'reason' is required where it is not shown", """{"status":"late","is_open":false}""")]
    [InlineData("""{"id":"a","when":"status=eq.late","set":{"level":"z"}}""", """{"id":"b","when":"status=neq.draft","choices":{"level":["x","y"]}}""", "'level' is set to a value that it may not have", """{"status":"late"}""")]
    [InlineData("""{"id":"a","when":"tags=cs.{p}","set":{"level":null}}""", """{"id":"b","when":"tags=ov.{q}","require":["level"]}""", "'level' is required and emptied", """{"tags":[""")]
    [InlineData("""{"id":"a","when":"reason=like.a%25","choices":{"level":["x"]},"require":["level"]}""", """{"id":"b","when":"reason=like.%25b","choices":{"level":["y"]}}""", "the two lists have none in common", """{"reason":"ab"}""")]
    [InlineData("""{"id":"a","choices":{"status":["draft"]}}""", """{"id":"b","when":"total=is.null","choices":{"status":["paid"]}}""", "the two lists have none in common", """{"total":null}""")]
    public void Rules_that_contradict_each_other_are_refused_with_an_example(string one, string other, string reason, string example)
    {
        var set = Compile(one, other);
        Assert.True(set.IsFault, "Nothing was refused.");
        var fault = set.Faults[0];
        Assert.Equal(FaultCode.Conflict, fault.Code);
        Assert.Contains(reason, fault.Message.English, StringComparison.Ordinal);
        Assert.Contains("'a'", fault.Message.English, StringComparison.Ordinal);
        Assert.Contains("'b'", fault.Message.English, StringComparison.Ordinal);
        Assert.Contains(example, fault.Message.English, StringComparison.Ordinal);
        Assert.Contains(example, fault.Message.French, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"id":"a","when":"status=eq.late","set":{"level":"x"}}""", """{"id":"b","when":"status=eq.paid","set":{"level":"y"}}""")]
    [InlineData("""{"id":"a","when":"status=eq.late","set":{"level":"x"}}""", """{"id":"b","when":"amount=gt.5","set":{"level":"x"}}""")]
    [InlineData("""{"id":"a","when":"total=gt.5","require":["reason"]}""", """{"id":"b","when":"total=lt.6","hide":["reason"]}""")]
    [InlineData("""{"id":"a","when":"status=in.(late,paid)","require":["reason"]}""", """{"id":"b","when":"status=eq.draft","hide":["reason"]}""")]
    [InlineData("""{"id":"a","when":"is_open=is.true","require":["reason"]}""", """{"id":"b","when":"is_open=not.is.true","hide":["reason"]}""")]
    [InlineData("""{"id":"a","when":"status=eq.late","show":["reason"],"require":["reason"]}""", """{"id":"b","when":"status=eq.paid","show":["reason"]}""")]
    [InlineData("""{"id":"a","when":"due_on=is.null","set":{"level":"x"}}""", """{"id":"b","when":"due_on=neq.2026-01-01","set":{"level":"y"}}""")]
    [InlineData("""{"id":"a","when":"level=eq.x","set":{"reason":"r"}}""", """{"id":"b","when":"status=eq.late","set":{"level":"x"}}""")]
    public void Rules_that_never_meet_are_taken(string one, string other) => Assert.False(Compile(one, other) is { IsFault: true } refused ? throw new InvalidOperationException(refused.Faults[0].Message.English) : false);

    [Fact]
    public void Rules_that_feed_each_other_in_a_circle_are_refused_with_the_way()
    {
        var set = Compile("""{"id":"a","when":"level=eq.x","set":{"reason":"r"}}""", """{"id":"b","when":"reason=eq.r","set":{"total":1}}""", """{"id":"c","when":"total=eq.1","set":{"level":"x"}}""");
        Assert.Contains("a → b → c → a", Assert.Single(set.Faults).Message.English.Replace("b → c → a → b", "a → b → c → a", StringComparison.Ordinal).Replace("c → a → b → c", "a → b → c → a", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_decided_is_refused_rather_than_guessed()
    {
        var names = Enumerable.Range(0, 12).Select(i => $"n{i}").ToList();
        var conditions = string.Join('&', names.Select(name => $"{name}=not.in.({string.Join(',', Enumerable.Range(0, 20).Select(i => i * 3))})"));
        var fields = names.Select(name => RuleField.Of(name, "bigint", isRequired: false, isComputed: false, null)).Append(Fields[1]).ToList();
        var tangled = $"or=({string.Join(',', names.Zip(names.Skip(1)).Select(pair => $"and({pair.First}.eq.1,{pair.Second}.eq.2,{pair.First}.eq.2)"))})";
        var set = RuleSet.Compile(fields, [Rule($$"""{"id":"a","when":"{{conditions}}&{{tangled}}","require":["reason"]}"""), Rule("""{"id":"b","hide":["reason"]}""")]);
        Assert.Contains("more than can be worked out", Assert.Single(set.Faults).Message.English, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"id":"a","when":"made_at=gt.2026-01-01","require":["reason"]}""", "filled in by the database")]
    [InlineData("""{"id":"a","set":{"made_at":"2026-01-01"}}""", "filled in by the database")]
    [InlineData("""{"id":"a","when":"span=eq.P1D","require":["reason"]}""", "Use is.null")]
    [InlineData("""{"id":"a","read_only":["span"]}""", "do not compare")]
    [InlineData("""{"id":"a","set":{"span":"P1D"}}""", "do not compare")]
    [InlineData("""{"id":"a","when":"status=eq.late","set":{"status":"lost"}}""", "never has the value")]
    [InlineData("""{"id":"a","choices":{"status":["lost"]}}""", "never has the value")]
    [InlineData("""{"id":"a","set":{"is_open":null}}""", "must always have a value")]
    [InlineData("""{"id":"a","when":"reason=like.a\\","require":["level"]}""", "lone backslash")]
    [InlineData("""{"id":"a","when":"amount->>x=eq.1","require":["level"]}""", "does not look inside")]
    [InlineData("""{"id":"a","when":"clients.name=eq.1","require":["level"]}""", "embedded")]
    [InlineData("""{"id":"a","when":"total=eq.99999999999999999999","require":["level"]}""", "whole number")]
    [InlineData("""{"id":"a","when":"tags=eq.{a}","require":["level"]}""", "Use cs, cd, ov, is.null")]
    public void Rules_that_cannot_be_judged_alike_everywhere_are_refused(string rule, string reason) =>
        Assert.Contains(reason, Assert.Single(Compile(rule).Faults).Message.English, StringComparison.Ordinal);

    private static Result<RuleSet> Compile(params string[] rules) => RuleSet.Compile(Fields, rules.Select(Rule));

    private static Rule Rule(string json)
    {
        var rule = RuleJson.Read(JsonDocument.Parse(json).RootElement);
        Assert.False(rule.IsFault, rule.IsFault ? rule.Faults[0].Message.English : "");
        return rule.Value;
    }
}
