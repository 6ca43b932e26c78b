using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Socle.Kernel;

namespace Socle.Files;

/// <summary>A picture of a file.</summary>
/// <param name="Path">Where it lies.</param>
/// <param name="MediaType">What it is.</param>
/// <param name="Kind">What it shows, for its tag.</param>
public sealed record Preview(string Path, string MediaType, string Kind);

/// <summary>
/// Pictures of pictures (libvips) and of the pages of PDF (poppler), made once and kept beside the content. The programs read what anybody
/// may have sent: they run with limits and without network, few at a time, and what they could not read is not tried again. Refuses other
/// types, too many pixels, and what is damaged.
/// </summary>
public sealed partial class Previews(FileFolder folder) : IDisposable
{
    /// <summary>The widths and heights that are made; what is asked for becomes the next of them.</summary>
    public static IReadOnlyList<int> Sizes { get; } = [64, 128, 256, 512, 1024];

    public const int LargeSize = 2048;

    public const int MostPages = 10;

    private const long MostPixels = 150_000_000;
    private const string Failed = ".none";

    private static readonly ProgramLimits Limits = new(TimeSpan.FromSeconds(20), 1_500_000_000, 30_000_000);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly HashSet<string> Pictures =
        ["image/jpeg", "image/png", "image/gif", "image/webp", "image/tiff", "image/avif", "image/heic", "image/heif"];

    /// <summary>The programs that look into files and that this machine lacks, those of types included.</summary>
    public static IReadOnlyList<string> MissingPrograms => [.. LimitedProgram.FindMissing("file", "prlimit", "setpriv", "vipsheader", "vipsthumbnail", "pdftoppm")];

    private readonly SemaphoreSlim _turns = new(Math.Max(1, Environment.ProcessorCount / 2));

    public void Dispose() => _turns.Dispose();

    /// <param name="file">Of what.</param>
    /// <param name="size">The longest side, one of <see cref="Sizes"/> or <see cref="LargeSize"/>.</param>
    /// <param name="page">Of a PDF, from 1.</param>
    /// <param name="cancellation">The caller left.</param>
    public async Task<Result<Preview>> Get(StoredFile file, int size, int page, CancellationToken cancellation)
    {
        var isPdf = file.Type.Name == "application/pdf";
        if (!isPdf && !Pictures.Contains(file.Type.Name))
            return FileFaults.NoPreviewOf(file.Type.Name);
        if (page < 1 || page > (isPdf ? MostPages : 1))
            return FileFaults.Broken;
        var kind = isPdf ? KindOfPage(size, page) : KindOfPicture(size);
        var preview = new Preview(folder.PreviewOf(file.Sha256, kind), isPdf ? "image/png" : "image/webp", kind);
        if (File.Exists(preview.Path))
            return preview;
        // What was too much for a small picture is too much for a larger one.
        if (Sizes.Append(LargeSize).Where(tried => tried <= size).Any(tried => File.Exists(folder.PreviewOf(file.Sha256, isPdf ? KindOfPage(tried, page) : KindOfPicture(tried)) + Failed)))
            return FileFaults.Broken;
        if (!await _turns.WaitAsync(Patience, cancellation))
            return FileFaults.TooManyPreviews;
        try
        {
            return File.Exists(preview.Path) || await Make(file, preview, isPdf ? Page(size, page) : Picture(size), isPdf, cancellation) ? preview : FileFaults.Broken;
        }
        finally
        {
            _turns.Release();
        }
    }

    private static string KindOfPage(int size, int page) => string.Create(CultureInfo.InvariantCulture, $"p{page}.{size}.png");

    private static string KindOfPicture(int size) => string.Create(CultureInfo.InvariantCulture, $"{size}.webp");

    private async Task<bool> Make(StoredFile file, Preview preview, string[] command, bool isPdf, CancellationToken cancellation)
    {
        var content = folder.PathOf(file.Sha256);
        // The pid tells apart what several servers make at once.
        var partial = $"{preview.Path}.{Environment.ProcessId}.part";
        try
        {
            bool isMade;
            await using (var output = new FileStream(partial, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }))
                isMade = (isPdf || await HasFewPixels(content, cancellation)) && await LimitedProgram.Run(content, output, Limits, command, cancellation) && output.Length > 0;
            // Content that was removed meanwhile says nothing of itself.
            if (isMade)
                File.Move(partial, preview.Path, overwrite: true);
            else if (File.Exists(content))
                await File.WriteAllBytesAsync(preview.Path + Failed, [], cancellation);
            return isMade;
        }
        finally
        {
            File.Delete(partial);
        }
    }

    /// <summary>A small file may unfold to a huge picture: its head tells.</summary>
    private static async Task<bool> HasFewPixels(string content, CancellationToken cancellation)
    {
        using var said = new MemoryStream();
        if (!await LimitedProgram.Run(content, said, Limits with { Output = 10_000 }, ["vipsheader", "stdin"], cancellation))
            return false;
        return Dimensions().Match(Encoding.UTF8.GetString(said.ToArray())) is { Success: true } match
            && long.TryParse(match.Groups["width"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var width)
            && long.TryParse(match.Groups["height"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var height)
            && width * height <= MostPixels;
    }

    /// <summary>Turned as the camera says, and without what the camera tells besides, such as where it was.</summary>
    private static string[] Picture(int size) =>
        ["vipsthumbnail", "stdin", "--size", string.Create(CultureInfo.InvariantCulture, $"{size}x{size}>"), "-o", ".webp[Q=80,strip]"];

    private static string[] Page(int size, int page)
    {
        var number = page.ToString(CultureInfo.InvariantCulture);
        return ["pdftoppm", "-png", "-f", number, "-l", number, "-singlefile", "-scale-to", size.ToString(CultureInfo.InvariantCulture), "-"];
    }

    [GeneratedRegex(@"(^|: )(?<width>[0-9]{1,9})x(?<height>[0-9]{1,9}) ", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Dimensions();
}
