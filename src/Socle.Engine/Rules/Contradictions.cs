using System.Collections.Immutable;
using Socle.Kernel;

namespace Socle.Rules;

/// <summary>
/// Finds rules that no record can satisfy together, each with a record for which both hold: two values for one field, a field that is
/// required and hidden, one that is set to what it may not be or emptied while required, lists of choices with nothing in common.
/// </summary>
internal sealed class Contradictions
{
    private readonly RuleSet _set;
    private readonly List<Fault> _faults = [];

    private Contradictions(RuleSet set) => _set = set;

    public static ImmutableArray<Fault> Find(RuleSet set)
    {
        var found = new Contradictions(set);
        foreach (var one in set.Rules)
        {
            foreach (var other in set.Rules)
                found.Check(one, other);
        }

        return [.. found._faults];
    }

    private void Check(CompiledRule one, CompiledRule other)
    {
        foreach (var field in one.Require)
        {
            if (other.Hide.Contains(field))
                Note(one, other, [], new($"'{field.Name}' is required and hidden", $"« {field.Name} » est obligatoire et masqué"));
            if (other.Show.Contains(field) && other == _set.Rules.First(rule => rule.Show.Contains(field)))
                Note(one, other, _set.Rules.Where(rule => rule.Show.Contains(field)), new($"'{field.Name}' is required where it is not shown", $"« {field.Name} » est obligatoire là où il n'est pas affiché"));
            if (other.Set.FirstOrDefault(value => value.Field == field) is { } emptied && RuleValue.IsMissing(emptied.Value))
                Note(one, other, [], new($"'{field.Name}' is required and emptied", $"« {field.Name} » est obligatoire et vidé"));
        }

        foreach (var value in one.Set)
        {
            if (_set.Rules.IndexOf(one) < _set.Rules.IndexOf(other) && other.Set.FirstOrDefault(set => set.Field == value.Field) is { } second && !RuleValue.AreEqual(value.Value, second.Value))
                Note(one, other, [], new($"'{value.Field.Name}' is set to two values", $"« {value.Field.Name} » reçoit deux valeurs"));
            if (other.Choices.FirstOrDefault(choices => choices.Field == value.Field) is { } limits && !limits.Allow(value.Value))
                Note(one, other, [], new($"'{value.Field.Name}' is set to a value that it may not have", $"« {value.Field.Name} » reçoit une valeur qu'il ne peut pas avoir"));
        }

        if (_set.Rules.IndexOf(one) < _set.Rules.IndexOf(other))
            CheckChoices(one, other);
    }

    private void CheckChoices(CompiledRule one, CompiledRule other)
    {
        foreach (var choices in one.Choices.Where(choices => choices.Field.Kind != RuleKind.Tags))
        {
            var field = choices.Field;
            if (other.Choices.FirstOrDefault(second => second.Field == field) is not { } second || choices.Values.Any(second.Allow))
                continue;
            var what = new Text($"'{field.Name}' must have a value, and the two lists have none in common", $"« {field.Name} » doit avoir une valeur, et les deux listes n'en ont aucune en commun");
            if (field.IsRequired)
            {
                Note(one, other, [], what);
                continue;
            }

            foreach (var third in _set.Rules.Where(rule => rule.Require.Contains(field)))
                Note(one, other, [], what, third);
        }
    }

    /// <param name="one">Holds.</param>
    /// <param name="other">Holds too, unless it stands among those that do not.</param>
    /// <param name="idle">Rules that do not hold.</param>
    /// <param name="what">What they do to each other.</param>
    /// <param name="third">Holds too.</param>
    private void Note(CompiledRule one, CompiledRule other, IEnumerable<CompiledRule> idle, Text what, CompiledRule? third = null)
    {
        var resting = idle.ToList();
        var active = new[] { one, resting.Contains(other) ? null : other, third }.OfType<CompiledRule>().Distinct().Select(rule => (RuleCondition)rule.When);
        var search = new WitnessSearch(_set.Fields, [.. active], [.. resting.Select(rule => (RuleCondition)rule.When)]);
        if (search.Find() is { } record)
            _faults.Add(RuleFaults.Contradiction(one.Rule.Id, other.Rule.Id, what, record));
        else if (search.IsExhausted)
            _faults.Add(RuleFaults.Undecided(one.Rule.Id, other.Rule.Id));
    }
}
