using Socle.Catalog;
using Socle.Grammar;

namespace Socle.Records.Planning;

/// <summary>An embed while its parent is being planned: what the parent uses of it is still growing.</summary>
internal sealed class Embedded(SelectEmbed select, Relation relation, ScopePlan scope, int parent)
{
    private readonly List<Output> _exposed = [];

    public SelectEmbed Select => select;

    public Relation Relation => relation;

    public ScopePlan Scope => scope;

    public int Number => scope.Number;

    public ExposedSource Expose(Output output)
    {
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
