using System.Reflection;
using Microsoft.Playwright;
using Socle.Testing;

[assembly: AssemblyFixture(typeof(Socle.Tests.Browser.OpenedBrowser))]

namespace Socle.Tests.Browser;

/// <summary>The machine's own Chromium, and a server with washgo and its sample records to look at.</summary>
public sealed class OpenedBrowser : IAsyncLifetime
{
    private IPlaywright? _playwright;

    public RunningServer Server { get; private set; } = null!;

    public IBrowser Chromium { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Server = await RunningServer.Start(blueprint: "washgo", sample: true);
        _playwright = await Playwright.CreateAsync();
        // Root has no sandbox, and small machines have a small /dev/shm.
        Chromium = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (Chromium is not null)
            await Chromium.DisposeAsync();
        _playwright?.Dispose();
        await Server.DisposeAsync();
    }

    /// <summary>A page that notes everything a reader should never meet.</summary>
    internal Task<WatchedPage> Open(string language = "en", int width = 1280, int height = 900, ColorScheme scheme = ColorScheme.Light, RunningServer? server = null) =>
        WatchedPage.Open(Chromium, (server ?? Server).Address, new()
        {
            Locale = language == "fr" ? "fr-FR" : "en-GB",
            ViewportSize = new() { Width = width, Height = height },
            ColorScheme = scheme,
            BaseURL = (server ?? Server).Address.ToString(),
            Permissions = ["clipboard-read", "clipboard-write"],
        });

    internal static string ScreenshotFile(string name) =>
        Path.Combine(typeof(OpenedBrowser).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(item => item.Key == "Screenshots").Value!, $"{name}.png");
}
