using Socle.Catalog;
using Socle.History;
using Socle.Http;
using Socle.Kernel;

namespace Socle.Features.History;

/// <summary>The trash.</summary>
internal static class TrashRoutes
{
    public static async Task List(HistoryCall call)
    {
        call.Allow("table", "limit", "offset");
        var table = call.Text("table") is { } name ? call.Table(name) : null;
        var (limit, offset) = (call.Limit(), call.Offset());
        if (!call.Faults.IsEmpty)
        {
            await FaultAnswers.Write(call.Context, call.Faults);
            return;
        }

        var entries = await call.Get<Trash>().Read(table, limit, offset, call.Viewer, call.Cancellation);
        if (entries.IsFault)
        {
            await FaultAnswers.Write(call.Context, entries.Faults);
            return;
        }

        await call.WriteList(
            entries.Value,
            (json, entry) =>
            {
                var of = Find(call.Viewer.Seen, entry.Schema, entry.Table);
                json.WriteNumber("entry"u8, entry.Entry);
                json.WriteString("table"u8, of?.Name ?? entry.Table);
                json.WriteString("id"u8, entry.Key);
                HistoryAnswers.WriteSource(json, entry.Change);
                HistoryAnswers.WriteRecord(json, "record", entry.Record, of);
            },
            limit,
            offset);
    }

    public static async Task Restore(HistoryCall call)
    {
        call.Allow();
        var entry = Entry(call);
        if (!call.Faults.IsEmpty)
        {
            await FaultAnswers.Write(call.Context, call.Faults);
            return;
        }

        var restored = await call.Get<Trash>().Restore(entry, call.Viewer, call.Origin("restore"), call.Cancellation);
        if (restored.IsFault)
            await FaultAnswers.Write(call.Context, restored.Faults);
        else
            await call.Write(json => HistoryAnswers.WriteRecord(json, restored.Value.Record, restored.Value.Table), json => json.WriteNumber("deletedTogether"u8, restored.Value.Together), restored.Value.Change);
    }

    public static async Task Purge(HistoryCall call)
    {
        call.Allow();
        var entry = Entry(call);
        await Purged(call, call.Faults.IsEmpty ? await call.Get<Trash>().Purge(entry, call.Viewer, call.Cancellation) : call.Faults);
    }

    public static async Task Empty(HistoryCall call)
    {
        call.Allow("table");
        if (call.Text("table") is not { } name)
        {
            await FaultAnswers.Write(call.Context, new Fault(
                FaultCode.InvalidRequest,
                "Say whose trash is to be emptied for good: ?table=clients.",
                "Dites quelle corbeille vider pour de bon : ?table=clients.",
                "table"));
            return;
        }

        var table = call.Table(name);
        await Purged(call, call.Faults.IsEmpty ? await call.Get<Trash>().Empty(table!, call.Viewer, call.Cancellation) : call.Faults);
    }

    public static TableSnapshot? Find(CatalogSnapshot catalog, string? schema, string? name) =>
        catalog.Tables.FirstOrDefault(table => table.Schema == schema && table.Names.Relation == name);

    private static long Entry(HistoryCall call) => call.Number(call.Segment(2), "entry of the trash", "une entrée de la corbeille");

    private static Task Purged(HistoryCall call, Result<long> purged) => purged.IsFault
        ? FaultAnswers.Write(call.Context, purged.Faults)
        : call.Write(json =>
        {
            json.WriteStartObject();
            json.WriteNumber("purged"u8, purged.Value);
            json.WriteEndObject();
        });
}
