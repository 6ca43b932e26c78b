using System.Text.Json;
using Socle.History;
using Socle.Http;

namespace Socle.Features.History;

/// <summary>The change sets.</summary>
internal static class ChangeRoutes
{
    public static async Task List(HistoryCall call)
    {
        call.Allow("table", "source", "actor", "requestId", "limit", "offset");
        var table = call.Text("table") is { } name ? call.Table(name) : null;
        var (limit, offset) = (call.Limit(), call.Offset());
        if (!call.Faults.IsEmpty)
        {
            await FaultAnswers.Write(call.Context, call.Faults);
            return;
        }

        var filter = new ChangeFilter(table, call.Text("source"), call.Text("actor"), call.Text("requestId"));
        var sets = await call.Get<ChangeLog>().Read(filter, limit, offset, call.Viewer, call.Cancellation);
        if (sets.IsFault)
            await FaultAnswers.Write(call.Context, sets.Faults);
        else
            await call.WriteList(sets.Value, (json, set) => WriteSet(json, call, set), limit, offset);
    }

    public static async Task Get(HistoryCall call)
    {
        call.Allow("limit", "offset");
        var id = call.Change(call.Segment(2));
        var (limit, offset) = (call.Limit(), call.Offset());
        if (!call.Faults.IsEmpty)
        {
            await FaultAnswers.Write(call.Context, call.Faults);
            return;
        }

        var found = await call.Get<ChangeLog>().Get(id, limit, offset, call.Viewer, call.Cancellation);
        if (found.IsFault)
        {
            await FaultAnswers.Write(call.Context, found.Faults);
            return;
        }

        await call.Write(
            json =>
            {
                json.WriteStartObject();
                WriteSet(json, call, found.Value.Set);
                json.WriteStartArray("entries"u8);
                foreach (var entry in found.Value.Entries)
                    WriteEntry(json, call, entry);
                json.WriteEndArray();
                json.WriteEndObject();
            },
            json => HistoryAnswers.WritePage(json, limit, offset, found.Value.Set.Counts.Sum(count => count.Count)));
    }

    public static async Task Undo(HistoryCall call)
    {
        call.Allow("dry_run");
        var id = call.Change(call.Segment(2));
        var isDry = call.Switch("dry_run");
        if (!call.Faults.IsEmpty)
        {
            await FaultAnswers.Write(call.Context, call.Faults);
            return;
        }

        var report = await call.Get<ChangeUndo>().Run(id, isDry, call.Viewer, call.Origin("undo"), call.Cancellation);
        if (report.IsFault)
            await FaultAnswers.Write(call.Context, report.Faults);
        else
            await call.Write(json => WriteReport(json, call, report.Value, isDry), change: report.Value.Change);
    }

    private static void WriteReport(Utf8JsonWriter json, HistoryCall call, UndoReport report, bool isDry)
    {
        json.WriteStartObject();
        json.WriteNumber("undone"u8, report.Undone);
        json.WriteNumber("conflictCount"u8, report.ConflictCount);
        json.WriteBoolean("dryRun"u8, isDry);
        WriteId(json, "changeId", report.Change);
        json.WriteStartArray("conflicts"u8);
        foreach (var conflict in report.Conflicts)
        {
            json.WriteStartObject();
            json.WriteString("table"u8, conflict.Table);
            json.WriteString("id"u8, conflict.Id);
            json.WriteString("code"u8, FaultStatuses.NameOf(conflict.Reason.Code));
            json.WriteString("reason"u8, conflict.Reason.Message.In(call.Language));
            WriteId(json, "changeId", conflict.Change);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteSet(Utf8JsonWriter json, HistoryCall call, ChangeSet set)
    {
        HistoryAnswers.WriteSource(json, set.Change);
        WriteId(json, "undoes", set.Undoes);
        WriteId(json, "undoneBy", set.UndoneBy);
        json.WriteStartArray("counts"u8);
        foreach (var count in set.Counts)
        {
            json.WriteStartObject();
            json.WriteString("table"u8, TrashRoutes.Find(call.Viewer.Seen, count.Schema, count.Table)?.Name ?? count.Table);
            json.WriteString("operation"u8, count.Operation);
            json.WriteNumber("count"u8, count.Count);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteEntry(Utf8JsonWriter json, HistoryCall call, ChangeEntry entry)
    {
        var table = TrashRoutes.Find(call.Viewer.Seen, entry.Schema, entry.Table);
        json.WriteStartObject();
        json.WriteNumber("version"u8, entry.Version);
        json.WriteString("table"u8, table?.Name ?? entry.Table);
        json.WriteString("id"u8, entry.Key);
        json.WriteString("operation"u8, entry.Operation);
        HistoryAnswers.WriteRecord(json, "before", entry.Before, table);
        json.WriteEndObject();
    }

    private static void WriteId(Utf8JsonWriter json, string name, Guid? id)
    {
        if (id is { } some)
            json.WriteString(name, some);
        else
            json.WriteNull(name);
    }
}
