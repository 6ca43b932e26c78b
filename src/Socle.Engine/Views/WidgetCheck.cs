using System.Collections.Immutable;
using Socle.Catalog;
using Socle.Grammar;
using Socle.Kernel;

namespace Socle.Views;

/// <summary>What a widget shall be.</summary>
/// <param name="Id">Its name within the dashboard.</param>
/// <param name="Table">As it was written.</param>
/// <param name="Query">Aggregates, what groups them, conditions and order, as in an address.</param>
public sealed record WidgetDefinition(string Id, Text Label, WidgetKind Kind, string Table, string Query);

/// <summary>Holds a widget against its table as it is seen: gives every fault at once. Pure.</summary>
public static class WidgetCheck
{
    public static ImmutableArray<Fault> Check(WidgetDefinition widget, CatalogSnapshot snapshot)
    {
        var table = snapshot.GetTable(widget.Table);
        var read = SavedQuery.Read(widget.Query, mayLimit: true);
        if (table.IsFault || read.IsFault)
            return [.. table.Faults.Select(fault => fault with { Code = FaultCode.InvalidValue }).Within("table"), .. read.Faults.Within("query")];
        var scope = read.Value.Scope;
        return [.. QueryFit.Faults(scope, table.Value, snapshot).Within("query"), .. CheckKind(widget.Kind, scope.Select).Within("query")];
    }

    private static IEnumerable<Fault> CheckKind(WidgetKind kind, ImmutableArray<SelectItem> select)
    {
        if (kind == WidgetKind.Table)
            yield break;
        var hasAggregate = select.Any(IsAggregate);
        if (!hasAggregate)
            yield return ViewFaults.NoAggregate(kind);
        if (kind == WidgetKind.Number && hasAggregate && select.Length > 1)
            yield return ViewFaults.NotOneNumber();
        if (kind != WidgetKind.Number && hasAggregate && select.All(IsAggregate))
            yield return ViewFaults.NoGroup(kind);
    }

    private static bool IsAggregate(SelectItem item) => item is SelectField { Aggregate: not null };
}
