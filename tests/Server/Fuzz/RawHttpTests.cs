using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace Socle.Tests.Server.Fuzz;

/// <summary>What is no HTTP, or nearly none, byte by byte: refused in peace, and nothing of it is an error of the server.</summary>
public sealed partial class RawHttpTests(FuzzTests.FuzzedServer server) : IClassFixture<FuzzTests.FuzzedServer>
{
    private const string Post = "POST /api/sandbox HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: 12\r\n\r\n{\"name\":\"x\"}";

    public static TheoryData<string> Requests => [
        "GARBAGE\r\n\r\n", "\r\n\r\n", "\0\0\0\0\r\n\r\n", "GET\r\n\r\n", "GET /api/clients\r\n\r\n", "GET /api/clients HTTP/1.1\r\n\r\n", "GET  /api/clients  HTTP/1.1\r\nHost: x\r\n\r\n", "GET /api/clients HTTP/9.9\r\nHost: x\r\n\r\n",
        "GET /api/clients HTTP/1.0\r\n\r\n", "GET /api/clients HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", "GET /api/clients HTTP/1.1\nHost: x\n\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", "CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET http://elsewhere/api/clients HTTP/1.1\r\nHost: x\r\n\r\n", "GET http://elsewhere/api/%C3%9Cn%C3%AF%20t%C3%A4ble/a%2Fb HTTP/1.1\r\nHost: elsewhere\r\n\r\n", "GET ftp://x/ HTTP/1.1\r\nHost: x\r\n\r\n", "GET api/clients HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /% HTTP/1.1\r\nHost: x\r\n\r\n", "GET /api/%zz HTTP/1.1\r\nHost: x\r\n\r\n", "GET /api/%00 HTTP/1.1\r\nHost: x\r\n\r\n", "GET /api/clients/%00 HTTP/1.1\r\nHost: x\r\n\r\n", "GET /api/%ff%fe HTTP/1.1\r\nHost: x\r\n\r\n", "GET /api/clients%2F1 HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /api/%2e%2e/api/%252f HTTP/1.1\r\nHost: x\r\n\r\n", "GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n", "GET /..%2f..%2fetc HTTP/1.1\r\nHost: x\r\n\r\n", "GET /%2f/%25/.. HTTP/1.1\r\nHost: x\r\n\r\n", "GET /.%2f HTTP/1.1\r\nHost: x\r\n\r\n", "GET /%2f HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET //api//clients HTTP/1.1\r\nHost: x\r\n\r\n", "GET /api/clients?\x00 HTTP/1.1\r\nHost: x\r\n\r\n", "GET /api/cl\u00ffients?a=\u00ff HTTP/1.1\r\nHost: x\r\n\r\n", "GET /api/clients?a=b#c HTTP/1.1\r\nHost: x\r\n\r\n", "GET /api/clients?a b HTTP/1.1\r\nHost: x\r\n\r\n", "GET \\api\\clients HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /api/clients HTTP/1.1\r\nHost: x\r\nNo colon\r\n\r\n", "GET /api/clients HTTP/1.1\r\nHost: x\r\n folded: x\r\n\r\n", "GET /api/clients HTTP/1.1\r\nHost: x\r\nAccept: a\0b\r\n\r\n", "GET /api/clients HTTP/1.1\r\nHost: x\r\nAccept-Language: \u00ff\u00fe\r\n\r\n", "GET /api/clients HTTP/1.1\r\nHost: \u00ff\r\n\r\n",
        "GET /api/clients HTTP/1.1\r\nHost: x\r\nPrefer: \u0001\r\n\r\n", "GET /api/clients HTTP/1.1\r\nHost: x\r\nX-Request-Id: \u00e9\r\n\r\n", "GET /api/clients HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n", "GET /api/clients HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n\r\n",
        "GET /api/clients HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello", "GET /api/clients HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", "POST /api/sandbox HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n{}", "POST /api/sandbox HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        "POST /api/sandbox HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n{}", "POST /api/sandbox HTTP/1.1\r\nHost: x\r\nContent-Length: 300000\r\n\r\n{}", "POST /api/sandbox HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{\"name\":", "POST /api/sandbox HTTP/1.1\r\nHost: x\r\n\r\n",
        "POST /api/sandbox HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n2\r\n{}\r\n0\r\n\r\n", "POST /api/sandbox HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n", "POST /api/sandbox HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n{}",
        "POST /api/sandbox HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}", "POST /api/sandbox HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", "POST /api/sandbox HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n{}", "POST /api/sandbox HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
        "GET /api/rooms HTTP/1.1\r\nHost: x\r\n\r\nGET /api/rooms HTTP/1.1\r\nHost: x\r\n\r\nGARBAGE\r\n\r\n", "DELETE /api/guarded?id=gt.0\0 HTTP/1.1\r\nHost: x\r\n\r\n", "GET /health HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n", "FOO /health HTTP/1.1\r\nHost: x\r\n\r\n", "G@T /api HTTP/1.1\r\nHost: x\r\n\r\n",
    ];

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task What_is_no_proper_request_does_no_harm(string request) => Check(request, await Exchange(Encoding.Latin1.GetBytes(request)));

    [Fact]
    public async Task Lines_and_headers_without_end_are_refused()
    {
        foreach (var request in new[]
        {
            $"GET /api/clients?select={new string('x', 40_000)} HTTP/1.1\r\nHost: x\r\n\r\n",
            $"GET /api/clients HTTP/1.1\r\nHost: x\r\nAccept: {new string('x', 100_000)}\r\n\r\n",
            $"GET /api/clients HTTP/1.1\r\nHost: x\r\n{string.Concat(Enumerable.Range(0, 500).Select(i => $"X-{i}: y\r\n"))}\r\n",
            new string('A', 200_000),
        })
            Check(request[..40], await Exchange(Encoding.Latin1.GetBytes(request)));
    }

    [Fact]
    public async Task A_valid_request_with_any_bytes_changed_does_no_harm()
    {
        var random = new Random(7);
        var requests = Enumerable.Range(0, 400).Select(_ =>
        {
            var bytes = Encoding.Latin1.GetBytes(Post);
            for (var i = random.Next(1, 4); i > 0; i--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            return random.Next(5) == 0 ? bytes[..random.Next(bytes.Length)] : bytes;
        }).ToList();
        await Parallel.ForEachAsync(requests, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (request, _) => Check(Encoding.Latin1.GetString(request), await Exchange(request)));
        Assert.Equal(20L, await server.Ask<long>("SELECT count(*) FROM guarded"));
        await server.Expect(200, Call.Get("/health"));
    }

    private void Check(string request, string answers)
    {
        foreach (Match answer in StatusLine().Matches(answers))
            Assert.True(answer.Groups["status"].Value[0] != '5' || answer.Groups["status"].Value == "505", $"{request}\n\n{answers}");
        // An HTTP/2 preface may be refused in HTTP/2.
        Assert.True(answers.Length == 0 || answers.StartsWith("HTTP/1.1 ", StringComparison.Ordinal) || request.StartsWith("PRI ", StringComparison.Ordinal), answers);
        Assert.Null(answers.Contains("\"error\"", StringComparison.Ordinal) ? Leaks.Find(answers) : null);
        Assert.True(!server.Server.Log.Contains(" failed\",\"exception\"", StringComparison.Ordinal), server.Server.Log);
    }

    /// <summary>Sends the bytes, says that there are no more, and reads until the server closes or falls silent.</summary>
    private async Task<string> Exchange(byte[] bytes)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, server.Server.Address.Port);
        var stream = client.GetStream();
        var answer = new MemoryStream();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            await stream.WriteAsync(bytes, patience.Token);
            client.Client.Shutdown(SocketShutdown.Send);
            await stream.CopyToAsync(answer, patience.Token);
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            // The server hung up first.
        }

        return Encoding.Latin1.GetString(answer.ToArray());
    }

    [GeneratedRegex(@"HTTP/1\.1 (?<status>\d{3}) ", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex StatusLine();
}
