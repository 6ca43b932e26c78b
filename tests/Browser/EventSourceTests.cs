using System.Text;
using Microsoft.Playwright;
using Socle.Testing;

namespace Socle.Tests.Browser;

/// <summary>A page's own EventSource hears of changes, and again by itself after the server was restarted.</summary>
public sealed class EventSourceTests(OpenedBrowser browser)
{
    [Fact]
    public async Task A_page_hears_of_changes_before_and_after_a_restart_of_the_server_and_misses_none()
    {
        using var folder = new TemporaryFolder();
        var port = RunningServer.FreePort();
        var server = await RunningServer.Start("washgo", dataFolder: folder.Data, port: port);
        try
        {
            await server.Psql("-c", "SELECT socle_system.keep_history('clients')");
            var context = await browser.Chromium.NewContextAsync(new() { BypassCSP = true });
            var page = await context.NewPageAsync();
            await page.GotoAsync(server.Address.ToString());
            await page.EvaluateAsync("""
                () => new Promise(opened => {
                    window.heard = [];
                    const events = new EventSource("/api/events?table=clients");
                    events.addEventListener("created", e => window.heard.push(JSON.parse(e.data).record.name));
                    events.onopen = opened;
                })
                """);
            await Create(server, "un");
            await page.WaitForFunctionAsync("window.heard.length === 1");
            await server.DisposeAsync();
            server = await RunningServer.Start("washgo", dataFolder: folder.Data, port: port);
            await Create(server, "deux");
            await Create(server, "trois");
            await page.WaitForFunctionAsync("window.heard.length === 3");
            Assert.Equal(["un", "deux", "trois"], await page.EvaluateAsync<string[]>("window.heard"));
            await context.CloseAsync();
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    private static async Task Create(RunningServer server, string name)
    {
        using var content = new StringContent($$"""{"name":"{{name}}"}""", Encoding.UTF8, "application/json");
        using var answer = await server.Http.PostAsync(new Uri("/api/clients", UriKind.Relative), content, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    private sealed class TemporaryFolder : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("socle-events-");

        public string Data => Path.Combine(_folder.FullName, "data");

        public void Dispose() => _folder.Delete(recursive: true);
    }
}
