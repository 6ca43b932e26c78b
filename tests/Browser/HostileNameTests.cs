using Microsoft.Playwright;
using Socle.Testing;

namespace Socle.Tests.Browser;

/// <summary>Names in the database are text, whatever they look like.</summary>
public sealed class HostileNameTests(OpenedBrowser browser)
{
    private const string Name = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>";

    [Fact]
    public async Task A_table_called_like_a_script_is_only_text()
    {
        await using var server = await RunningServer.Start();
        await using var reader = await browser.Open("fr", server: server);
        await reader.Page.GotoAsync("/");
        Assert.Contains("Pas encore de table", await reader.Page.Locator("main").TextContentAsync(), StringComparison.Ordinal);
        await reader.Photograph("no-tables");
        await reader.AssertFlawless();

        var quoted = Name.Replace("\"", "\"\"", StringComparison.Ordinal);
        await server.Psql("-c", $"CREATE TABLE \"{quoted}\" (id int PRIMARY KEY)", "-c", "CREATE VIEW a_rather_long_name_of_a_view_that_no_phone_can_show_on_one_line AS SELECT 1 AS one");
        await reader.Page.GotoAsync("/");
        for (var attempt = 0; attempt < 20 && await reader.Page.Locator(".tables li").CountAsync() < 2; attempt++)
            await reader.Page.ReloadAsync();
        await reader.Page.SetViewportSizeAsync(360, 740);
        Assert.Contains(Name, await reader.Page.Locator(".tables").TextContentAsync(), StringComparison.Ordinal);
        await reader.Photograph("hostile-names");
        await reader.AssertFlawless();

        await reader.Page.GetByRole(AriaRole.Link, new() { Name = "JSON" }).First.ClickAsync();
        Assert.Contains("\"success\":true", await reader.Page.Locator("body").TextContentAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_called_like_a_script_is_only_text()
    {
        await using var reader = await browser.Open("en");
        await reader.Page.GotoAsync($"/{Uri.EscapeDataString(Name)}");
        Assert.Contains(Name, await reader.Page.Locator(".notice").TextContentAsync(), StringComparison.Ordinal);
        await reader.AssertFlawless(allowedComplaint: "404");
    }
}
