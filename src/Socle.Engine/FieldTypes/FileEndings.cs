using System.Collections.Frozen;

namespace Socle.FieldTypes;

/// <summary>The media types that endings of names stand for in <c>accept</c>: a field takes files by what they are, whatever they are called.</summary>
public static class FileEndings
{
    private const string OpenXml = "application/vnd.openxmlformats-officedocument.";
    private const string OpenDocument = "application/vnd.oasis.opendocument.";

    private static readonly FrozenDictionary<string, string[]> Types = new Dictionary<string, string[]>
    {
        [".pdf"] = ["application/pdf"],
        [".jpg"] = ["image/jpeg"],
        [".jpeg"] = ["image/jpeg"],
        [".png"] = ["image/png"],
        [".gif"] = ["image/gif"],
        [".webp"] = ["image/webp"],
        [".tif"] = ["image/tiff"],
        [".tiff"] = ["image/tiff"],
        [".bmp"] = ["image/bmp", "image/x-ms-bmp"],
        [".heic"] = ["image/heic", "image/heif"],
        [".avif"] = ["image/avif"],
        [".svg"] = ["image/svg+xml"],
        [".doc"] = ["application/msword"],
        [".xls"] = ["application/vnd.ms-excel"],
        [".ppt"] = ["application/vnd.ms-powerpoint"],
        [".docx"] = [OpenXml + "wordprocessingml.document"],
        [".xlsx"] = [OpenXml + "spreadsheetml.sheet"],
        [".pptx"] = [OpenXml + "presentationml.presentation"],
        [".odt"] = [OpenDocument + "text"],
        [".ods"] = [OpenDocument + "spreadsheet"],
        [".odp"] = [OpenDocument + "presentation"],
        [".rtf"] = ["text/rtf"],
        [".txt"] = ["text/plain"],
        [".csv"] = ["text/csv", "application/csv", "text/plain"],
        [".json"] = ["application/json"],
        [".geojson"] = ["application/json", "application/geo+json"],
        [".xml"] = ["text/xml", "application/xml"],
        [".html"] = ["text/html"],
        [".zip"] = ["application/zip"],
        [".gz"] = ["application/gzip"],
        [".7z"] = ["application/x-7z-compressed"],
        [".eml"] = ["message/rfc822"],
        [".mp3"] = ["audio/mpeg"],
        [".m4a"] = ["audio/x-m4a", "audio/mp4"],
        [".wav"] = ["audio/x-wav", "audio/wav"],
        [".ogg"] = ["audio/ogg", "application/ogg"],
        [".mp4"] = ["video/mp4"],
        [".webm"] = ["video/webm"],
        [".mov"] = ["video/quicktime"],
        [".dwg"] = ["image/vnd.dwg"],
        [".dxf"] = ["image/vnd.dxf"],
    }.ToFrozenDictionary();

    public static IEnumerable<string> Known => Types.Keys.Order(StringComparer.Ordinal);

    /// <summary>Whether it may stand in <c>accept</c>: a media type, all of a kind (<c>image/*</c>), or an ending that is known.</summary>
    public static bool IsAcceptable(string word)
    {
        if (word.StartsWith('.'))
            return Types.ContainsKey(word);
        var parts = word.Split('/');
        return parts.Length == 2 && parts[0].Length > 0 && IsToken(parts[0]) && (parts[1] == "*" || (parts[1].Length > 0 && IsToken(parts[1])));
    }

    /// <summary>The media types, and kinds with <c>/*</c>, that the words stand for.</summary>
    public static IReadOnlyList<string> TypesOf(IEnumerable<string> accept) =>
        [.. accept.SelectMany(word => Types.TryGetValue(word, out var types) ? types : [word]).Distinct()];

    private static bool IsToken(string text) => text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '-' or '+' or '_');
}
