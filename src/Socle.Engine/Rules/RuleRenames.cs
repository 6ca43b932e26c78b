using System.Collections.Immutable;
using Socle.Grammar;

namespace Socle.Rules;

/// <summary>Rules under other names of their fields, and in one form whatever blanks and escapes somebody wrote.</summary>
public static class RuleRenames
{
    /// <param name="rule">Under the old names.</param>
    /// <param name="names">New names by old ones; what is not there stays.</param>
    public static Rule Rename(this Rule rule, IReadOnlyDictionary<string, string> names)
    {
        if (names.All(pair => pair.Key == pair.Value))
            return rule;
        string New(string name) => names.GetValueOrDefault(name, name);
        return rule with
        {
            When = Rename(rule.When, New),
            Require = [.. rule.Require.Select(New)],
            Hide = [.. rule.Hide.Select(New)],
            Show = [.. rule.Show.Select(New)],
            ReadOnly = [.. rule.ReadOnly.Select(New)],
            Choices = [.. rule.Choices.Select(choice => choice with { Field = New(choice.Field) })],
            Set = [.. rule.Set.Select(value => value with { Field = New(value.Field) })],
        };
    }

    /// <summary>With its condition as the grammar writes it.</summary>
    public static Rule Normal(this Rule rule) => rule with { When = Rename(rule.When, name => name) };

    private static string Rename(string when, Func<string, string> name) =>
        when.Length > 0 && QueryReader.ReadConditions(when) is { IsFault: false, Value: var conditions }
            ? QueryWriter.WriteConditions([.. conditions.Select(condition => Rename(condition, name))])
            : when;

    private static Condition Rename(Condition condition, Func<string, string> name) => condition switch
    {
        Comparison comparison => comparison with { Field = comparison.Field with { Name = name(comparison.Field.Name) } },
        ConditionGroup group => group with { Conditions = [.. group.Conditions.Select(part => Rename(part, name))] },
        _ => condition,
    };
}
