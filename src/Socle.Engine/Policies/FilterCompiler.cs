using System.Collections.Immutable;
using Socle.Catalog;
using Socle.Grammar;
using Socle.Kernel;
using Socle.Records.Planning;
using Socle.Records.Statements;

namespace Socle.Policies;

/// <summary>A filter as PostgreSQL takes it.</summary>
/// <param name="Condition">SQL over the table's columns, each with the table's bare name before it.</param>
/// <param name="Uses">The fields of the table and of related ones that it looks at.</param>
/// <param name="Ways">The tables that it leads to.</param>
internal sealed record CompiledFilter(string Condition, ImmutableArray<RowUse> Uses, ImmutableArray<TableSnapshot> Ways);

/// <summary>Takes a filter in the query grammar, gives SQL with every value as a constant. Refuses what a query would refuse, every fault at once.</summary>
internal static class FilterCompiler
{
    public static Result<CompiledFilter> Compile(CatalogSnapshot snapshot, TableSnapshot table, string role, string filter)
    {
        var conditions = QueryReader.ReadRelatedConditions(filter);
        if (conditions.IsFault)
            return conditions.Faults;
        if (conditions.Value.IsEmpty)
            return PolicyFaults.EmptyFilter();
        var planner = new RowPlanner(snapshot, role);
        var plan = planner.Plan(table, conditions.Value);
        return plan.IsFault
            ? plan.Faults
            : new CompiledFilter(RowSql.Write(plan.Value, table.Names.Relation), planner.Uses, planner.Ways);
    }
}
