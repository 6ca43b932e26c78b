namespace Socle.Tests.Server.Door;

/// <summary>What pages of other origins may do.</summary>
[Collection(nameof(GuardedServer))]
public sealed class CrossOriginTests(GuardedServer server)
{
    [Theory]
    [InlineData("https://app.example.com")]
    [InlineData("http://localhost:3000")]
    [InlineData("https://other.example.org")]
    public async Task Named_origins_read_with_the_cookie(string origin)
    {
        foreach (var call in new[] { Call.Get("/api/clients", $"Origin: {origin}"), Call.Get("/health", $"Origin: {origin}"), Call.Get("/api/nothing", $"Origin: {origin}"), Call.Post("/api/clients", "{", $"Origin: {origin}") })
        {
            var answer = await server.Send(call);
            Assert.Equal(origin, Header(answer, "Access-Control-Allow-Origin"));
            Assert.Equal("true", Header(answer, "Access-Control-Allow-Credentials"));
            Assert.Contains("Origin", Header(answer, "Vary"), StringComparison.Ordinal);
            Assert.All(["ETag", "Content-Range", "Location", "Change-Id", "X-Request-Id", "Retry-After"], name => Assert.Contains(name, Header(answer, "Access-Control-Expose-Headers"), StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("null")]
    [InlineData("*")]
    [InlineData("http://app.example.com")]
    [InlineData("https://app.example.com:8443")]
    [InlineData("https://app.example.com.evil.example")]
    [InlineData("https://evil.example/https://app.example.com")]
    [InlineData("https://app.example.com, https://evil.example")]
    [InlineData("https://sub.app.example.com")]
    [InlineData("https://app.example.com/")]
    [InlineData("https://APP.example.com.")]
    [InlineData("file://")]
    public async Task Other_origins_are_told_nothing(string origin)
    {
        foreach (var call in new[] { Call.Get("/api/clients", $"Origin: {origin}"), Preflight(origin, "DELETE") })
            Assert.DoesNotContain((await server.Send(call)).Message.Headers, header => header.Key is "Access-Control-Allow-Origin" or "Access-Control-Allow-Credentials");
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    public async Task The_browsers_question_before_a_write_is_answered(string method)
    {
        var answer = await server.Expect(204, Preflight("https://app.example.com", method));
        Assert.Equal("https://app.example.com", Header(answer, "Access-Control-Allow-Origin"));
        Assert.Contains(method, Header(answer, "Access-Control-Allow-Methods"), StringComparison.Ordinal);
        Assert.Contains("if-match", Header(answer, "Access-Control-Allow-Headers"), StringComparison.OrdinalIgnoreCase);
        Assert.Equal("600", Header(answer, "Access-Control-Max-Age"));
        Assert.Equal("nosniff", Header(answer, "X-Content-Type-Options"));
    }

    [Fact]
    public async Task Methods_that_the_server_does_not_have_are_not_allowed() =>
        Assert.DoesNotContain("TRACE", Header(await server.Expect(204, Preflight("https://app.example.com", "TRACE")), "Access-Control-Allow-Methods"), StringComparison.Ordinal);

    [Fact]
    public async Task The_own_page_is_told_nothing_of_other_origins() =>
        Assert.DoesNotContain((await server.Expect(200, Call.Get("/api/clients"))).Message.Headers, header => header.Key.StartsWith("Access-Control-", StringComparison.Ordinal));

    private static Call Preflight(string origin, string method) =>
        new("OPTIONS", "/api/clients/1", null, $"Origin: {origin}", $"Access-Control-Request-Method: {method}", "Access-Control-Request-Headers: content-type, if-match");

    private static string Header(Answer answer, string name) => string.Join(", ", answer.Message.Headers.GetValues(name));
}

/// <summary>With <c>*</c> every page may ask, none with the cookie.</summary>
[Collection(nameof(OpenServer))]
public sealed class EveryOriginTests(OpenServer server)
{
    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("null")]
    public async Task Every_page_reads_and_none_with_the_cookie(string origin)
    {
        foreach (var call in new[]
        {
            Call.Get("/api/clients", $"Origin: {origin}", "Cookie: a=b"),
            Call.Post("/api/clients", "{", $"Origin: {origin}"),
            new Call("OPTIONS", "/api/clients", null, $"Origin: {origin}", "Access-Control-Request-Method: PUT"),
        })
        {
            var headers = (await server.Send(call)).Message.Headers;
            Assert.Equal(["*"], headers.GetValues("Access-Control-Allow-Origin"));
            Assert.DoesNotContain(headers, header => header.Key == "Access-Control-Allow-Credentials");
        }
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("127.0.0.1")]
    public async Task Without_a_list_every_host_name_is_answered(string host) => await server.Expect(200, Call.Get("/health", $"Host: {host}"));

    [Fact]
    public async Task Without_a_trusted_proxy_no_forwarded_header_is_believed()
    {
        var page = await server.Expect(200, Call.Get("/", "Accept: text/html", "Host: erp.example.com", "X-Forwarded-For: 1.2.3.4", "X-Forwarded-Host: evil.example", "X-Forwarded-Proto: https", "Forwarded: host=evil.example;proto=https"));
        Assert.Contains("http://erp.example.com", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("evil.example", page.Text, StringComparison.Ordinal);
        Assert.False(page.Message.Headers.Contains("Strict-Transport-Security"));
    }
}
