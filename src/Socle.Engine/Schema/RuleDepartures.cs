using System.Collections.Immutable;
using Socle.Kernel;
using Socle.Rules;

namespace Socle.Schema;

/// <summary>
/// Takes tables as wanted and as they are, tells which rules each shall have in the end, and which of those that are there must make room
/// first: rules that go, that change, or whose fields get another type. Rules of others stay. Refuses a field's leaving while a rule that stays uses it.
/// </summary>
/// <param name="Steps">Rules that go first.</param>
/// <param name="Final">By the table's new name, all its rules under the fields' new names.</param>
internal sealed record RuleDepartures(ImmutableArray<SchemaStep> Steps, ImmutableDictionary<string, ImmutableArray<KeptRule>> Final)
{
    /// <summary>What a blueprint asks for.</summary>
    public static Result<RuleDepartures> Plan(string blueprint, IReadOnlyList<TableShape> desired, IReadOnlyList<TableShape> actual)
    {
        var tables = Identities.OfTables(blueprint, desired, actual);
        var plan = New(desired);
        var faults = new List<Fault>();
        foreach (var (wanted, found) in tables.Where(match => !match.Value.Rules.IsEmpty))
        {
            var fields = Identities.OfFields(wanted, found);
            var others = found.Rules.Where(kept => kept.Blueprint != blueprint && wanted.Rules.All(rule => rule.Rule.Id != kept.Rule.Id)).ToImmutableArray();
            var leaving = found.Columns.Select(column => column.Name).Where(name => !fields.ContainsValue(name) && found.Metadata?.FindField(name)?.MadeBy == blueprint).ToHashSet();
            faults.AddRange(Held(found, others, leaving));
            var stay = found.Rules.Where(stored => final[wanted.Name].Contains(stored with { Rule = stored.Rule.Rename(names) }) && !Uses(found, stored.Rule).Overlaps(retyped)).ToImmutableArray();
            if (stay.Length == found.Rules.Length)
                continue;
            var step = RuleShapes.Plan(found, stay, isRelease: true);
            if (step is { IsFault: false, Value: { } release })
                steps.Add(release);
        }

        return faults.Count > 0 ? faults : new RuleDepartures(steps.ToImmutable(), final.ToImmutable());
    }

    /// <summary>The fields that a rule speaks of; one that no longer fits its table speaks of all.</summary>
    private static HashSet<string> Uses(TableShape table, Rule rule)
    {
        var set = RuleSet.Resolve(RuleShapes.FieldsOf(table), [rule]);
        return set.IsFault ? [.. table.Columns.Select(column => column.Name)] : [.. set.Value.Rules[0].Uses.Select(field => field.Name)];
    }

    private static IEnumerable<Fault> Held(TableShape table, List<KeptRule> staying, HashSet<string> leaving) =>
        from stored in leaving.Count == 0 ? [] : staying
        from field in Uses(table, stored.Rule).Where(leaving.Contains)
        select RuleStepFaults.Held(table.Name, field, stored.Rule.Id);
}
