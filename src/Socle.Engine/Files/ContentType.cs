using System.Text;

namespace Socle.Files;

/// <summary>
/// What content is, by its own bytes (libmagic's program <c>file</c>), never by its name; and what of it a browser may show. Takes a path,
/// gives a media type; bytes that nobody knows, or a program that is missing, give <c>application/octet-stream</c>.
/// </summary>
/// <param name="Name">The media type, without parameters.</param>
/// <param name="Charset">The encoding of text, where it is one that browsers know.</param>
public sealed record ContentType(string Name, string? Charset)
{
    private const string Bytes = "application/octet-stream";

    private static readonly ProgramLimits Limits = new(TimeSpan.FromSeconds(10), 1_000_000_000, 1000);

    private static readonly HashSet<string> ShownImages =
        ["image/jpeg", "image/png", "image/gif", "image/webp", "image/avif", "image/bmp", "image/x-ms-bmp"];

    public static async Task<ContentType> Detect(string path, CancellationToken cancellation)
    {
        using var said = new MemoryStream();
        if (!await LimitedProgram.Run(path, said, Limits, ["file", "--brief", "--mime", "-"], cancellation))
            return new ContentType(Bytes, null);
        return Parse(Encoding.UTF8.GetString(said.ToArray()).Trim());
    }

    /// <summary><c>text/plain; charset=utf-8</c>; anything else, such as an excuse, is no type.</summary>
    internal static ContentType Parse(string said)
    {
        var parts = said.ToLowerInvariant().Split("; charset=");
        var name = parts[0];
        var isType = name.Length is > 2 and <= 120 && name.Count(c => c == '/') == 1 && name[0] != '/' && name[^1] != '/'
            && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '-' or '+' or '_');
        // What libmagic knows by its own name for "nothing" and "no idea".
        if (!isType || name.StartsWith("inode/", StringComparison.Ordinal) || name.StartsWith("cannot", StringComparison.Ordinal))
            return new ContentType(Bytes, null);
        return new ContentType(name, parts.Length < 2 ? null : parts[1] switch
        {
            "us-ascii" or "utf-8" => "utf-8",
            "iso-8859-1" or "utf-16le" or "utf-16be" => parts[1],
            _ => null,
        });
    }

    /// <summary>Whether a browser may show it in a window of its own: pictures without script, PDF, plain text, sound and film.</summary>
    public bool IsShown =>
        ShownImages.Contains(Name) || Name is "application/pdf" or "text/plain"
        || Name.StartsWith("audio/", StringComparison.Ordinal) || Name.StartsWith("video/", StringComparison.Ordinal);

    /// <summary>What is said of it when it is downloaded. What could run or style a page is bytes.</summary>
    public string Served => this switch
    {
        { Name: "text/plain" } => $"text/plain; charset={Charset ?? "utf-8"}",
        { Name: "text/csv" } => $"text/csv; charset={Charset ?? "utf-8"}",
        _ when IsActive => Bytes,
        _ => Name,
    };

    private bool IsActive =>
        Name.StartsWith("text/", StringComparison.Ordinal) || Name.StartsWith("message/", StringComparison.Ordinal) || Name.StartsWith("multipart/", StringComparison.Ordinal)
        || Name.EndsWith("xml", StringComparison.Ordinal) || Name.EndsWith("script", StringComparison.Ordinal) || Name.EndsWith("html", StringComparison.Ordinal)
        || Name.Contains("flash", StringComparison.Ordinal);
}
