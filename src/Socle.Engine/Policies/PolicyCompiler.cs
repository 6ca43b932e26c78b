using System.Collections.Immutable;
using Socle.Catalog;
using Socle.Kernel;
using Socle.Records.Planning;

namespace Socle.Policies;

/// <param name="Condition">SQL; nothing at all where there are faults in the filter.</param>
/// <param name="Faults">Why it does not hold as written.</param>
internal sealed record CompiledPolicy(string Condition, ImmutableArray<Fault> Faults);

/// <summary>
/// Takes all the rules there are, gives the condition of each. A filter that leads to other tables looks at them with the eyes of
/// its role, so that role must be let read there, and no way may lead back to where it began. What is faulty lets nothing through.
/// </summary>
internal sealed class PolicyCompiler
{
    private readonly CatalogSnapshot _snapshot;
    private readonly Dictionary<(string, TableSnapshot, PolicyAction), PolicyRule> _rules;
    private readonly Dictionary<PolicyRule, Result<CompiledFilter>> _filters = new(ReferenceEqualityComparer.Instance);

    private PolicyCompiler(CatalogSnapshot snapshot, IEnumerable<PolicyRule> rules)
    {
        _snapshot = snapshot;
        _rules = rules.ToDictionary(rule => rule.Key);
        foreach (var rule in _rules.Values)
        {
            if (rule.Filter is not null)
                _filters[rule] = rule.Table.Kind == TableKind.Table ? FilterCompiler.Compile(snapshot, rule.Table, rule.Role, rule.Filter) : PolicyFaults.NotATable(rule.Table);
        }
    }

    public static IReadOnlyDictionary<(string Role, TableSnapshot Table, PolicyAction Action), CompiledPolicy> Compile(CatalogSnapshot snapshot, IEnumerable<PolicyRule> rules)
    {
        var compiler = new PolicyCompiler(snapshot, rules);
        return compiler._rules.ToDictionary(pair => pair.Key, pair => compiler.Compile(pair.Value));
    }

    /// <summary>What is wrong with one rule by itself, whatever else its role may.</summary>
    public static ImmutableArray<Fault> Check(CatalogSnapshot snapshot, PolicyRule rule)
    {
        var compiler = new PolicyCompiler(snapshot, [rule]);
        return [.. rule.Filter is not null && compiler._filters[rule] is { IsFault: true, Faults: var faults } ? faults : [.. compiler.FindCircle(rule)], .. FindUnknown(rule)];
    }

    private static IEnumerable<Fault> FindUnknown(PolicyRule rule) =>
        from field in rule.Fields ?? []
        where rule.Table.Fields.All(known => known.Name != field)
        select PolicyFaults.UnknownFields(rule.Table, field);

    private CompiledPolicy Compile(PolicyRule rule)
    {
        var faults = FindUnknown(rule).ToImmutableArray();
        if (rule.Filter is null)
            return new CompiledPolicy(WantedAccess.Everything, faults);
        var filter = _filters[rule];
        var broken = filter.IsFault ? filter.Faults : [.. FindClosed(rule, filter.Value), .. FindCircle(rule)];
        return new CompiledPolicy(broken.IsEmpty ? filter.Value.Condition : WantedAccess.Nothing, [.. broken, .. faults]);
    }

    /// <summary>What the filter looks at elsewhere and its role may not read.</summary>
    private IEnumerable<Fault> FindClosed(PolicyRule rule, CompiledFilter filter) =>
        from use in filter.Uses
        where use.Table != rule.Table && !MayRead(rule.Role, use)
        select PolicyFaults.MayNotRead(rule.Role, use.Table, use.Field);

    /// <summary>Who an account is everybody may see.</summary>
    private bool MayRead(string role, RowUse use) =>
        use.Table.Schema == TableName.SystemSchema
        || (_rules.TryGetValue((role, use.Table, PolicyAction.Read), out var rule)
        && (rule.Fields is not { } fields || fields.Contains(use.Field) || use.Table.PrimaryKey.Any(key => key.Name == use.Field)));

    private IEnumerable<Fault> FindCircle(PolicyRule rule)
    {
        var way = new List<TableSnapshot> { rule.Table };
        if (LeadsBack(rule, rule.Table, way, []))
            yield return PolicyFaults.Circle(rule.Role, rule.Table, way);
    }

    /// <summary>A filter that looks at a table asks that table's own filter in turn.</summary>
    private bool LeadsBack(PolicyRule rule, TableSnapshot start, List<TableSnapshot> way, HashSet<TableSnapshot> seen)
    {
        foreach (var next in Neighbours(rule))
        {
            way.Add(next);
            if (next == start)
                return true;
            if (seen.Add(next) && _rules.TryGetValue((rule.Role, next, PolicyAction.Read), out var read) && LeadsBack(read, start, way, seen))
                return true;
            way.RemoveAt(way.Count - 1);
        }

        return false;
    }

    private ImmutableArray<TableSnapshot> Neighbours(PolicyRule rule) =>
        rule.Filter is null || _filters[rule] is not { IsFault: false, Value: var filter } ? [] : filter.Ways;
}
