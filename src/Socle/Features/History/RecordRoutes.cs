using Socle.History;
using Socle.Http;

namespace Socle.Features.History;

/// <summary>The versions of one record.</summary>
internal static class RecordRoutes
{
    public static async Task List(HistoryCall call)
    {
        call.Allow("limit", "offset");
        var (table, id) = (call.Table(call.Segment(1)), call.Segment(2));
        var (limit, offset) = (call.Limit(), call.Offset());
        if (!call.Faults.IsEmpty)
        {
            await FaultAnswers.Write(call.Context, call.Faults);
            return;
        }

        var page = await call.Get<RecordHistory>().Read(table!, id, limit, offset, call.Viewer, call.Cancellation);
        if (page.IsFault)
        {
            await FaultAnswers.Write(call.Context, page.Faults);
            return;
        }

        await call.WriteList(
            page.Value.Items,
            (json, version) =>
            {
                json.WriteNumber("version"u8, version.Id);
                json.WriteString("operation"u8, version.Operation);
                HistoryAnswers.WriteSource(json, version.Change);
                HistoryAnswers.WriteChanges(json, version.Before, version.After, table);
                HistoryAnswers.WriteRecord(json, "before", version.Before, table);
                HistoryAnswers.WriteRecord(json, "after", version.After, table);
            },
            limit,
            offset,
            page.Value.Total);
    }

    public static async Task Restore(HistoryCall call)
    {
        call.Allow();
        var (table, id) = (call.Table(call.Segment(1)), call.Segment(2));
        var version = call.Number(call.Segment(4), "version", "une version");
        if (!call.Faults.IsEmpty)
        {
            await FaultAnswers.Write(call.Context, call.Faults);
            return;
        }

        var restored = await call.Get<RecordHistory>().Restore(table!, id, version, call.Viewer, call.Origin("restore"), call.Cancellation);
        if (restored.IsFault)
            await FaultAnswers.Write(call.Context, restored.Faults);
        else
            await call.Write(json => HistoryAnswers.WriteRecord(json, restored.Value.Record, table), change: restored.Value.Change);
    }
}
