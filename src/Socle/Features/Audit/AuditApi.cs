using System.Text;
using System.Text.Json;
using Socle.Access;
using Socle.Auditing;
using Socle.Http;

namespace Socle.Features.Audit;

/// <summary><c>GET /api/audit</c>: what happened to access, newest first, as JSON or by Accept as CSV. For administrators.</summary>
public static class AuditApi
{
    private static readonly string[] Columns = ["id", "at", "event", "actor_id", "actor", "address", "request_id", "target", "detail"];

    public static void MapAudit(this WebApplication app) => app.MapAccounts("/api/audit", GateKind.Administrators, ("GET", List));

    private static async Task List(AccountCall call)
    {
        call.Allow("from", "to", "event", "actor", "limit", "offset");
        var filter = new AuditFilter(call.Moment("from"), call.Moment("to"), call.Text("event"), call.Text("actor"));
        var (limit, offset) = (call.Limit(), call.Offset());
        if (!call.Faults.IsEmpty)
        {
            await call.Refuse(call.Faults);
            return;
        }

        var entries = await call.Get<AuditLog>().Read(filter, limit, offset, call.Cancellation);
        call.Context.Response.Headers.Vary = "Accept";
        if (call.Context.Request.Headers.Accept.Any(accepted => accepted?.Contains("text/csv", StringComparison.OrdinalIgnoreCase) == true))
            await WriteCsv(call.Context, entries);
        else
            await EnvelopeAnswers.WriteList(call.Context, entries, Write, limit, offset);
    }

    private static void Write(Utf8JsonWriter json, AuditEntry entry)
    {
        json.WriteNumber("id"u8, entry.Id);
        json.WriteMoment("at", entry.At);
        json.WriteString("event"u8, entry.Event);
        if (entry.ActorId is { } actor)
            json.WriteString("actorId"u8, actor);
        else
            json.WriteNull("actorId"u8);
        json.WriteString("actor"u8, entry.Actor);
        json.WriteString("address"u8, entry.Address?.ToString());
        json.WriteString("requestId"u8, entry.RequestId);
        json.WriteString("target"u8, entry.Target);
        json.WritePropertyName("detail"u8);
        json.WriteRawValue(entry.Detail ?? "null");
    }

    private static Task WriteCsv(HttpContext context, List<AuditEntry> entries)
    {
        var text = new StringBuilder().AppendJoin(',', Columns).Append("\r\n");
        foreach (var entry in entries)
        {
            string?[] cells = [$"{entry.Id}", $"{entry.At.UtcDateTime:O}", entry.Event, $"{entry.ActorId}", entry.Actor, $"{entry.Address}", entry.RequestId, entry.Target, entry.Detail];
            text.AppendJoin(',', cells.Select(Quote)).Append("\r\n");
        }

        context.Response.ContentType = "text/csv; charset=utf-8";
        context.Response.Headers.ContentDisposition = "attachment; filename=\"audit.csv\"";
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsync(text.ToString(), context.RequestAborted);
    }

    /// <summary>What strangers wrote (an actor's address) must not become a formula in a spreadsheet.</summary>
    private static string Quote(string? cell)
    {
        var text = cell is { Length: > 0 } && "=+-@\t\r".Contains(cell[0]) ? $"'{cell}" : cell ?? "";
        return text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }
}
