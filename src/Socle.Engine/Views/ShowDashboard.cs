using System.Collections.Immutable;
using Socle.Catalog;
using Socle.Grammar;
using Socle.Kernel;
using Socle.Records;
using Socle.Records.Running;

namespace Socle.Views;

/// <summary>A widget with what it shows: rows, or why there are none.</summary>
public sealed record ShownWidget(WidgetEntry Widget, Result<RowsAsJson> Rows);

/// <summary>Takes the widgets of a dashboard, gives what each shows to whoever looks, as far as their policies let them see. One fault never hides the others.</summary>
public sealed class ShowDashboard(ReadTogether reads, LiveCatalog catalog, TimeZoneInfo zone)
{
    public async Task<ImmutableArray<ShownWidget>> Run(ImmutableArray<WidgetEntry> widgets, Caller caller, CancellationToken cancellation)
    {
        var snapshot = catalog.Current;
        var placeholders = Placeholders.For(caller.UserId, zone);
        var sound = widgets.Where(widget => widget.Problems.IsEmpty).ToList();
        var requests = sound.ConvertAll(widget => new RecordRequest(RecordAction.List, widget.Table.Name, placeholders.Fill(widget.Tree, widget.Table, snapshot.For(caller)), caller));
        var rows = await reads.Run(requests, caller, snapshot, ViewFaults.TooLate(), cancellation);
        return [.. widgets.Select(widget => new ShownWidget(widget, widget.Problems.IsEmpty ? rows[sound.IndexOf(widget)] : widget.Problems))];
    }

    /// <summary>Where nobody made a dashboard: how many records each table holds that the caller may read.</summary>
    public ImmutableArray<WidgetEntry> Counts(Caller caller) =>
    [
        .. catalog.Current.For(caller).Tables.Select(table => new WidgetEntry(table.ApiName, table.Label, WidgetKind.Number, table, Count, QueryReader.Read(Count).Value, [])),
    ];

    private const string Count = "select=count()";
}
