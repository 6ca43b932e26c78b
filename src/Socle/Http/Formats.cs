using Microsoft.Net.Http.Headers;

namespace Socle.Http;

/// <summary>Media types asked for and sent.</summary>
public static class Formats
{
    public static bool IsJson(string? contentType) =>
        contentType is null
        || (MediaTypeHeaderValue.TryParse(contentType, out var type) && (type.MediaType == "application/json" || type.Suffix == "json"));

    public static bool WantsCsv(HttpRequest request) => Accepts(request, "text/csv");

    public static bool WantsHtml(HttpRequest request) => Accepts(request, "text/html");

    /// <summary>Whether JSON or CSV may be answered.</summary>
    public static bool CanAnswer(HttpRequest request)
    {
        var accept = request.Headers.Accept;
        return accept.Count == 0
            || !MediaTypeHeaderValue.TryParseList(accept, out var types)
            || types.Any(type => type.Quality is not 0 && type.MediaType.Value is "*/*" or "application/*" or "text/*" or "application/json" or "text/csv" or "text/html" || type.Suffix == "json");
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
