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
            plan = plan.Add(wanted, found, fields, others);
        }

        return faults.Count > 0 ? faults : plan;
    }

    /// <summary>New tables, with the rules that they shall have.</summary>
    public static RuleDepartures New(IEnumerable<TableShape> desired) => new([], desired.ToImmutableDictionary(table => table.Name, table => table.Rules));

    /// <param name="wanted">The table with its rules as they shall be.</param>
    /// <param name="found">The same as it is.</param>
    /// <param name="fields">Each wanted column's name with that of the one that it is.</param>
    /// <param name="others">Rules that stay besides, as they are.</param>
    public RuleDepartures Add(TableShape wanted, TableShape found, IReadOnlyDictionary<string, string> fields, ImmutableArray<KeptRule> others)
    {
        var names = fields.GroupBy(pair => pair.Value).ToDictionary(group => group.Key, group => group.First().Key);
        ImmutableArray<KeptRule> final = [.. wanted.Rules, .. others.Select(kept => kept with { Rule = kept.Rule.Rename(names) })];
        var retyped = fields.Where(pair => wanted.FindColumn(pair.Key)?.Type != found.FindColumn(pair.Value)?.Type).Select(pair => pair.Value).ToHashSet();
        ImmutableArray<KeptRule> stay = [.. found.Rules.Where(kept => final.Contains(kept with { Rule = kept.Rule.Rename(names) }) && !Uses(found, kept.Rule).Overlaps(retyped))];
        var release = stay.Length == found.Rules.Length ? default(Result<SetRules?>) : RuleShapes.Plan(found, stay, isRelease: true);
        return new RuleDepartures(release is { IsFault: false, Value: { } step } ? Steps.Add(step) : Steps, Final.SetItem(wanted.Name, final));
    }

    /// <summary>The fields that a rule speaks of; one that no longer fits its table speaks of all.</summary>
    private static HashSet<string> Uses(TableShape table, Rule rule)
    {
        var set = RuleSet.Resolve(RuleShapes.FieldsOf(table), [rule]);
        return set.IsFault ? [.. table.Columns.Select(column => column.Name)] : [.. set.Value.Rules[0].Uses.Select(field => field.Name)];
    }

    private static IEnumerable<Fault> Held(TableShape table, ImmutableArray<KeptRule> staying, HashSet<string> leaving) =>
        from kept in leaving.Count == 0 ? [] : staying
        from field in Uses(table, kept.Rule).Where(leaving.Contains)
        select RuleStepFaults.Held(table.Name, field, kept.Rule.Id);
}
