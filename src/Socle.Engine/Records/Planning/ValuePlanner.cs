using Socle.Catalog;
using Socle.Grammar;
using Socle.Postgres;

namespace Socle.Records.Planning;

/// <summary>Resolves a field path, its cast and its aggregate. Null when refused; the fault is in the context.</summary>
internal sealed class ValuePlanner(TableSnapshot table, int scope, PlanContext context)
{
    private static readonly PgType TextType = new(PgTypes.Text, "text", PgKind.Text);
    private static readonly PgType DateType = new(PgTypes.Date, "date", PgKind.Date);
    private static readonly PgType JsonbType = new(PgTypes.Jsonb, "jsonb", PgKind.Jsonb);

    public ValuePlan? Plan(FieldPath path)
    {
        if (table.FindField(path.Name) is not { } field || !WayPlans.IsSound(field))
        {
            context.Add(PlanFaults.UnknownField(table, path.Name));
            return null;
        }

        var type = field.ColumnType;
        if (!path.Steps.IsEmpty)
        {
            var lastIsText = path.Steps[^1].AsText;
            if (type.Kind is not (PgKind.Json or PgKind.Jsonb or PgKind.Array or PgKind.Composite) || path.Steps.Count(step => step.AsText) > (lastIsText ? 1 : 0))
            {
                context.Add(PlanFaults.NotJson(path.Name, lastIsText ? TextType : type));
                return null;
            }

            type = lastIsText ? TextType : JsonbType;
        }

        return new ValuePlan(new ColumnSource(scope, field), path.Steps, null, type);
    }

    public ValuePlan? Plan(SelectField item)
    {
        if (Plan(item.Field!) is not { } value)
            return null;
        var name = item.Field!.Name;
        if (item.Cast is not null)
        {
            if (FindCast(name, item.Cast) is not { } cast)
                return null;
            value = value with { Cast = cast.SqlName, Type = cast };
        }

        if (item.Period is { } period)
            return Plan(value, name, period);
        if (item.Aggregate is not { } aggregate)
            return value;
        if (!Allows(aggregate, value.Type!))
        {
            context.Add(PlanFaults.WrongAggregate(name, NameOf(aggregate), value.Type!));
            return null;
        }

        value = value with { Aggregate = aggregate };
        if (item.AggregateCast is null)
            return value;
        return FindCast(name, item.AggregateCast) is { } outer ? value with { AggregateCast = outer.SqlName } : null;
    }

    /// <summary>The value of a term that sorts.</summary>
    public ValuePlan? Plan(OrderTerm term) => Plan(term.Field) is not { } value ? null : term.Period is { } period ? Plan(value, term.Field.Name, period) : value;

    private ValuePlan? Plan(ValuePlan value, string field, Period period)
    {
        if (value.Type!.Kind is not (PgKind.Date or PgKind.Timestamp or PgKind.TimestampTz))
        {
            context.Add(PlanFaults.NoPeriods(field, NameOf(period), value.Type));
            return null;
        }

        return value with { Period = new PeriodPlan(period, value.Type.Kind == PgKind.TimestampTz ? context.Zone : null), Type = DateType };
    }

    public static string NameOf(Period period) => period.ToString().ToLowerInvariant();

    public static string NameOf(Aggregate aggregate) => aggregate switch
    {
        Aggregate.Avg => "avg",
        Aggregate.Count => "count",
        Aggregate.Max => "max",
        Aggregate.Min => "min",
        _ => "sum",
    };

    private PgType? FindCast(string field, string cast)
    {
        var type = Casts.Find(cast);
        if (type is null)
            context.Add(PlanFaults.UnknownCast(field, cast));
        return type;
    }

    private static bool Allows(Aggregate aggregate, PgType type) => aggregate switch
    {
        Aggregate.Count => true,
        Aggregate.Sum or Aggregate.Avg => type.Kind is PgKind.Integer or PgKind.Numeric or PgKind.Float or PgKind.Interval,
        _ => type.Kind is not (PgKind.Json or PgKind.Jsonb or PgKind.Boolean or PgKind.Uuid or PgKind.Composite or PgKind.Bytea or PgKind.TsVector or PgKind.Range),
    };
}
