using System.Collections.Immutable;
using Socle.Catalog;

namespace Socle.Views;

/// <summary>The columns of its table that a view or a widget names, so that their renames can be followed. None of one that is not right.</summary>
public static class SavedNames
{
    public static ImmutableArray<string> Of(ViewDefinition view, TableSnapshot table) =>
        SavedQuery.Read(view.Query, mayLimit: false) is { IsFault: false, Value: var query } ? [.. SavedQuery.FieldNames(query, view.Settings.FieldNames, table)] : [];

    public static ImmutableArray<string> Of(WidgetDefinition widget, CatalogSnapshot snapshot) =>
        snapshot.FindTable(widget.Table) is { } table && SavedQuery.Read(widget.Query, mayLimit: true) is { IsFault: false, Value: var query } ? [.. SavedQuery.FieldNames(query, [], table)] : [];
}
