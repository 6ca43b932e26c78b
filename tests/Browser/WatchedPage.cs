using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Socle.Tests.Browser;

/// <summary>A page of its own, with everything that it asked for and complained of.</summary>
internal sealed class WatchedPage : IAsyncDisposable
{
    private readonly List<string> _complaints = [];
    private readonly List<string> _strangers = [];

    private WatchedPage(IPage page, Uri home)
    {
        Page = page;
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                _complaints.Add(message.Text);
        };
        page.PageError += (_, error) => _complaints.Add(error);
        page.Dialog += async (_, dialog) =>
        {
            _complaints.Add($"A dialog opened: {dialog.Message}");
            await dialog.DismissAsync();
        };
        page.Request += (_, request) =>
        {
            if (new Uri(request.Url).Authority != home.Authority)
                _strangers.Add(request.Url);
        };
    }

    public IPage Page { get; }

    public static async Task<WatchedPage> Open(IBrowser browser, Uri home, BrowserNewContextOptions options)
    {
        var context = await browser.NewContextAsync(options);
        return new WatchedPage(await context.NewPageAsync(), home);
    }

    public ValueTask DisposeAsync() => new(Page.Context.CloseAsync());

    /// <summary>Nothing was asked of other hosts, nothing was complained of, nothing hinders a reader, nothing is cut off.</summary>
    /// <param name="allowedComplaint">What the browser itself says of an answer that is no success.</param>
    public async Task AssertFlawless(string? allowedComplaint = null)
    {
        Assert.Empty(_strangers);
        Assert.DoesNotContain(_complaints, complaint => allowedComplaint is null || !complaint.Contains(allowedComplaint, StringComparison.Ordinal));
        var axe = await Page.RunAxe();
        Assert.True(axe.Violations.Length == 0, string.Join('\n', axe.Violations.Select(violation => $"{violation.Id}: {violation.Help} {string.Join(", ", violation.Nodes.Select(node => node.Html))}")));
        var (content, window) = (await Page.EvaluateAsync<int>("document.documentElement.scrollWidth"), await Page.EvaluateAsync<int>("window.innerWidth"));
        Assert.True(content <= window, $"The page is {content} pixels wide in a window of {window}.");
    }

    public Task Photograph(string name) => Page.ScreenshotAsync(new() { Path = OpenedBrowser.ScreenshotFile(name), FullPage = true });
}
