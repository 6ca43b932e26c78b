using Microsoft.AspNetCore.Http.Features;

namespace Socle.Http;

/// <summary>The table and the id in a request's path, decoded once and wholly: routing leaves an escaped slash as it is.</summary>
public static class RecordAddress
{
    public static (string Table, string? Id) Read(HttpContext context)
    {
        var table = (string)context.Request.RouteValues["table"]!;
        var id = context.Request.RouteValues["id"] as string;
        if (!HasEscapedSlash(table) && (id is null || !HasEscapedSlash(id)))
            return (table, id);
        var path = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var segments = path[..Length(path)].Split('/', StringSplitOptions.RemoveEmptyEntries);
        return id is null ? (Decode(segments[^1]), null) : (Decode(segments[^2]), Decode(segments[^1]));
    }

    private static bool HasEscapedSlash(string segment) => segment.Contains("%2F", StringComparison.OrdinalIgnoreCase);

    private static int Length(string target) => target.IndexOf('?', StringComparison.Ordinal) is var end and >= 0 ? end : target.Length;

    private static string Decode(string segment) => Uri.UnescapeDataString(segment);
}
