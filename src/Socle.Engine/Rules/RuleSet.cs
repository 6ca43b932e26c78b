using System.Collections.Immutable;
using System.Text.Json;
using Socle.Kernel;

namespace Socle.Rules;

/// <summary>
/// The rules of one table, resolved and free of contradictions. Takes a record, and the stored one where it is a change, and judges it
/// as the database does: values are set first, the rules then look at what the record has become.
/// </summary>
public sealed class RuleSet
{
    private RuleSet(ImmutableArray<RuleField> fields, ImmutableArray<CompiledRule> rules, ImmutableArray<CompiledRule> setters)
    {
        Fields = fields;
        Rules = rules;
        Setters = setters;
    }

    public static RuleSet None { get; } = new([], [], []);

    public ImmutableArray<RuleField> Fields { get; }

    /// <summary>In their own order.</summary>
    public ImmutableArray<CompiledRule> Rules { get; }

    /// <summary>Those that set values, each after all that set what its condition looks at.</summary>
    internal ImmutableArray<CompiledRule> Setters { get; }

    public CompiledRule? Find(string id) => Rules.FirstOrDefault(rule => rule.Rule.Id == id);

    public RuleField? FindField(string name) => Fields.FirstOrDefault(field => field.Name == name);

    /// <summary>Refuses what does not fit the fields, rules that contradict each other, and circles; every fault at once.</summary>
    public static Result<RuleSet> Compile(IEnumerable<RuleField> fields, IEnumerable<Rule> rules)
    {
        var set = Resolve(fields, rules);
        return set.IsFault ? set : Contradictions.Find(set.Value) is { IsEmpty: false } contradictions ? contradictions : set;
    }

    /// <summary>The same of rules that were compiled before, and so do not contradict each other.</summary>
    public static Result<RuleSet> Resolve(IEnumerable<RuleField> fields, IEnumerable<Rule> rules)
    {
        ImmutableArray<RuleField> placed = [.. fields.Select((field, i) => field with { Index = i })];
        var faults = new List<Fault>();
        var compiled = ImmutableArray.CreateBuilder<CompiledRule>();
        foreach (var rule in rules)
        {
            if (compiled.Any(other => other.Rule.Id == rule.Id))
                faults.Add(RuleFaults.Twice(rule.Id));
            var result = RuleCompiler.Compile(placed, rule);
            if (result.IsFault)
                faults.AddRange(result.Faults);
            else
                compiled.Add(result.Value);
        }

        if (faults.Count > 0)
            return faults;
        var ordered = RuleOrder.Of(compiled.ToImmutable());
        if (ordered.IsFault)
            return ordered.Faults;
        return new RuleSet(placed, compiled.ToImmutable(), ordered.Value);
    }

    /// <summary>Those of the rules that speak of nothing else than these fields.</summary>
    public RuleSet About(IEnumerable<string> names)
    {
        var known = names.ToHashSet();
        bool IsAbout(CompiledRule rule) => rule.Uses.All(field => known.Contains(field.Name));
        return Rules.All(IsAbout) ? this : new RuleSet(Fields, [.. Rules.Where(IsAbout)], [.. Setters.Where(IsAbout)]);
    }

    /// <summary>The values of a record, by the fields' places.</summary>
    public object?[] Read(Func<string, JsonElement?> find) => [.. Fields.Select(field => find(field.Name) is { } value ? RuleValue.Read(field, value) : null)];

    /// <param name="record">As it would be written.</param>
    /// <param name="before">As it is stored; null for a new one.</param>
    public RuleVerdict Judge(ReadOnlySpan<object?> record, ReadOnlySpan<object?> before)
    {
        var sent = record.ToArray();
        var now = record.ToArray();
        var set = new SortedDictionary<int, FieldValue>();
        foreach (var rule in Setters)
        {
            if (rule.When.Judge(now) != Truth.Yes)
                continue;
            foreach (var (field, value, json) in rule.Set)
            {
                now[field.Index] = value;
                set[field.Index] = new FieldValue(field.Name, json);
            }
        }

        return new RuleJudgement(this, sent, now, before.IsEmpty ? null : before.ToArray()).Give([.. set.Values]);
    }
}

/// <summary>A rule with its names and values resolved.</summary>
public sealed record CompiledRule(
    Rule Rule,
    RuleGroup When,
    ImmutableArray<RuleField> Require,
    ImmutableArray<RuleField> Hide,
    ImmutableArray<RuleField> Show,
    ImmutableArray<RuleField> ReadOnly,
    ImmutableArray<CompiledChoices> Choices,
    ImmutableArray<CompiledValue> Set)
{
    /// <summary>The fields that its condition looks at.</summary>
    public IEnumerable<RuleField> Reads => When.Tests.Select(test => test.Field).Distinct();

    /// <summary>Every field that it speaks of.</summary>
    public IEnumerable<RuleField> Uses => Reads.Concat(Require).Concat(Hide).Concat(Show).Concat(ReadOnly).Concat(Choices.Select(choice => choice.Field)).Concat(Set.Select(value => value.Field)).Distinct();

    public bool Equals(CompiledRule? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Rule.Id);
}

/// <param name="Values">Of a list of words, the words that may be in it.</param>
/// <param name="Json">The same as they were written.</param>
public sealed record CompiledChoices(RuleField Field, ImmutableArray<object> Values, ImmutableArray<JsonElement> Json)
{
    public bool Allow(object? value) => value switch
    {
        null => true,
        ImmutableArray<string?> words => words.All(word => word is not null && Values.Contains(word)),
        _ => Values.Any(choice => RuleValue.Compare(choice, value) == 0),
    };
}

/// <param name="Json">The value as it was written.</param>
public sealed record CompiledValue(RuleField Field, object? Value, JsonElement Json);
