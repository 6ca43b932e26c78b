using System.Collections.Immutable;
using System.Text.Json;
using Socle.Kernel;

namespace Socle.Rules;

/// <summary>
/// A conditional rule of one table, as somebody wrote it: when a record meets a condition, then fields are required, hidden, shown,
/// read-only, limited to some values, or set. The same text is judged by the database, the API and the browser.
/// </summary>
/// <param name="Id">Its name within the table.</param>
/// <param name="When">Conditions in the query grammar over the record itself; empty for always.</param>
/// <param name="Require">Fields that need a value.</param>
/// <param name="Hide">Fields that are not shown.</param>
/// <param name="Show">Fields that are shown only then.</param>
/// <param name="ReadOnly">Fields that keep their stored value while the stored record meets the condition.</param>
/// <param name="Choices">Fields with the only values that they may have.</param>
/// <param name="Set">Fields with the value that they get.</param>
/// <param name="Message">What people read when they break it; null for words that are made of the rule.</param>
/// <param name="KeepsExisting">Whether records that are stored already may break it until they are next written.</param>
public sealed record Rule(
    string Id,
    string When,
    ImmutableArray<string> Require,
    ImmutableArray<string> Hide,
    ImmutableArray<string> Show,
    ImmutableArray<string> ReadOnly,
    ImmutableArray<FieldChoices> Choices,
    ImmutableArray<FieldValue> Set,
    Text? Message,
    bool KeepsExisting)
{
    /// <summary>The fields that its effects name.</summary>
    public IEnumerable<string> Affected => [.. Require, .. Hide, .. Show, .. ReadOnly, .. Choices.Select(choice => choice.Field), .. Set.Select(value => value.Field)];

    /// <summary>What it says, in the one form in which two rules can be compared.</summary>
    public bool Equals(Rule? other) => other is not null && RuleJson.Write(this.Normal()) == RuleJson.Write(other.Normal());

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Id);
}

/// <param name="Values">JSON values of the field.</param>
public sealed record FieldChoices(string Field, ImmutableArray<JsonElement> Values);

/// <param name="Value">A JSON value of the field, null among them.</param>
public sealed record FieldValue(string Field, JsonElement Value);

/// <summary>A rule as the database keeps it.</summary>
/// <param name="Blueprint">The blueprint that asked for it; null where somebody made it by hand.</param>
public sealed record KeptRule(Rule Rule, string? Blueprint);

/// <summary>What a record can break a rule by.</summary>
public enum RuleEffect
{
    Require,
    Choices,
    ReadOnly,
}

/// <summary>One way in which a record breaks a rule.</summary>
public sealed record BrokenRule(string Rule, RuleEffect Effect, string Field)
{
    public static string WordOf(RuleEffect effect) => effect switch
    {
        RuleEffect.Require => "require",
        RuleEffect.Choices => "choices",
        _ => "read_only",
    };
}

/// <summary>What the rules of a table say of one record.</summary>
/// <param name="Set">The fields that get a value, which the record has from then on.</param>
/// <param name="Hidden">In the order of the fields, as are the next two.</param>
/// <param name="Choices">The only values that fields may have.</param>
/// <param name="Broken">In the order of the rules.</param>
public sealed record RuleVerdict(
    ImmutableArray<FieldValue> Set,
    ImmutableArray<string> Hidden,
    ImmutableArray<string> ReadOnly,
    ImmutableArray<string> Required,
    ImmutableArray<FieldChoices> Choices,
    ImmutableArray<BrokenRule> Broken);
