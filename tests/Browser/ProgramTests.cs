using System.Net;
using System.Text.Json.Nodes;

namespace Socle.Tests.Browser;

/// <summary>What the root says to programs, and the small files beside the page.</summary>
public sealed class ProgramTests(OpenedBrowser browser)
{
    private HttpClient Http => browser.Server.Http;

    [Theory]
    [InlineData("/", "*/*")]
    [InlineData("/", "application/json")]
    [InlineData("/api", "text/html")]
    public async Task Programs_get_the_same_as_JSON(string address, string accept)
    {
        using var answer = await Get(address, accept, "fr");
        var data = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["data"]!;
        Assert.Equal("Socle", (string)data["name"]!);
        Assert.Equal("Lavage et nettoyage à domicile", (string)data["title"]!);
        Assert.Equal("Rendez-vous", (string)data["tables"]!.AsArray().Single(table => (string)table!["name"]! == "engagements")!["label"]!);
        foreach (var link in data["tables"]!.AsArray().SelectMany(table => new[] { table!["url"], table["csv"], table["xlsx"] }).Append(data["openapi"]).Append(data["health"]).Append(data["docs"]))
            Assert.Equal(HttpStatusCode.OK, (await Http.GetAsync(new Uri((string)link!, UriKind.Relative))).StatusCode);
    }

    [Fact]
    public async Task The_page_lets_the_browser_load_nothing_else()
    {
        using var answer = await Get("/", "text/html", "en");
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'none'; style-src 'sha256-", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal(["no-referrer"], answer.Headers.GetValues("Referrer-Policy"));
        Assert.Equal(["DENY"], answer.Headers.GetValues("X-Frame-Options"));
        Assert.Equal(["nosniff"], answer.Headers.GetValues("X-Content-Type-Options"));
    }

    [Fact]
    public async Task A_root_address_gives_data_to_programs_and_changes_them_even_for_browsers()
    {
        using var read = await Get("/clients?limit=1", "application/json, text/plain, */*", "en");
        Assert.Equal("application/json", read.Content.Headers.ContentType!.MediaType);
        using var write = new HttpRequestMessage(HttpMethod.Delete, "/clients") { Headers = { { "Accept", "text/html" } } };
        using var refused = await Http.SendAsync(write);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal("application/json", refused.Content.Headers.ContentType!.MediaType);
    }

    [Theory]
    [InlineData("/favicon.ico", "image/svg+xml")]
    [InlineData("/favicon.svg", "image/svg+xml")]
    [InlineData("/robots.txt", "text/plain")]
    [InlineData("/docs/api.md", "text/plain")]
    [InlineData("/docs/blueprints.md", "text/plain")]
    public async Task Small_files_are_served(string address, string type)
    {
        using var answer = await Get(address, "*/*", "en");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(type, answer.Content.Headers.ContentType!.MediaType);
    }

    private Task<HttpResponseMessage> Get(string address, string accept, string language) =>
        Http.SendAsync(new HttpRequestMessage(HttpMethod.Get, address) { Headers = { { "Accept", accept }, { "Accept-Language", language } } });
}
