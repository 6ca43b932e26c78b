using Microsoft.Playwright;
using Socle.Testing;

namespace Socle.Tests.Browser;

public sealed class WelcomePageTests(OpenedBrowser browser)
{
    public static TheoryData<string, int, ColorScheme> Readers => new()
    {
        { "fr", 1280, ColorScheme.Light },
        { "en", 1280, ColorScheme.Light },
        { "fr", 1280, ColorScheme.Dark },
        { "fr", 360, ColorScheme.Light },
        { "en", 360, ColorScheme.Dark },
        { "fr", 768, ColorScheme.Light },
    };

    [Theory]
    [MemberData(nameof(Readers))]
    public async Task The_page_is_flawless_for_every_reader(string language, int width, ColorScheme scheme)
    {
        await using var reader = await browser.Open(language, width, width < 500 ? 740 : 900, scheme);
        var answer = await reader.Page.GotoAsync("/");
        Assert.Equal(200, answer!.Status);
        Assert.Equal(language == "fr" ? "Lavage et nettoyage à domicile" : "Mobile wash and cleaning", await reader.Page.Locator("h1").TextContentAsync());
        Assert.Equal(5, await reader.Page.Locator(".tables li").CountAsync());
        await reader.Photograph($"welcome-{language}-{width}-{scheme}");
        await reader.AssertFlawless();
    }

    [Fact]
    public async Task The_language_can_be_changed()
    {
        await using var reader = await browser.Open("en");
        await reader.Page.GotoAsync("/");
        await reader.Page.GetByRole(AriaRole.Link, new() { Name = "Français" }).ClickAsync();
        Assert.Equal("fr", await reader.Page.Locator("html").GetAttributeAsync("lang"));
        Assert.Equal("Rendez-vous", await reader.Page.Locator(".tables strong").Nth(2).TextContentAsync());
        await reader.AssertFlawless();
    }

    [Fact]
    public async Task The_first_request_can_be_copied_and_works()
    {
        await using var reader = await browser.Open("fr");
        await reader.Page.GotoAsync("/");
        await reader.Page.GetByRole(AriaRole.Button, new() { Name = "Copier" }).ClickAsync();
        await reader.Page.GetByRole(AriaRole.Button, new() { Name = "Copié" }).WaitForAsync();
        var copied = await reader.Page.EvaluateAsync<string>("navigator.clipboard.readText()");
        Assert.Equal($"curl '{browser.Server.Address}api/clients?limit=5'", copied);
        var answer = await browser.Server.Http.GetStringAsync(new Uri(copied["curl '".Length..^1]));
        Assert.StartsWith("""{"success":true,"data":[{""", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_link_leads_somewhere()
    {
        await using var reader = await browser.Open("fr");
        await reader.Page.GotoAsync("/");
        var links = await reader.Page.Locator("a").EvaluateAllAsync<string[]>("links => links.map(link => link.href)");
        Assert.True(links.Length > 15);
        foreach (var link in links.Distinct())
            Assert.True((await browser.Server.Http.GetAsync(new Uri(link))).IsSuccessStatusCode, link);
    }

    [Theory]
    [InlineData("CSV", "clients.csv")]
    [InlineData("Excel", "clients.xlsx")]
    public async Task A_table_is_saved_as_a_file(string kind, string name)
    {
        await using var reader = await browser.Open("fr");
        await reader.Page.GotoAsync("/");
        var download = await reader.Page.RunAndWaitForDownloadAsync(() => reader.Page.GetByRole(AriaRole.Link, new() { Name = $"Clients, {kind}" }).ClickAsync());
        Assert.Equal(name, download.SuggestedFilename);
    }

    [Fact]
    public async Task At_a_tables_own_address_the_page_shows_the_way_to_its_data()
    {
        await using var reader = await browser.Open("fr");
        var answer = await reader.Page.GotoAsync("/clients/c1000000-0000-4000-8000-000000000001");
        Assert.Equal(200, answer!.Status);
        await reader.AssertFlawless();
        await reader.Photograph("record-address");
        await reader.Page.Locator(".notice a").ClickAsync();
        Assert.Contains("Élodie Marchand", await reader.Page.Locator("body").TextContentAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_address_is_explained()
    {
        await using var reader = await browser.Open("fr");
        var answer = await reader.Page.GotoAsync("/client");
        Assert.Equal(404, answer!.Status);
        Assert.Contains("Vouliez-vous dire « clients »", await reader.Page.Locator(".notice").TextContentAsync(), StringComparison.Ordinal);
        await reader.AssertFlawless(allowedComplaint: "404");
        await reader.Photograph("unknown-address");
    }

    [Fact]
    public async Task Under_api_a_browser_gets_data_like_everybody()
    {
        await using var reader = await browser.Open();
        foreach (var address in new[] { "/api", "/api/clients", "/health" })
        {
            var answer = await reader.Page.GotoAsync(address);
            Assert.StartsWith("application/json", answer!.Headers["content-type"], StringComparison.Ordinal);
            Assert.Equal("nosniff", answer.Headers["x-content-type-options"]);
        }
    }

    [Fact]
    public async Task While_the_server_starts_the_page_says_so()
    {
        await using var server = await RunningServer.Start(env: new Dictionary<string, string> { ["DATABASE_URL"] = "postgres://nobody@127.0.0.1:9/none" }, untilReady: false);
        await using var reader = await browser.Open("fr", 360, 740, server: server);
        var answer = await reader.Page.GotoAsync("/");
        Assert.Equal(503, answer!.Status);
        Assert.Equal("Socle démarre", await reader.Page.Locator("h1").TextContentAsync());
        await reader.AssertFlawless(allowedComplaint: "503");
        await reader.Photograph("starting");
    }
}
