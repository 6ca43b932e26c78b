using System.Runtime.CompilerServices;
using Socle.Catalog;
using Socle.Kernel;

namespace Socle.Records.Planning;

/// <summary>What the planners of one request share: numbers for the tables, and the faults found so far.</summary>
/// <param name="zone">The time zone in which moments have their day.</param>
internal sealed class PlanContext(string zone = PlanContext.Utc)
{
    public const string Utc = "UTC";

    private static readonly ConditionalWeakTable<TableSnapshot, Output[]> RootColumns = [];
    private int _scopes;

    public string Zone => zone;

    public List<Fault> Faults { get; } = [];

    public int NextScope() => _scopes++;

    public void Add(Fault fault) => Faults.Add(fault);

    public void Add(IEnumerable<Fault> faults) => Faults.AddRange(faults);

    /// <summary><c>*</c>. That of the root is the same for every request of a snapshot.</summary>
    public static IEnumerable<Output> AllColumns(TableSnapshot table, int scope) =>
        scope == 0 ? RootColumns.GetValue(table, root => Columns(root, 0)) : Columns(table, scope);

    private static Output[] Columns(TableSnapshot table, int scope) =>
        [.. table.Fields.Where(WayPlans.IsSound).Select(field => new ValueOutput(field.ApiKey, new ValuePlan(new ColumnSource(scope, field), [], null, field.ColumnType)))];
}
