using System.Text.Json;
using Socle.Kernel;

namespace Socle.Features.Batch;

/// <summary>One member of a batch as it was written: a method, a path, perhaps headers and a body.</summary>
internal sealed record OperationDraft(string Method, string Path, IHeaderDictionary Headers, JsonElement? Body)
{
    private static readonly string[] Methods = ["GET", "POST", "PUT", "PATCH", "DELETE"];
    private static readonly string[] Understood = ["If-Match", "Prefer"];

    public static Result<OperationDraft> Read(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
            return BatchFaults.NotAnOperation;
        var faults = new List<Fault>();
        string? method = null, path = null;
        JsonElement? body = null;
        var headers = new HeaderDictionary();
        foreach (var member in element.EnumerateObject())
        {
            switch (member.Name)
            {
                case "method":
                    method = Text(member.Value)?.ToUpperInvariant();
                    break;
                case "path":
                    path = Text(member.Value);
                    break;
                case "body":
                    body = member.Value;
                    break;
                case "headers":
                    faults.AddRange(ReadHeaders(member.Value, headers));
                    break;
                default:
                    faults.Add(BatchFaults.UnknownMember(member.Name));
                    break;
            }
        }

        if (method is null || !Methods.Contains(method))
            faults.Add(BatchFaults.WrongMethod);
        if (path is null)
            faults.Add(BatchFaults.WrongPath);
        return faults.Count > 0 ? faults : new OperationDraft(method!, path!, headers, body);
    }

    private static IEnumerable<Fault> ReadHeaders(JsonElement sent, HeaderDictionary headers)
    {
        if (sent.ValueKind != JsonValueKind.Object)
        {
            yield return BatchFaults.WrongHeader("headers");
            yield break;
        }

        foreach (var header in sent.EnumerateObject())
        {
            var name = Understood.FirstOrDefault(known => known.Equals(header.Name, StringComparison.OrdinalIgnoreCase));
            if (name is null || headers.ContainsKey(name) || Text(header.Value) is not { } value)
                yield return BatchFaults.WrongHeader($"headers.{header.Name}");
            else
                headers[name] = value;
        }
    }

    /// <summary>A string's text; null for anything else, and for half of a surrogate pair.</summary>
    private static string? Text(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
