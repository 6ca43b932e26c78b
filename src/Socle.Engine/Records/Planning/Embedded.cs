using Socle.Catalog;
using Socle.Grammar;
using Socle.Kernel;

namespace Socle.Records.Planning;

/// <summary>An embed while its parent is being planned: what the parent uses of it is still growing.</summary>
internal sealed class Embedded(SelectEmbed select, Relation relation, ScopePlan scope, int parent)
{
    private readonly List<Output> _exposed = [];

    public SelectEmbed Select => select;

    /// <summary>The name under which it appears.</summary>
    public string Key { get; } = select.Alias ?? ApiNames.ToCamelCase(select.Target);

    public Relation Relation => relation;

    public ScopePlan Scope => scope;

    public int Number => scope.Number;

    public ExposedSource Expose(Output output)
    {
        var known = output is ValueOutput { Value: var value } ? _exposed.FindIndex(other => other is ValueOutput named && named.Value == value) : -1;
        if (known >= 0)
            return new ExposedSource(Number, known);
        _exposed.Add(output);
        return new ExposedSource(Number, _exposed.Count - 1);
    }

    /// <summary>The parent's value for one of this relation's; an aggregate moves to the parent.</summary>
    public ValuePlan ExposeValue(ValueOutput output)
    {
        var value = output.Value;
        var exposed = Expose(output with { Value = value with { Aggregate = null, AggregateCast = null } });
        return new ValuePlan(exposed, [], null, value.Type, value.Aggregate, value.AggregateCast);
    }

    public EmbedPlan ToPlan() => new(select.Name, parent, relation, scope, select.Join == EmbedJoin.Inner, select.Spread, [.. _exposed]);
}
