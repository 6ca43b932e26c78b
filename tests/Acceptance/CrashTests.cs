using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Socle.Testing;
using Socle.Tests.Acceptance.Running;

namespace Socle.Tests.Acceptance;

/// <summary>The private PostgreSQL dies while the server serves; the server does not, and loses nothing that it acknowledged.</summary>
[Collection<Measured>]
public sealed class CrashTests(WashgoServer fixture) : IClassFixture<WashgoServer>
{
    private static readonly TimeSpan BackAgain = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(30);

    private RunningServer Server => fixture.Server;

    [Fact]
    public async Task A_killed_postmaster_is_started_again_and_no_acknowledged_write_is_lost()
    {
        var before = fixture.Data.ReadPostmaster();
        var starts = CountStarts();
        var traffic = await Traffic.Start(Server);

        await Programs.Read("kill", "-KILL", $"{before}");
        await AssertServesAgain(starts, traffic);

        Assert.NotEqual(before, fixture.Data.ReadPostmaster());
        await traffic.AssertNothingHungAndNothingWasLost();
    }

    [Fact]
    public async Task A_killed_backend_makes_PostgreSQL_recover_and_no_acknowledged_write_is_lost()
    {
        var postmaster = fixture.Data.ReadPostmaster();
        var starts = CountStarts();
        var traffic = await Traffic.Start(Server);
        var backend = await Server.Ask("SELECT pid FROM pg_stat_activity WHERE application_name = 'socle' ORDER BY backend_start LIMIT 1");

        await Programs.Read("kill", "-KILL", backend);
        await AssertServesAgain(starts, traffic);

        Assert.Equal(postmaster, fixture.Data.ReadPostmaster());
        await traffic.AssertNothingHungAndNothingWasLost();
    }

    [Fact]
    public async Task While_PostgreSQL_cannot_start_every_door_answers_503_and_afterwards_serves_again()
    {
        var mistake = Path.Combine(fixture.Data.Cluster, "user.conf");
        await File.WriteAllTextAsync(mistake, "this is no setting\n", TestContext.Current.CancellationToken);
        await Programs.Read("kill", "-KILL", $"{fixture.Data.ReadPostmaster()}");
        await Polling.Until("/health answers 503", BackAgain, async () => await Server.HealthStatus() == HttpStatusCode.ServiceUnavailable);

        int starts;
        try
        {
            for (var turn = 0; turn < 20; turn++)
            {
                Refusals.AssertPolite(await Server.Http.Get("/health"));
                Refusals.AssertPolite(await Server.Http.Get("/clients/"));
                Refusals.AssertPolite(await Server.Http.Get($"/api/clients/{Guid.NewGuid()}"));
                Refusals.AssertPolite(await Server.Http.Post("/api/clients", new JsonObject { ["name"] = "Trop tard" }));
            }

            foreach (var (method, address) in RouteTable.All.SelectMany(route => route.Methods.Select(method => (method, Fill(route.Pattern)))))
                await AssertAnswersWithoutADatabase(method, address);
        }
        finally
        {
            starts = CountStarts();
            File.Delete(mistake);
        }

        await AssertServesAgain(starts);
        (await Server.Http.Get("/clients/")).Expect(HttpStatusCode.OK);
        Assert.Equal("0", await Server.Ask("SELECT count(*) FROM clients WHERE name = 'Trop tard'"));
    }

    [Fact]
    public async Task A_PostgreSQL_that_hangs_is_told_by_health_in_time()
    {
        var postmaster = fixture.Data.ReadPostmaster();
        var children = await File.ReadAllTextAsync($"/proc/{postmaster}/task/{postmaster}/children", TestContext.Current.CancellationToken);
        string[] processes = [$"{postmaster}", .. children.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        // One that ended meanwhile makes kill complain, and is none of our business.
        await Programs.Run(Programs.Command("kill", ["-STOP", .. processes]));
        try
        {
            Refusals.AssertPolite(await Server.Http.Get("/health"));
            Refusals.AssertPolite(await Server.Http.Get("/health"));
        }
        finally
        {
            await Programs.Run(Programs.Command("kill", ["-CONT", .. processes]));
        }

        await Server.WaitUntilHealthy(BackAgain);
    }

    /// <summary>What needs no database is answered as ever, and the rest like the tables' own doors.</summary>
    private async Task AssertAnswersWithoutADatabase(string method, string address)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), address);
        if (method is not ("GET" or "HEAD"))
            request.Content = new StringContent("""{"email":"a@example.org","password":"ni court ni connu","name":"Nom","type":"text","operations":[]}""", Encoding.UTF8, "application/json");
        var clock = Stopwatch.StartNew();
        using var answer = await Server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        var elapsed = clock.Elapsed;
        var text = answer.Content.Headers.ContentType?.MediaType == "text/event-stream" ? "" : await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var what = $"{method} {address}: {(int)answer.StatusCode} after {elapsed.TotalSeconds:0.0} s: {text}";
        Assert.True((int)answer.StatusCode < 500 || (answer.StatusCode == HttpStatusCode.ServiceUnavailable && answer.Headers.RetryAfter is not null), what);
        Assert.True(elapsed < Machine.Allow(TimeSpan.FromSeconds(1)), what);
    }

    /// <summary>The table clients for a table, its field name for a field, an id that is nowhere for anything else.</summary>
    private static string Fill(string pattern) => Regex.Replace(
        pattern.StartsWith('/') ? pattern : "/" + pattern,
        @"\{\*?(\w+)\??\}",
        part => part.Groups[1].Value switch { "table" => "clients", "field" => "name", "path" => "nothing/is/here", _ => "00000000-0000-7000-8000-000000000000" });

    /// <summary>From when PostgreSQL is back: how long it takes to recover is its own affair.</summary>
    private async Task AssertServesAgain(int startsBefore, Traffic? traffic = null)
    {
        await Polling.Until("PostgreSQL is back", Recovery, () => Task.FromResult(CountStarts() > startsBefore));
        await Server.WaitUntilHealthy(BackAgain);
        (await Server.Http.Post("/api/clients", new JsonObject { ["name"] = "Ensuite" })).Expect(HttpStatusCode.Created);
        await (traffic?.Stop() ?? Task.CompletedTask);
        Assert.True(Server.IsRunning);
    }

    private int CountStarts() =>
        Server.LogLines().Count(line => line.Contains("database system is ready to accept connections", StringComparison.Ordinal));
}
