using System.Net;
using System.Text.Json.Nodes;
using Socle.Testing;
using Socle.Tests.Acceptance.Running;

namespace Socle.Tests.Acceptance;

/// <summary>Tables that somebody changes in psql are served as they are now, within a second.</summary>
public abstract class SchemaChanges
{
    private static readonly TimeSpan OneSecond = TimeSpan.FromSeconds(1);

    protected abstract RunningServer Server { get; }

    [Fact]
    public async Task A_column_is_added_renamed_commented_on_and_dropped()
    {
        var id = (string)(await Server.Http.Post("/clients/", new JsonObject { ["name"] = "Ancienne" })).Expect(HttpStatusCode.Created).Data["id"]!;

        await Server.Ask("ALTER TABLE clients ADD COLUMN loyalty_points integer DEFAULT 3");
        await Until("the new column is served", async () => (int?)(await Find($"clients/{id}"))?["loyaltyPoints"] == 3);
        (await Server.Http.Post("/clients/", new JsonObject { ["name"] = "Nouvelle", ["loyaltyPoints"] = 7 })).Expect(HttpStatusCode.Created);
        Assert.Single((await Server.Http.Get("/clients?loyaltyPoints=gt.5")).Expect(HttpStatusCode.OK).Records);

        await Server.Ask("ALTER TABLE clients RENAME COLUMN loyalty_points TO points; COMMENT ON COLUMN clients.points IS 'Points de fidélité'");
        await Until("the new name is served", async () => (int?)(await Find($"clients/{id}"))?["points"] == 3);
        (await Server.Http.Get("/clients?loyaltyPoints=gt.5")).Expect(HttpStatusCode.BadRequest);

        await Server.Ask("ALTER TABLE clients DROP COLUMN points");
        await Until("the column is gone", async () => await Find($"clients/{id}") is { } client && !client.ContainsKey("points"));
        (await Server.Http.Post("/clients/", new JsonObject { ["points"] = 1 })).Expect(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_table_is_made_related_and_dropped()
    {
        (await Server.Http.Get("/vans")).Expect(HttpStatusCode.NotFound);

        await Server.Ask("CREATE TABLE vans (id serial PRIMARY KEY, plate text NOT NULL UNIQUE, bought_on date); COMMENT ON TABLE vans IS 'Camionnettes'");
        await Until("the new table is served", async () => (await Server.Http.Get("/vans/")).Status == HttpStatusCode.OK);
        var van = (await Server.Http.Post("/api/vans", new JsonObject { ["plate"] = "AB-123-CD", ["boughtOn"] = "2026-02-03" })).Expect(HttpStatusCode.Created).Data;
        (await Server.Http.Post("/api/vans", new JsonObject { ["plate"] = "AB-123-CD" })).Expect(HttpStatusCode.Conflict);

        await Server.Ask("ALTER TABLE engagements ADD COLUMN van_id integer REFERENCES vans");
        await Until("the new relation is served", async () => (await Server.Http.Get("/engagements?select=title,vans(plate)")).Status == HttpStatusCode.OK);
        (await Server.Http.Post("/engagements", new JsonObject { ["title"] = "Tournée", ["vanId"] = van["id"]!.DeepClone() })).Expect(HttpStatusCode.Created);
        Assert.Equal("AB-123-CD", (string?)(await Server.Http.Get("/engagements?select=title,vans(plate)&title=eq.Tournée")).Records.Single()!["vans"]!["plate"]);

        await Server.Ask("ALTER TABLE engagements DROP COLUMN van_id; DROP TABLE vans");
        await Until("the table is gone", async () => (await Server.Http.Get("/vans/")).Status == HttpStatusCode.NotFound);
        (await Server.Http.Get("/engagements?select=title,vans(plate)")).Expect(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_unique_index_and_a_check_are_refused_in_the_callers_terms_at_once()
    {
        (await Server.Http.Post("/companies", new JsonObject { ["name"] = "Une", ["vatNumber"] = "FR1", ["fleetSize"] = 1 })).Expect(HttpStatusCode.Created);

        await Server.Ask("ALTER TABLE companies ADD CONSTRAINT uq_companies_vat_number UNIQUE (vat_number), ADD CONSTRAINT ck_companies_fleet CHECK (fleet_size >= 0)");

        await Until("the fault names the field", async () =>
        {
            var taken = (await Server.Http.Post("/companies", new JsonObject { ["name"] = "Deux", ["vatNumber"] = "FR1" })).Expect(HttpStatusCode.Conflict);
            return taken.Json["error"]!["fields"]?["vatNumber"] is not null;
        });
        (await Server.Http.Post("/companies", new JsonObject { ["name"] = "Trois", ["fleetSize"] = -1 })).Expect(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task Of_many_changes_in_a_row_none_is_missed()
    {
        // Each is likely to come while the one before is still being read.
        for (var turn = 0; turn < 15; turn++)
        {
            var table = $"quick_{turn}";
            await Server.Psql("-c", $"CREATE TABLE {table}_a (id int PRIMARY KEY)", "-c", $"CREATE TABLE {table}_b (id int PRIMARY KEY)");
            await Until($"{table}_b is served", async () => (await Server.Http.Get($"/{table}_b")).Status == HttpStatusCode.OK);
            await Server.Ask($"DROP TABLE {table}_a, {table}_b");
        }
    }

    private static Task Until(string what, Func<Task<bool>> condition) => Polling.Until(what, OneSecond, condition);

    /// <summary>Null while the server still asks for what is gone.</summary>
    private async Task<JsonObject?> Find(string address) =>
        await Server.Http.Get($"/{address}") is { Status: HttpStatusCode.OK } answer ? answer.Data.AsObject() : null;
}

public sealed class PrivateSchemaChangeTests(WashgoServer fixture) : SchemaChanges, IClassFixture<WashgoServer>
{
    protected override RunningServer Server => fixture.Server;
}

/// <summary>As a superuser, whose event triggers tell of every change.</summary>
public sealed class SuperuserSchemaChangeTests(ServerOfSuperuser fixture) : SchemaChanges, IClassFixture<ServerOfSuperuser>
{
    protected override RunningServer Server => fixture.Server;

    [Fact]
    public async Task It_is_told() =>
        Assert.Equal("2", await Server.Ask("SELECT count(*) FROM pg_event_trigger WHERE evtname LIKE 'socle%'"));
}

/// <summary>As a role that may not make event triggers.</summary>
public sealed class OrdinaryRoleSchemaChangeTests(ServerOfOrdinaryRole fixture) : SchemaChanges, IClassFixture<ServerOfOrdinaryRole>
{
    protected override RunningServer Server => fixture.Server;

    [Fact]
    public async Task It_is_not_told_but_looks() =>
        Assert.Equal("0 f", await Server.Ask("SELECT (SELECT count(*) FROM pg_event_trigger) || ' ' || left(rolsuper::text, 1) FROM pg_roles WHERE rolname = current_user"));
}

/// <summary>A server with the blueprint washgo on an operator's PostgreSQL.</summary>
public abstract class ServerOfRole(string role) : IAsyncLifetime
{
    private readonly ThrowAwayPostgres _postgres = new();
    private RunningServer? _server;

    public RunningServer Server => _server!;

    public async ValueTask InitializeAsync()
    {
        await _postgres.InitializeAsync();
        await _postgres.CreateDatabase("erp", role);
        _server = await Serving.Start(_postgres.Url("erp", role));
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        await _postgres.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

public sealed class ServerOfSuperuser() : ServerOfRole("erp_root");

public sealed class ServerOfOrdinaryRole() : ServerOfRole("erp_api");
