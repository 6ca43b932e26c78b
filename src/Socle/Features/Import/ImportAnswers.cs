using System.Globalization;
using System.Text.Json;
using Socle.Http;
using Socle.Imports;
using Socle.Kernel;

namespace Socle.Features.Import;

/// <summary>Answers what an import did: in the envelope, or the rejected rows as a file with the numbers in headers.</summary>
internal static class ImportAnswers
{
    public static async Task WriteReport(HttpContext context, ImportReport report)
    {
        var response = context.Response;
        var language = Languages.Of(context.Request);
        response.ContentType = "application/json; charset=utf-8";
        response.Headers.ContentLanguage = Languages.TagOf(language);
        var buffer = AnswerBuffer.Rent();
        try
        {
            var json = buffer.Json;
            json.WriteStartObject();
            json.WriteBoolean("success", true);
            json.WriteStartObject("data");
            WriteNumbers(json, report);
            WriteFile(json, report);
            WriteColumns(json, report);
            WriteRejections(json, report, language);
            json.WriteEndObject();
            json.WriteEndObject();
            await buffer.SendLast(response, context.RequestAborted);
        }
        finally
        {
            AnswerBuffer.Return(buffer);
        }
    }

    public static async Task WriteRejects(HttpContext context, ImportReport report, Stream rejects)
    {
        var response = context.Response;
        response.ContentType = "text/csv; charset=utf-8";
        response.Headers.ContentDisposition = "attachment; filename=rejected.csv";
        foreach (var (name, number) in new[] { ("Rows", report.Rows), ("Created", report.Created), ("Updated", report.Updated), ("Unchanged", report.Unchanged), ("Rejected", report.Rejected) })
            response.Headers[$"Import-{name}"] = number.ToString(CultureInfo.InvariantCulture);
        rejects.Position = 0;
        response.ContentLength = rejects.Length;
        await rejects.CopyToAsync(response.Body, context.RequestAborted);
    }

    private static void WriteNumbers(Utf8JsonWriter json, ImportReport report)
    {
        json.WriteBoolean("dryRun", report.IsDryRun);
        json.WriteBoolean("applied", report.IsApplied);
        json.WriteNumber("rows", report.Rows);
        json.WriteNumber("created", report.Created);
        json.WriteNumber("updated", report.Updated);
        json.WriteNumber("unchanged", report.Unchanged);
        json.WriteNumber("rejected", report.Rejected);
        if (report.ChangeId is { } change)
            json.WriteString("changeId", change);
        else
            json.WriteNull("changeId");
    }

    private static void WriteFile(Utf8JsonWriter json, ImportReport report)
    {
        if (report.Encoding is null)
            return;
        json.WriteString("encoding", report.Encoding);
        json.WriteString("separator", report.Separator.ToString());
        json.WriteNumber("repairedCells", report.Repaired);
    }

    private static void WriteColumns(Utf8JsonWriter json, ImportReport report)
    {
        json.WriteStartArray("columns");
        foreach (var column in report.Columns)
        {
            json.WriteStartObject();
            json.WriteString("header", column.Header);
            json.WriteString("field", column.Field);
            if (column.Format is not null)
                json.WriteString("format", column.Format);
            if (column.IsAssumed)
                json.WriteBoolean("assumed", true);
            if (column.IsIgnored)
                json.WriteBoolean("ignored", true);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("unmapped");
        foreach (var column in report.Unmapped)
        {
            json.WriteStartObject();
            json.WriteString("header", column.Header);
            if (column.Suggestion is not null)
                json.WriteString("suggestion", column.Suggestion);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteRejections(Utf8JsonWriter json, ImportReport report, Language language)
    {
        json.WriteStartArray("rejections");
        foreach (var rejection in report.Rejections)
        {
            json.WriteStartObject();
            json.WriteNumber("line", rejection.Line);
            if (rejection.Fault.Field is not null)
                json.WriteString("field", rejection.Fault.Field);
            json.WriteString("code", FaultStatuses.NameOf(rejection.Fault.Code));
            json.WriteString("message", rejection.Fault.Message.In(language));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
