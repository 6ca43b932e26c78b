using System.Collections.Frozen;
using Microsoft.Net.Http.Headers;

namespace Socle.Http;

/// <summary>Media types asked for and sent.</summary>
public static class Formats
{
    private static readonly FrozenSet<string> Answered =
        new[] { "*/*", "application/*", "text/*", "application/json", "text/csv", "text/html" }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static bool IsJson(string? contentType) =>
        contentType is null
        || (MediaTypeHeaderValue.TryParse(contentType, out var type) && (type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase) || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase)));

    public static bool WantsCsv(HttpRequest request) => Accepts(request, "text/csv");

    public static bool WantsHtml(HttpRequest request) => Accepts(request, "text/html");

    /// <summary>Whether JSON or CSV may be answered.</summary>
    public static bool CanAnswer(HttpRequest request)
    {
        var accept = request.Headers.Accept;
        return accept.Count == 0
            || !MediaTypeHeaderValue.TryParseList(accept, out var types)
            || types.Any(type => type.Quality is not 0 && (Answered.Contains(type.MediaType.Value!) || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase)));
    }

    private static bool Accepts(HttpRequest request, string mediaType)
    {
        foreach (var value in request.Headers.Accept)
        {
            if (value?.Contains(mediaType, StringComparison.OrdinalIgnoreCase) == true)
                return true;
        }

        return false;
    }
}
