using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Socle.Catalog;
using Socle.Grammar;
using Socle.Kernel;

namespace Socle.Records.Planning;

/// <summary>
/// Takes a computed field, gives the conditions on the records that it is computed over, made once for each snapshot. A field whose
/// conditions no longer fit the columns that they speak of is as good as none.
/// </summary>
public static class WayPlans
{
    private static readonly ConditionalWeakTable<FieldSnapshot, Entry> Known = [];

    private sealed record Entry(Result<ImmutableArray<ConditionPlan>> Conditions);

    /// <summary>Whether the field can be read: every column, and each computed field that is sound all the way.</summary>
    public static bool IsSound(FieldSnapshot field) => field.Way is not { } way || (!Conditions(field).IsFault && (way.Source is null || IsSound(way.Source)));

    /// <summary>The conditions; of a row that goes by <see cref="ScopePlan.Row"/>.</summary>
    internal static Result<ImmutableArray<ConditionPlan>> Conditions(FieldSnapshot field) =>
        Known.GetValue(field, static known => new Entry(Plan(known.Way!.Target, known.Way.Where))).Conditions;

    /// <summary>Conditions on one record of a table.</summary>
    public static Result<ImmutableArray<ConditionPlan>> Plan(TableSnapshot table, ImmutableArray<Condition> where)
    {
        var context = new PlanContext();
        var planner = new ConditionPlanner(table, ScopePlan.Row, _ => null, context);
        var conditions = where.Select(planner.Plan).OfType<ConditionPlan>().ToImmutableArray();
        return context.Faults.Count > 0 ? context.Faults : conditions;
    }
}
