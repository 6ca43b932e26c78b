using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Socle.Testing;
using Socle.Tests.Acceptance.Running;

namespace Socle.Tests.Acceptance.Files;

/// <summary>Large files cost the server time and disk, not memory; and a server that is killed in the middle loses only what it had not told to have.</summary>
[Collection<Measured>]
public sealed class LargeFileTests
{
    private const long TwoGigabytes = 2L * 1024 * 1024 * 1024;
    private const long Allowed = 60 * 1024 * 1024;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Two_gigabytes_go_up_and_come_down_at_constant_memory()
    {
        await using var server = await RunningServer.Start();
        await Upload(server, 10_000_000);
        await ForgetPeak(server);
        var before = server.ReadMemory("VmRSS");
        var started = Stopwatch.GetTimestamp();

        var (file, sha256) = await Upload(server, TwoGigabytes);

        var took = Stopwatch.GetElapsedTime(started);
        var growth = server.ReadMemory("VmHWM") - before;
        TestContext.Current.TestOutputHelper!.WriteLine($"Up: {took.TotalSeconds:F1} s, {growth / 1024 / 1024} MB more.");
        Assert.Equal(TwoGigabytes, (long)file["size"]!);
        Assert.Equal(sha256, (string)file["sha256"]!);
        Assert.True(growth < Allowed, $"The server grew by {growth / 1024 / 1024} MB.");
        Assert.True(took < Machine.Allow(Limit), $"It took {took}.");
        await AssertRange(server, file, TwoGigabytes - 1_000_000);
        await AssertRange(server, file, 1_234_567_890);
        growth = server.ReadMemory("VmHWM") - before;
        Assert.True(growth < Allowed, $"The server grew by {growth / 1024 / 1024} MB.");
    }

    [Fact]
    public async Task A_server_killed_in_the_middle_shows_no_half_file_and_goes_on_where_it_was()
    {
        const int Size = 60_000_000;
        using var data = new DataFolder();
        var content = new Bytes(Size).ToArray();
        string upload;
        await using (var server = await RunningServer.Start(dataFolder: data.FolderPath))
        {
            upload = await Begin(server, Size);
            var slow = new Bytes(Size) { PauseEvery = 5_000_000 };
            var whole = server.Http.PostAsync(new Uri("/api/files?name=half", UriKind.Relative), new StreamContent(new Bytes(Size) { PauseEvery = 5_000_000 }), TestContext.Current.CancellationToken);
            var part = Append(server, upload, 0, slow);
            await Polling.Until("half of it is there", TimeSpan.FromSeconds(60), () => Task.FromResult(slow.Position > Size / 2));
            Process.GetProcessById(server.ProcessId).Kill();
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => part);
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => whole);
        }

        Assert.Empty(Content(data));
        await using var again = await RunningServer.Start(dataFolder: data.FolderPath);
        Assert.Empty((await Json(again, "/api/files"))["data"]!.AsArray());
        Assert.Equal(HttpStatusCode.NotFound, (await again.Http.GetAsync(new Uri(upload.Replace("/uploads", "", StringComparison.Ordinal), UriKind.Relative), TestContext.Current.CancellationToken)).StatusCode);
        var offset = await Offset(again, upload);
        Assert.InRange(offset, 1_000_000, Size - 1);
        using var rest = await Append(again, upload, offset, new MemoryStream(content, (int)offset, Size - (int)offset));

        Assert.Equal(HttpStatusCode.NoContent, rest.StatusCode);
        var info = await Json(again, $"{upload.Replace("/uploads", "", StringComparison.Ordinal)}/info");
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(content)), (string)info["data"]!["sha256"]!);
        Assert.Single(Content(data));
    }

    [Fact]
    public async Task The_usual_client_of_tus_stops_and_goes_on()
    {
        await using var server = await RunningServer.Start();
        var folder = Path.Combine(SocleProgram.TestFolder, "tus");
        await Programs.Read("npm", "ci", "--prefix", folder, "--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts");
        var path = Path.Combine(Path.GetDirectoryName(server.DataFolder)!, "sent.bin");
        var content = new Bytes(5_500_000).ToArray();
        await File.WriteAllBytesAsync(path, content, TestContext.Current.CancellationToken);
        foreach (var cut in new[] { "", "2000000" })
        {
            var url = (await Programs.Read("node", Path.Combine(folder, "upload.mjs"), server.Address.ToString().TrimEnd('/'), path, cut)).Trim();
            var info = await Json(server, $"/api/files/{url[(url.LastIndexOf('/') + 1)..]}/info");
            Assert.Equal("relevé du 3.bin", (string)info["data"]!["name"]!);
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(content)), (string)info["data"]!["sha256"]!);
        }
    }

    /// <summary>"5" makes the peak anew from what is used now.</summary>
    private static Task ForgetPeak(RunningServer server) => File.WriteAllTextAsync($"/proc/{server.ProcessId}/clear_refs", "5", TestContext.Current.CancellationToken);

    private static async Task<(JsonNode File, string Sha256)> Upload(RunningServer server, long size)
    {
        var bytes = new Bytes(size);
        using var http = new HttpClient { BaseAddress = server.Address, Timeout = TimeSpan.FromMinutes(5) };
        using var answer = await http.PostAsync(new Uri("/api/files?name=large.bin", UriKind.Relative), new StreamContent(bytes, 1_000_000), TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.StatusCode == HttpStatusCode.Created, text);
        return (JsonNode.Parse(text)!["data"]!, bytes.Sha256());
    }

    private static async Task AssertRange(RunningServer server, JsonNode file, long from)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, (string)file["url"]!);
        request.Headers.Range = new RangeHeaderValue(from, from + 999_999);
        using var answer = await server.Http.SendAsync(request, TestContext.Current.CancellationToken);
        var expected = new byte[1_000_000];
        new Bytes(TwoGigabytes) { Position = from }.ReadExactly(expected);
        var sent = await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.PartialContent, answer.StatusCode);
        Assert.True(expected.AsSpan().SequenceEqual(sent));
    }

    private static async Task<string> Begin(RunningServer server, long size)
    {
        using var answer = await Send(server, HttpMethod.Post, "/api/files/uploads", request => request.Headers.Add("Upload-Length", $"{size}"));
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return answer.Headers.Location!.ToString();
    }

    private static async Task<long> Offset(RunningServer server, string upload)
    {
        using var answer = await Send(server, HttpMethod.Head, upload, _ => { });
        return long.Parse(answer.Headers.GetValues("Upload-Offset").Single());
    }

    private static Task<HttpResponseMessage> Append(RunningServer server, string upload, long offset, Stream content) => Send(server, HttpMethod.Patch, upload, request =>
    {
        request.Headers.Add("Upload-Offset", $"{offset}");
        request.Content = new StreamContent(content) { Headers = { ContentType = new MediaTypeHeaderValue("application/offset+octet-stream") } };
    });

    private static async Task<HttpResponseMessage> Send(RunningServer server, HttpMethod method, string address, Action<HttpRequestMessage> describe)
    {
        using var request = new HttpRequestMessage(method, address);
        request.Headers.Add("Tus-Resumable", "1.0.0");
        describe(request);
        return await server.Http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static async Task<JsonNode> Json(RunningServer server, string address) =>
        JsonNode.Parse(await server.Http.GetStringAsync(new Uri(address, UriKind.Relative), TestContext.Current.CancellationToken))!;

    /// <summary>All content that has its name.</summary>
    private static List<string> Content(DataFolder data) =>
        [.. Directory.EnumerateFiles(Path.Combine(data.FolderPath, "files"), "*", SearchOption.AllDirectories).Where(path => !path.Contains("/partial/", StringComparison.Ordinal))];
}
