using System.Net;
using System.Text.Json.Nodes;
using Socle.Tests.Acceptance.Running;

namespace Socle.Tests.Acceptance;

/// <summary>PostgreSQL looks after a large table for minutes: who changes the table does not wait for that, nor is refused.</summary>
public sealed class AutovacuumTests(WashgoServer fixture) : IClassFixture<WashgoServer>
{
    private const string IsAtWork = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'autovacuum: VACUUM%readings%'";

    [Fact]
    public async Task A_field_is_made_while_autovacuum_works_on_the_table()
    {
        var server = fixture.Server;
        (await server.Http.Post("/api/schema/tables", new JsonObject { ["name"] = "readings", ["history"] = false, ["fields"] = new JsonArray(Field("value")) })).Expect(HttpStatusCode.Created);
        // As slow as it can be made: some tens of minutes for this table.
        await server.Psql("-c", "ALTER SYSTEM SET autovacuum_naptime = '1s'", "-c", "SELECT pg_reload_conf()");
        await server.Ask("""
            ALTER TABLE readings SET (autovacuum_vacuum_cost_delay = 100, autovacuum_vacuum_cost_limit = 1, autovacuum_vacuum_threshold = 1, autovacuum_vacuum_scale_factor = 0);
            INSERT INTO readings (value) SELECT n FROM generate_series(1, 100000) n;
            DELETE FROM readings WHERE value % 2 = 0;
            """);
        await Polling.Until("autovacuum is at work", TimeSpan.FromSeconds(30), async () => await server.Ask(IsAtWork) == "1");

        (await server.Http.Post("/api/schema/tables/readings/fields", Field("note"))).Expect(HttpStatusCode.Created);
        Assert.Contains("note", (await server.Http.Get("/api/readings?limit=1")).Data.AsArray()[0]!.AsObject().Select(member => member.Key));
    }

    private static JsonObject Field(string name) => new() { ["name"] = name, ["type"] = name == "value" ? "number" : "text" };
}
