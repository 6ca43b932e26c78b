using System.Collections.Immutable;

namespace Socle.Rules;

/// <summary>What the rules say of one record once its values are set.</summary>
/// <param name="set">The rules.</param>
/// <param name="sent">The record as it came.</param>
/// <param name="now">The same with what rules set.</param>
/// <param name="before">As it is stored; null for a new one.</param>
internal sealed class RuleJudgement(RuleSet set, object?[] sent, object?[] now, object?[]? before)
{
    private readonly HashSet<CompiledRule> _active = [.. set.Rules.Where(rule => rule.When.Judge(now) == Truth.Yes)];
    private readonly HashSet<CompiledRule> _wasActive = before is null ? [] : [.. set.Rules.Where(rule => rule.When.Judge(before) == Truth.Yes)];

    public RuleVerdict Give(ImmutableArray<FieldValue> values)
    {
        var required = Names(field => !IsHidden(field) && _active.Any(rule => rule.Require.Contains(field)));
        return new RuleVerdict(
            values,
            Names(IsHidden),
            Names(field => _wasActive.Any(rule => rule.ReadOnly.Contains(field))),
            required,
            [.. set.Fields.Select(FindChoices).OfType<FieldChoices>()],
            [.. set.Rules.SelectMany(Broken)]);
    }

    private ImmutableArray<string> Names(Func<RuleField, bool> choose) => [.. set.Fields.Where(choose).Select(field => field.Name)];

    /// <summary>A field that some rules show is hidden while none of them holds.</summary>
    private bool IsHidden(RuleField field) =>
        _active.Any(rule => rule.Hide.Contains(field))
        || (set.Rules.Any(rule => rule.Show.Contains(field)) && !_active.Any(rule => rule.Show.Contains(field)));

    /// <summary>Where several rules limit a field, the values that all of them allow.</summary>
    private FieldChoices? FindChoices(RuleField field)
    {
        var lists = set.Rules.Where(_active.Contains).SelectMany(rule => rule.Choices).Where(choice => choice.Field == field).ToList();
        if (lists.Count == 0)
            return null;
        var allowed = lists[0].Values.Zip(lists[0].Json).Where(pair => lists.TrueForAll(list => list.Values.Any(value => RuleValue.Compare(value, pair.First) == 0)));
        return new FieldChoices(field.Name, [.. allowed.Select(pair => pair.Second)]);
    }

    private IEnumerable<BrokenRule> Broken(CompiledRule rule)
    {
        if (_active.Contains(rule))
        {
            foreach (var field in rule.Require.Where(field => !IsHidden(field) && RuleValue.IsMissing(now[field.Index])))
                yield return new BrokenRule(rule.Rule.Id, RuleEffect.Require, field.Name);
            foreach (var choice in rule.Choices.Where(choice => !choice.Allow(now[choice.Field.Index])))
                yield return new BrokenRule(rule.Rule.Id, RuleEffect.Choices, choice.Field.Name);
        }

        if (before is null || !_wasActive.Contains(rule))
            yield break;
        // What a rule sets may differ from what is stored; what the caller sends may not.
        foreach (var field in rule.ReadOnly.Where(field => !RuleValue.AreEqual(sent[field.Index], before[field.Index]) && !RuleValue.AreEqual(now[field.Index], before[field.Index])))
            yield return new BrokenRule(rule.Rule.Id, RuleEffect.ReadOnly, field.Name);
    }
}
