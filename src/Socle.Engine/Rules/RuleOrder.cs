using System.Collections.Immutable;
using Socle.Kernel;

namespace Socle.Rules;

/// <summary>Puts the rules that set values in an order in which no condition looks at what is set later. Refuses circles.</summary>
internal static class RuleOrder
{
    public static Result<ImmutableArray<CompiledRule>> Of(ImmutableArray<CompiledRule> rules)
    {
        var setters = rules.Where(rule => !rule.Set.IsEmpty).ToList();
        var ordered = ImmutableArray.CreateBuilder<CompiledRule>();
        while (setters.Count > 0)
        {
            var next = setters.Find(rule => !setters.Exists(other => Feeds(other, rule)));
            if (next is null)
                return RuleFaults.Circle(Circle(setters));
            setters.Remove(next);
            ordered.Add(next);
        }

        return ordered.ToImmutable();
    }

    private static bool Feeds(CompiledRule from, CompiledRule to) => to.Reads.Any(field => from.Set.Any(value => value.Field == field));

    /// <summary>Going back from any of them, each to one that feeds it, comes to a circle.</summary>
    private static List<string> Circle(List<CompiledRule> setters)
    {
        var way = new List<CompiledRule>();
        var at = setters[0];
        while (!way.Contains(at))
        {
            way.Add(at);
            at = setters.Find(other => Feeds(other, at))!;
        }

        var circle = way.Skip(way.IndexOf(at)).Append(at).Select(rule => rule.Rule.Id).ToList();
        circle.Reverse();
        return circle;
    }
}
