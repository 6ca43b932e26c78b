using System.Net;
using System.Text.Json.Nodes;
using Socle.Tests.Acceptance.Running;

namespace Socle.Tests.Acceptance;

/// <summary>The private PostgreSQL dies while the server serves; the server does not, and loses nothing that it acknowledged.</summary>
public sealed class CrashTests(WashgoServer fixture) : IClassFixture<WashgoServer>
{
    private static readonly TimeSpan BackAgain = TimeSpan.FromSeconds(5);

    private RunningSocle Server => fixture.Server;

    [Fact]
    public async Task A_killed_postmaster_is_started_again_and_no_acknowledged_write_is_lost()
    {
        var before = fixture.Data.ReadPostmaster();
        var traffic = await Traffic.Start(Server);

        await Programs.Read("kill", "-KILL", $"{before}");
        await Polling.Until("a new postmaster runs", BackAgain, () => Task.FromResult(FindPostmaster() is { } now && now != before));
        await ServesAgain(traffic);

        await traffic.AssertNothingHungAndNothingWasLost();
    }

    [Fact]
    public async Task A_killed_backend_makes_PostgreSQL_recover_and_no_acknowledged_write_is_lost()
    {
        var postmaster = fixture.Data.ReadPostmaster();
        var traffic = await Traffic.Start(Server);
        var backend = await Server.Psql("SELECT pid FROM pg_stat_activity WHERE application_name = 'socle' ORDER BY backend_start LIMIT 1");

        await Programs.Read("kill", "-KILL", backend);
        await Polling.Until("PostgreSQL noticed", BackAgain, () => Task.FromResult(traffic.Answers.Any(answer => answer.Status == HttpStatusCode.ServiceUnavailable)));
        await ServesAgain(traffic);

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

        for (var turn = 0; turn < 20; turn++)
        {
            Refusals.AssertPolite(await Server.Http.Get("/health"));
            Refusals.AssertPolite(await Server.Http.Get("/clients/"));
            Refusals.AssertPolite(await Server.Http.Get($"/api/clients/{Guid.NewGuid()}"));
            Refusals.AssertPolite(await Server.Http.Post("/api/clients", new JsonObject { ["name"] = "Trop tard" }));
        }

        File.Delete(mistake);
        var readyLines = ReadyTimes().Count;
        await Polling.Until("PostgreSQL is back", TimeSpan.FromSeconds(20), () => Task.FromResult(ReadyTimes().Count > readyLines));
        await Server.WaitUntilHealthy(BackAgain);
        (await Server.Http.Get("/clients/")).Expect(HttpStatusCode.OK);
        Assert.Equal("0", await Server.Psql("SELECT count(*) FROM clients WHERE name = 'Trop tard'"));
    }

    private async Task ServesAgain(Traffic traffic)
    {
        await Server.WaitUntilHealthy(BackAgain);
        (await Server.Http.Post("/api/clients", new JsonObject { ["name"] = "Ensuite" })).Expect(HttpStatusCode.Created);
        await traffic.Stop();
        Assert.False(Server.HasExited);
    }

    /// <summary>Null while there is none.</summary>
    private int? FindPostmaster()
    {
        try
        {
            return fixture.Data.ReadPostmaster();
        }
        catch (Exception absent) when (absent is IOException or InvalidOperationException)
        {
            return null;
        }
    }

    private List<string> ReadyTimes() =>
        [.. Server.Log().Where(line => line.Contains("database system is ready to accept connections", StringComparison.Ordinal))];
}
