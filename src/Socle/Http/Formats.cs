using System.Collections.Frozen;
using Microsoft.Net.Http.Headers;
using Socle.Records;
using Socle.Records.Export;

namespace Socle.Http;

/// <summary>Media types asked for and sent.</summary>
public static class Formats
{
    public static string Xlsx { get; } = ExportFile.MediaType(ExportFormat.Xlsx);

    private static readonly FrozenSet<string> Answered =
        new[] { "*/*", "application/*", "text/*", "application/json", "text/csv", "text/html", Xlsx }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static bool IsJson(string? contentType) =>
        contentType is null
        || (MediaTypeHeaderValue.TryParse(contentType, out var type) && (type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase) || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase)));

    /// <summary>The file that Accept names, by the larger weight where it names both.</summary>
    public static ExportFormat? FindExport(HttpRequest request)
    {
        var (csv, xlsx) = (Accepts(request, "text/csv"), Accepts(request, Xlsx));
        if (csv && xlsx)
            return WeightOf(request, Xlsx) > WeightOf(request, "text/csv") ? ExportFormat.Xlsx : ExportFormat.Csv;
        return csv ? ExportFormat.Csv : xlsx ? ExportFormat.Xlsx : null;
    }

    public static bool WantsHtml(HttpRequest request) => Accepts(request, "text/html");

    /// <summary>Whether JSON, CSV or a workbook may be answered.</summary>
    public static bool CanAnswer(HttpRequest request)
    {
        var accept = request.Headers.Accept;
        return accept.Count == 0
            || !MediaTypeHeaderValue.TryParseList(accept, out var types)
            || types.Any(type => type.Quality is not 0 && (Answered.Contains(type.MediaType.Value!) || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase)));
    }

    private static double WeightOf(HttpRequest request, string mediaType) =>
        MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var types)
            ? types.Where(type => type.MediaType.Equals(mediaType, StringComparison.OrdinalIgnoreCase)).Max(type => type.Quality ?? 1)
            : 0;

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
