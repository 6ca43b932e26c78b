using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using Socle.Catalog;
using Socle.Grammar;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.Records.Planning;

/// <summary>
/// Takes the part of a query that speaks of one table, gives its plan and those of the tables embedded in it.
/// Refuses names that are not there, operators and aggregates that the types do not know; every fault is gathered.
/// </summary>
internal sealed class ScopePlanner(CatalogSnapshot snapshot, TableSnapshot table, PlanContext context)
{
    private readonly int _number = context.NextScope();
    private readonly List<Output> _outputs = [];
    private readonly List<Embedded> _embeds = [];

    public ScopePlan Plan(QueryScope scope)
    {
        foreach (var item in scope.Select)
            Select(item);
        var outputs = scope.Select is [SelectStar] ? [.. _outputs] : OutputKeys.Settle(_outputs, context);
        var where = scope.Where.Select(condition => new ConditionPlanner(table, _number, FindEmbed, context).Plan(condition)).OfType<ConditionPlan>().ToImmutableArray();
        var order = scope.Order.Select(Order).OfType<OrderPlan>().ToImmutableArray();
        // What a relation exposes grows while its parent is planned, so its plan is made last.
        var plan = new ScopePlan(_number, table, outputs, where, order, [.. _embeds.Select(embedded => embedded.ToPlan())], scope.Limit, scope.Offset);
        if (plan.IsAggregated)
            CheckGroups(plan);
        return _number == 0 && !plan.IsAggregated && _embeds.Count > 0 ? plan with { Outputs = [.. outputs.Select(Flatten)] } : plan;
    }

    private void CheckGroups(ScopePlan plan)
    {
        var values = plan.Outputs.OfType<ValueOutput>().ToList();
        if (plan.Order.Any(term => !values.Exists(output => output.Value == term.Value)))
            context.Add(PlanFaults.NotGrouped());
        if (values.Find(output => output.Value is { Aggregate: null, Type.Kind: PgKind.Json }) is { } json)
            context.Add(PlanFaults.NotGroupable(json.Key.Value));
    }

    /// <summary>A ROW costs PostgreSQL more than the columns in it.</summary>
    private static Output Flatten(Output output) =>
        output is NestedOutput { Shape: NestedShape.Object, Through: null } nested ? nested with { Shape = NestedShape.Flat } : output;

    private void Select(SelectItem item)
    {
        switch (item)
        {
            case SelectStar:
                _outputs.AddRange(PlanContext.AllColumns(table, _number));
                break;
            case SelectField field:
                SelectValue(field);
                break;
            case SelectEmbed embed:
                SelectRelated(embed);
                break;
        }
    }

    private void SelectValue(SelectField item)
    {
        // "count" where there is no such column is the old spelling of count().
        if (item.Field is null || (item is { Field: { Name: "count", Steps.IsEmpty: true }, Aggregate: null, Cast: null } && table.FindField("count") is null))
        {
            AddCount(item);
            return;
        }

        var values = new ValuePlanner(table, _number, context);
        if (values.Plan(item) is not { } value)
            return;
        var field = table.FindField(item.Field.Name)!;
        var key = item.Alias is not null ? Key(item.Alias)
            : item.Aggregate is { } aggregate ? Key(ValuePlanner.NameOf(aggregate))
            : item.Period is { } period ? Key(ValuePlanner.NameOf(period))
            : LastKey(item.Field) is { } step ? Key(step)
            : field.ApiKey;
        _outputs.Add(new ValueOutput(key, value));
    }

    private void AddCount(SelectField item)
    {
        var cast = item.AggregateCast is null ? null : Casts.Find(item.AggregateCast);
        if (item.AggregateCast is not null && cast is null)
            context.Add(PlanFaults.UnknownCast("count", item.AggregateCast));
        _outputs.Add(new ValueOutput(Key(item.Alias ?? "count"), new ValuePlan(null, [], null, null, Aggregate.Count, cast?.SqlName)));
    }

    private void SelectRelated(SelectEmbed embed)
    {
        var found = RelationFinder.Get(snapshot, table, embed);
        if (found.IsFault)
        {
            context.Add(found.Faults);
            return;
        }

        var relation = found.Value;
        var scope = new ScopePlanner(snapshot, relation.Target, context).Plan(embed.Scope);
        var embedded = new Embedded(embed, relation, scope, _number);
        if (_embeds.Exists(other => other.Key == embedded.Key))
            context.Add(PlanFaults.SharedEmbed(embedded.Key));
        _embeds.Add(embedded);
        if (scope.Outputs.IsEmpty)
            return;
        var shape = relation.IsToOne ? NestedShape.Object : embed.Spread ? NestedShape.Columns : NestedShape.List;
        if (relation.IsToOne && embed.Spread)
            Hoist(embedded);
        else if (shape == NestedShape.Columns && scope.IsAggregated)
            context.Add(PlanFaults.AggregateInSpread(embed.Target));
        else
            _outputs.Add(new NestedOutput(Key(embedded.Key), shape, embedded.ToPlan()));
    }

    /// <summary>A to-one spread's outputs become the parent's own; its aggregates group the parent.</summary>
    private void Hoist(Embedded embedded)
    {
        foreach (var output in embedded.Scope.Outputs)
        {
            _outputs.Add(output switch
            {
                ValueOutput { Value: { Source: null } count } counted => new ValueOutput(counted.Key, count),
                ValueOutput value => new ValueOutput(value.Key, embedded.ExposeValue(value)),
                NestedOutput nested => nested with { Through = embedded.Expose(nested) },
                _ => output,
            });
        }
    }

    private OrderPlan? Order(OrderTerm term)
    {
        if (term.Relation is null)
            return new ValuePlanner(table, _number, context).Plan(term) is { } own ? new OrderPlan(own, term.Descending, term.NullsFirst) : null;
        if (FindEmbed(term.Relation) is not { Relation.IsToOne: true } embedded)
        {
            context.Add(PlanFaults.NotToOne(term.Relation));
            return null;
        }

        if (new ValuePlanner(embedded.Relation.Target, embedded.Number, context).Plan(term.Field) is not { } value)
            return null;
        var exposed = embedded.Expose(new ValueOutput(default, value));
        return new OrderPlan(new ValuePlan(exposed, [], null, value.Type), term.Descending, term.NullsFirst);
    }

    private Embedded? FindEmbed(string name)
    {
        if (_embeds.Find(embedded => embedded.Select.Name == name || embedded.Key == name) is { } named)
            return named;
        var ofTable = _embeds.FindAll(embedded => embedded.Select.Target == name || ApiNames.ToCamelCase(embedded.Select.Target) == name);
        if (ofTable.Count > 1)
            context.Add(PlanFaults.SeveralEmbeds(name, ofTable.Select(embedded => embedded.Key)));
        return ofTable.Count > 0 ? ofTable[0] : null;
    }

    private static string? LastKey(FieldPath path)
    {
        for (var i = path.Steps.Length - 1; i >= 0; i--)
        {
            if (path.Steps[i].Key is { } key)
                return key;
        }

        return null;
    }

    private static JsonEncodedText Key(string text) => JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
}
