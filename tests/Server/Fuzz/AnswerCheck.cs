using System.Text.Json;

namespace Socle.Tests.Server.Fuzz;

/// <summary>What every answer must be, whatever was asked.</summary>
internal static class AnswerCheck
{
    private static readonly string[] OtherTypes = ["text/html", "text/css", "text/javascript", "text/plain", "image/svg+xml"];

    /// <summary>What is wrong with an answer, or null.</summary>
    public static string? Find(string method, int status, string? contentType, string body, string asked)
    {
        if (status is < 200 or >= 500)
            return $"status {status}";
        if (method is "HEAD" or "head" || status is 204 or 304)
            return body.Length == 0 ? null : "a body where none may be";
        // What the web server itself refuses before it is a request of ours has no body.
        if (body.Length == 0)
            return status is 400 or 408 or 411 or 414 or 431 ? null : $"no body with status {status}";
        var type = contentType?.Split(';')[0];
        return type switch
        {
            "application/json" => FindInJson(status, body, asked),
            "text/csv" => FindInCsv(status, body),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" => body.StartsWith("PK", StringComparison.Ordinal) && status == 200 ? null : $"no workbook, with status {status}",
            _ when OtherTypes.Contains(type) => Leaks.Find(body) is { } leak && type != "text/html" ? $"leak: {leak}" : null,
            _ => $"content type {contentType}",
        };
    }

    private static string? FindInJson(int status, string body, string asked)
    {
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 200 });
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("success", out var success))
                return "no envelope";
            if (status < 400)
                return success.ValueKind == JsonValueKind.True && root.TryGetProperty("data", out _) ? null : "no data";
            var error = root.GetProperty("error");
            var isWhole = success.ValueKind == JsonValueKind.False && error.GetProperty("code").GetString()!.Length > 0
                && error.GetProperty("message").GetString()!.Length > 0 && error.GetProperty("requestId").GetString()!.Length > 0;
            return isWhole ? FindLeak(error, asked) : "half an error";
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return $"{exception.Message} in {body}";
        }
    }

    /// <summary>Only what the server says by itself: a caller's own words may come back in quotes.</summary>
    private static string? FindLeak(JsonElement error, string asked)
    {
        var texts = new List<string> { error.GetProperty("message").GetString()! };
        if (error.TryGetProperty("fields", out var fields))
            texts.AddRange(fields.EnumerateObject().Select(field => field.Value.GetString()!));
        return texts.Select(Leaks.Find).FirstOrDefault(leak => leak is not null && !asked.Contains(leak, StringComparison.OrdinalIgnoreCase)) is { } found ? $"leak: {found}" : null;
    }

    private static string? FindInCsv(int status, string body)
    {
        if (status != 200)
            return $"CSV with status {status}";
        // Only what is French begins with a byte order mark.
        var separator = body.StartsWith('\uFEFF') ? ';' : ',';
        var (fields, expected, isQuoted) = (1, 0, false);
        for (var i = 0; i < body.Length; i++)
        {
            if (body[i] == '"')
                isQuoted = !isQuoted;
            else if (body[i] == separator && !isQuoted)
                fields++;
            else if (body[i] == '\n' && !isQuoted)
            {
                if (expected != 0 && fields != expected)
                    return $"a CSV line of {fields} cells, not {expected}";
                (expected, fields) = (fields, 1);
            }
        }

        return isQuoted || !body.EndsWith("\r\n", StringComparison.Ordinal) ? "CSV that ends early" : null;
    }
}
