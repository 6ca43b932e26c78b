using System.Collections.Immutable;
using Socle.Catalog;
using Socle.Grammar;
using Socle.Kernel;

namespace Socle.Views;

/// <summary>A view as somebody sees it: what their role may not read is not in it.</summary>
/// <param name="Table">As they see it.</param>
/// <param name="Query">As it is kept, where nothing had to be left out or renamed.</param>
/// <param name="Tree">The same, read.</param>
/// <param name="IsShared">Whether everybody has it.</param>
/// <param name="Problems">What it names and is not there any more.</param>
/// <param name="Missing">Why it has no records to show; empty when it has.</param>
public sealed record ViewEntry(
    Guid Id,
    string? Key,
    TableSnapshot Table,
    Text Label,
    ViewKind Kind,
    string Query,
    RecordQuery Tree,
    ViewSettings Settings,
    bool IsShared,
    int? Position,
    string? Blueprint,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    ImmutableArray<Fault> Problems,
    ImmutableArray<Fault> Missing)
{
    /// <summary>Null where the caller does not see it: its table, or what it cannot do without, is hidden from their role.</summary>
    internal static ViewEntry? Of(StoredView stored, CatalogSnapshot whole, CatalogSnapshot seen)
    {
        if (seen.FindTable(stored.Table) is not { } table || whole.FindTable(stored.Table) is not { } all)
            return null;
        var read = SavedQuery.Read(stored.Query, mayLimit: false);
        if (read.IsFault)
            return null;
        var query = SavedQuery.Rename(read.Value, stored.Renames);
        var settings = SavedQuery.Rename(ViewSettingsReader.ReadStored(stored.Kind, stored.Settings), stored.Renames);
        var fit = QueryFit.Fit(query, table, seen);
        var gone = QueryFit.Fit(query, all, whole);
        var (fields, lost) = Fit(stored.Kind, settings, table, all);
        if (lost is null || fit.Missing.Any(fault => !Has(gone.Missing, fault)))
            return null;
        ImmutableArray<Fault> problems = [.. fit.All.Where(fault => Has(gone.All, fault)).Within("query"), .. lost];
        var isAsKept = stored.Renames.Count == 0 && fit.LeftOut.IsEmpty;
        return new ViewEntry(
            stored.Id, stored.Key, table, stored.Label, stored.Kind, isAsKept ? stored.Query : QueryWriter.Write(fit.Query), fit.Query, fields, stored.Owner is null, stored.Position, stored.Blueprint, stored.CreatedAt, stored.UpdatedAt, problems, fit.Missing);
    }

    /// <summary>The settings by the names of the API, without those whose fields are not there. No faults but null where the kind cannot do without one that is hidden.</summary>
    private static (ViewSettings Settings, List<Fault>? Lost) Fit(ViewKind kind, ViewSettings settings, TableSnapshot table, TableSnapshot all)
    {
        var lost = new List<Fault>();
        var items = ImmutableArray.CreateBuilder<ViewSetting>();
        foreach (var item in settings.Items)
        {
            lost.AddRange(item.Fields.Where(named => all.FindField(named.Name) is null).Select(named => ViewFaults.UnknownField(table, item.Rule, named.Name)));
            var there = item.Fields.Where(named => table.FindField(named.Name) is not null).Select(named => named with { Name = table.FindField(named.Name)!.ApiName }).ToImmutableArray();
            if (!there.IsEmpty)
                items.Add(item with { Fields = there });
            else if (item.Fields.Any(named => all.FindField(named.Name) is not null) && (item.Rule.IsRequired || kind == ViewKind.Map))
                return (settings, null);
        }

        return (new ViewSettings(items.ToImmutable()), lost);
    }

    private static bool Has(IEnumerable<Fault> faults, Fault fault) => faults.Any(other => other.Field == fault.Field);
}
