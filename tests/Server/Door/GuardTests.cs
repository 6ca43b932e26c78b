namespace Socle.Tests.Server.Door;

/// <summary>Which host names are answered, which proxies believed, and which headers keep a browser in bounds.</summary>
[Collection(nameof(GuardedServer))]
public sealed class GuardTests(GuardedServer server)
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:8000")]
    [InlineData("erp.example.com")]
    [InlineData("ERP.example.com:443")]
    [InlineData("a.internal.example")]
    [InlineData("a.b.internal.example:8080")]
    public async Task Listed_hosts_are_answered(string host) => await server.Expect(200, Call.Get("/health", $"Host: {host}"));

    [Theory]
    [InlineData("evil.example")]
    [InlineData("localhost")]
    [InlineData("erp.example.com.evil.example")]
    [InlineData("evil.example:443")]
    [InlineData("internal.example")]
    [InlineData("evilinternal.example")]
    [InlineData("xerp.example.com")]
    [InlineData("127.0.0.1.evil.example")]
    [InlineData("[::1]")]
    [InlineData("erp.example.com.")]
    public async Task Other_hosts_get_400_in_the_envelope_at_every_address(string host)
    {
        foreach (var address in new[] { "/health", "/", "/api/clients", "/docs/api.md", "/nothing/at/all" })
        {
            var answer = await server.Expect(400, Call.Get(address, $"Host: {host}"));
            Assert.Equal("invalid_request", (string)answer.Error["code"]!);
            Assert.Contains("ALLOWED_HOSTS", (string)answer.Error["message"]!, StringComparison.Ordinal);
            Assert.DoesNotContain(host, answer.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_proxys_word_on_scheme_and_host_is_believed()
    {
        var page = await server.Expect(200, Call.Get("/", "Accept: text/html", "X-Forwarded-For: 203.0.113.9", "X-Forwarded-Proto: https", "X-Forwarded-Host: erp.example.com"));
        Assert.Contains("https://erp.example.com", page.Text, StringComparison.Ordinal);
        Assert.Equal(["max-age=31536000"], page.Message.Headers.GetValues("Strict-Transport-Security"));
    }

    [Fact]
    public async Task What_stands_before_the_proxys_own_word_is_not()
    {
        var page = await server.Expect(200, Call.Get("/", "Accept: text/html", "Host: erp.example.com", "X-Forwarded-For: 127.0.0.1, 203.0.113.9", "X-Forwarded-Host: evil.internal.example, erp.example.com", "X-Forwarded-Proto: https, http"));
        Assert.Contains("http://erp.example.com", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("evil.internal.example", page.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("erp.example.com/../evil.example")]
    [InlineData("erp.example.com\t.evil.example")]
    public async Task A_forwarded_host_that_is_not_listed_is_refused(string host)
    {
        var answer = await server.Send(Call.Get("/", "Accept: text/html", "X-Forwarded-For: 203.0.113.9", $"X-Forwarded-Host: {host}"));
        Assert.DoesNotContain("evil.example", answer.Text, StringComparison.Ordinal);
    }

    public static TheoryData<Call> Calls =>
    [
        Call.Get("/health"), Call.Get("/api/clients"), Call.Get("/api/clients", "Accept: text/csv"), Call.Get("/api/nothing"), Call.Get("/"), Call.Get("/", "Accept: text/html"), Call.Get("/clients", "Accept: text/html"),
        Call.Get("/docs/api.md"), Call.Get("/api/openapi.json"), Call.Get("/favicon.ico"), Call.Get("/robots.txt"), Call.Get("/no/thing/here"), Call.Post("/api/clients", "{"), Call.Delete("/api/clients"),
        new Call("OPTIONS", "/api/clients"), new Call("TRACE", "/health"), Call.Get("/health", "Host: evil.example"), Call.Post("/api/batch", "[]"), Call.Get("/api/changes"),
    ];

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Every_answer_keeps_the_browser_in_bounds(Call call)
    {
        foreach (var asked in new[] { call, call with { Headers = [.. call.Headers, "X-Forwarded-Proto: https", "X-Forwarded-For: 203.0.113.9", "X-Forwarded-Host: erp.example.com"] } })
        {
            var headers = (await server.Send(asked)).Message.Headers;
            Assert.Equal(["nosniff"], headers.GetValues("X-Content-Type-Options"));
            Assert.Equal(["no-referrer"], headers.GetValues("Referrer-Policy"));
            Assert.Equal(["DENY"], headers.GetValues("X-Frame-Options"));
            Assert.Equal(["same-origin"], headers.GetValues("Cross-Origin-Opener-Policy"));
            Assert.Equal(["same-origin"], headers.GetValues("Cross-Origin-Resource-Policy"));
            var policy = Assert.Single(headers.GetValues("Content-Security-Policy"));
            Assert.StartsWith("default-src 'none'; ", policy, StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.Equal(asked != call, headers.Contains("Strict-Transport-Security"));
            Assert.False(headers.Contains("Server"));
        }
    }
}
