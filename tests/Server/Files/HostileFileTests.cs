using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;

namespace Socle.Tests.Server.Files;

/// <summary>Files that mean harm do none: they are kept as bytes, sent as bytes, and what reads them is bounded.</summary>
[Collection(nameof(OfficeServer))]
public sealed class HostileFileTests(OfficeServer office)
{
    private static readonly TimeSpan LongestPreview = TimeSpan.FromSeconds(30);
    private static readonly HashSet<string> Shown = ["image/jpeg", "image/png", "image/gif", "image/webp", "image/avif", "image/bmp", "image/x-ms-bmp", "application/pdf", "text/plain"];

    [Fact]
    public async Task None_of_them_does_harm()
    {
        var folders = Folders();
        var before = Memory();
        Assert.True(HostileFiles.All.Count >= 40);
        foreach (var (name, content) in HostileFiles.All)
        {
            var file = await office.Ana.Upload(content, name);
            AssertCleanName((string)file["name"]!, name);
            Assert.Equal(content.Length, (long)file["size"]!);
            await AssertSafeDownload((string)file["url"]!, content, name);
            await AssertSafePreview($"{file["url"]}/thumbnail", name);
            await AssertSafePreview($"{file["url"]}/preview", name);
        }

        Assert.Equal(folders, Folders());
        foreach (var trace in new[] { "/tmp/socle-slip", "/tmp/socle-mvg", "/tmp/socle-eps" })
            Assert.False(File.Exists(trace), trace);
        Assert.Equal(HttpStatusCode.OK, await office.Ana.Status("/health"));
        var growth = (Memory() - before) / 1_000_000;
        TestContext.Current.TestOutputHelper!.WriteLine($"{growth} MB more.");
        Assert.True(growth < 200, $"The server grew by {growth} MB.");
    }

    private async Task AssertSafeDownload(string url, byte[] content, string name)
    {
        using var answer = await office.Ana.GetAsync(new Uri(url, UriKind.Relative), TestContext.Current.CancellationToken);
        var type = answer.Content.Headers.ContentType!.MediaType!;
        var disposition = answer.Content.Headers.GetValues("Content-Disposition").Single();
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(content, await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("same-origin", answer.Headers.GetValues("Cross-Origin-Resource-Policy").Single());
        Assert.StartsWith("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
        Assert.DoesNotContain("html", type, StringComparison.Ordinal);
        Assert.DoesNotContain("xml", type, StringComparison.Ordinal);
        Assert.DoesNotContain("script", type, StringComparison.Ordinal);
        if (disposition.StartsWith("inline", StringComparison.Ordinal))
            Assert.True(Shown.Contains(type) || type.StartsWith("video/", StringComparison.Ordinal) || type.StartsWith("audio/", StringComparison.Ordinal), $"{name}: {type}");
        else
            Assert.StartsWith("attachment", disposition, StringComparison.Ordinal);
        Assert.True(type == "application/pdf" || policy.EndsWith("; sandbox", StringComparison.Ordinal), $"{name}: {policy}");
    }

    private async Task AssertSafePreview(string url, string name)
    {
        var started = Stopwatch.GetTimestamp();
        using var answer = await office.Ana.GetAsync(new Uri(url, UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.UnsupportedMediaType or HttpStatusCode.UnprocessableEntity, $"{name}: {answer.StatusCode}");
        if (answer.StatusCode == HttpStatusCode.OK)
            Assert.True(answer.Content.Headers.ContentType!.MediaType is "image/webp" or "image/png", name);
        Assert.True(Stopwatch.GetElapsedTime(started) < LongestPreview, $"{name} took {Stopwatch.GetElapsedTime(started)}.");
    }

    private static void AssertCleanName(string name, string sent)
    {
        Assert.True(name.Length > 0 && Encoding.UTF8.GetByteCount(name) <= 210, sent);
        Assert.DoesNotContain(name, c => c is '/' or '\\' or '<' or '>' or '"' or '\0' || char.IsControl(c) || char.GetUnicodeCategory(c) == UnicodeCategory.Format);
        Assert.False(name.StartsWith('.'), sent);
    }

    /// <summary>All that lies in the data folder but not among the files.</summary>
    private string Folders() => string.Join('\n', Directory.EnumerateFileSystemEntries(office.Server.DataFolder, "*", SearchOption.AllDirectories)
        .Where(path => !path.StartsWith(office.Folder, StringComparison.Ordinal) && !path.Contains("/imports", StringComparison.Ordinal)).Order(StringComparer.Ordinal));

    private long Memory() => 1024 * long.Parse(
        File.ReadLines($"/proc/{office.Server.ProcessId}/status").First(line => line.StartsWith("VmRSS", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture);
}
