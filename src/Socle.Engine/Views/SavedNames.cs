using System.Collections.Immutable;
using Socle.Catalog;
using Socle.Grammar;

namespace Socle.Views;

/// <summary>The columns of its table that a view or a widget names, so that their renames can be followed. None of one that is not right.</summary>
public static class SavedNames
{
    public static ImmutableArray<string> Of(ViewDefinition view, TableSnapshot table) =>
        SavedQuery.Read(view.Query, mayLimit: false) is { IsFault: false, Value: var query } ? [.. SavedQuery.FieldNames(query, view.Settings.FieldNames, table)] : [];

    /// <summary>A stored query with the names that fields have now.</summary>
    /// <param name="query">As it is kept.</param>
    /// <param name="renames">Old names and new ones, as JSON.</param>
    public static string Current(string query, string renames)
    {
        var changed = StoredView.ReadRenames(renames);
        return changed.Count == 0 || SavedQuery.Read(query, mayLimit: true) is not { IsFault: false, Value: var read } ? query : QueryWriter.Write(SavedQuery.Rename(read, changed));
    }

    /// <summary>A stored view's query and settings with the names that fields have now.</summary>
    public static (string Query, ViewSettings Settings) Current(ViewKind kind, string query, string settings, string renames) =>
        (Current(query, renames), SavedQuery.Rename(ViewSettingsReader.ReadStored(kind, settings), StoredView.ReadRenames(renames)));

    public static ImmutableArray<string> Of(WidgetDefinition widget, CatalogSnapshot snapshot) =>
        snapshot.FindTable(widget.Table) is { } table && SavedQuery.Read(widget.Query, mayLimit: true) is { IsFault: false, Value: var query } ? [.. SavedQuery.FieldNames(query, [], table)] : [];
}
