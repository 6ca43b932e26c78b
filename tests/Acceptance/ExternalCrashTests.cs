using System.Net;
using System.Text.Json.Nodes;
using Socle.Tests.Acceptance.Running;

namespace Socle.Tests.Acceptance;

/// <summary>The operator's own PostgreSQL (DATABASE_URL) is late, fails and comes back.</summary>
[Collection<Measured>]
public sealed class ExternalCrashTests(ThrowAwayPostgres postgres) : IClassFixture<ThrowAwayPostgres>
{
    private static readonly TimeSpan BackAgain = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task After_a_failure_it_serves_again_and_no_acknowledged_write_is_lost()
    {
        await postgres.CreateDatabase("crash", "erp_api");
        await using var server = await Serving.Start(postgres.Url("crash", "erp_api"));
        var traffic = await Traffic.Start(server);

        await postgres.StopImmediately();
        await Polling.Until("/health answers 503", TimeSpan.FromSeconds(2), async () => await server.HealthStatus() == HttpStatusCode.ServiceUnavailable);
        Refusals.AssertPolite(await server.Http.Get("/clients/"));
        Refusals.AssertPolite(await server.Http.Post("/clients/", new JsonObject { ["name"] = "Trop tard" }));

        await postgres.Start();
        await server.WaitUntilHealthy(BackAgain);
        (await server.Http.Post("/clients/", new JsonObject { ["name"] = "Ensuite" })).Expect(HttpStatusCode.Created);
        await traffic.Stop();
        Assert.True(server.IsRunning);
        await traffic.AssertNothingHungAndNothingWasLost();
    }

    [Fact]
    public async Task A_database_that_goes_away_in_the_middle_of_a_start_is_waited_for()
    {
        await postgres.CreateDatabase("midway", "erp_api");
        await using (await Serving.Start(postgres.Url("midway", "erp_api")))
        {
        }

        // Holds up the start's last steps.
        var locking = postgres.Psql("midway", "BEGIN; LOCK TABLE socle_system.users; SELECT pg_sleep(60)");
        await using var server = await Serving.Start(postgres.Url("midway", "erp_api"), untilReady: false);
        await Polling.Until("the start waits", TimeSpan.FromSeconds(20), async () =>
            await postgres.Psql("midway", "SELECT count(*) FROM pg_stat_activity WHERE usename = 'erp_api' AND wait_event_type = 'Lock'") != "0");
        await postgres.StopImmediately();
        try
        {
            await Assert.ThrowsAnyAsync<Exception>(() => locking);
            await Polling.Until("the server says that it waits", TimeSpan.FromSeconds(10), () => Task.FromResult(server.Log.Contains("Waiting for the database", StringComparison.Ordinal)));
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await server.HealthStatus());
        }
        finally
        {
            await postgres.Start();
        }

        await server.WaitUntilHealthy(BackAgain);
        Assert.Empty((await server.Http.Get("/clients/")).Expect(HttpStatusCode.OK).Records);
    }

    [Fact]
    public async Task A_server_that_starts_first_waits_for_the_database_and_answers_503_meanwhile()
    {
        await postgres.CreateDatabase("late", "erp_api");
        await postgres.StopImmediately();
        await using var server = await Serving.Start(postgres.Url("late", "erp_api"), untilReady: false);

        await Polling.Until("/health answers 503", TimeSpan.FromSeconds(10), async () => await server.HealthStatus() == HttpStatusCode.ServiceUnavailable);
        Refusals.AssertPolite(await server.Http.Get("/health"));
        Refusals.AssertPolite(await server.Http.Get("/clients/"));
        Refusals.AssertPolite(await server.Http.Post("/clients/", new JsonObject { ["name"] = "Trop tôt" }));

        await postgres.Start();
        await server.WaitUntilHealthy(BackAgain);
        Assert.Empty((await server.Http.Get("/clients/")).Expect(HttpStatusCode.OK).Records);
    }
}
