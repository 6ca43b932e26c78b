using System.Collections.Immutable;
using Socle.Catalog;
using Socle.Grammar;
using Socle.Kernel;

namespace Socle.Views;

/// <summary>A dashboard as somebody sees it: widgets of tables and fields that their role may not read are not in it.</summary>
/// <param name="IsShared">Whether everybody has it.</param>
public sealed record DashboardEntry(
    Guid Id, string? Key, Text Label, bool IsShared, int? Position, string? Blueprint, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, ImmutableArray<WidgetEntry> Widgets);

/// <param name="Query">As it is kept, with the names that fields have now.</param>
/// <param name="Tree">The same, read.</param>
/// <param name="Problems">Why it has nothing to show; empty when it has.</param>
public sealed record WidgetEntry(string Id, Text Label, WidgetKind Kind, TableSnapshot Table, string Query, RecordQuery Tree, ImmutableArray<Fault> Problems)
{
    /// <summary>Null where the caller does not see it. A number of half of its fields would be another number.</summary>
    internal static WidgetEntry? Of(StoredWidget stored, CatalogSnapshot whole, CatalogSnapshot seen)
    {
        if (seen.FindTable(stored.Table) is not { } table || whole.FindTable(stored.Table) is not { } all)
            return null;
        var read = SavedQuery.Read(stored.Query, mayLimit: true);
        if (read.IsFault)
            return null;
        var query = SavedQuery.Rename(read.Value, stored.Renames);
        var faults = QueryFit.Faults(query.Scope, table, seen);
        var gone = faults.Count == 0 ? [] : QueryFit.Faults(query.Scope, all, whole);
        if (faults.Exists(fault => !gone.Exists(other => other.Field == fault.Field)))
            return null;
        var text = stored.Renames.Count == 0 ? stored.Query : QueryWriter.Write(query);
        return new WidgetEntry(stored.Id, stored.Label, stored.Kind, table, text, query, faults.Within("query"));
    }
}

/// <summary>A widget as socle_system.widgets has it.</summary>
/// <param name="Table">Schema and name.</param>
internal sealed record StoredWidget(Guid Dashboard, string Id, Text Label, WidgetKind Kind, string Table, string Query, IReadOnlyDictionary<string, string> Renames);
