using System.Text;
using Npgsql;
using Socle.Testing;
using Socle.Tests.Postgres;

namespace Socle.Tests.Server.Views;

/// <summary>A database that is served as it was found holds no views; its summary counts what is there.</summary>
public sealed class FoundDatabaseTests(TestServer postgres)
{
    [Fact]
    public async Task Without_views_of_its_own_its_tables_are_counted()
    {
        await using var database = await postgres.CreateDatabase();
        await Execute(database, "DROP SCHEMA socle_system CASCADE; CREATE TABLE things (id int PRIMARY KEY, made_on date); INSERT INTO things SELECT i, '2026-01-01'::date + i FROM generate_series(1, 40) i");
        await using var server = await RunningServer.Start(env: new Dictionary<string, string> { ["DATABASE_URL"] = database.ConnectionString, ["LOG_LEVEL"] = "warning", ["ANONYMOUS_ROLE"] = "manager" });

        Assert.Equal("""{"success":true,"data":[]}""", await Get(server, "/api/views"));
        Assert.Equal("""{"success":true,"data":[]}""", await Get(server, "/api/dashboard"));
        var summary = await Get(server, "/api/dashboard/summary");
        Assert.Contains("\"table\":\"things\"", summary, StringComparison.Ordinal);
        Assert.Contains("\"data\":[{\"count\":40}]", summary, StringComparison.Ordinal);
        Assert.Equal("""[{"month":"2026-01-01","count":30},{"month":"2026-02-01","count":10}]""", System.Text.Json.Nodes.JsonNode.Parse(await Get(server, "/api/things?select=made_on.month(),count()&order=made_on.month()"))!["data"]!.ToJsonString());
        using var body = new StringContent("""{"table":"things","label":"x","kind":"grid","shared":true}""", Encoding.UTF8, "application/json");
        using var refused = await server.Http.PostAsync(new Uri("/api/views", UriKind.Relative), body, TestContext.Current.CancellationToken);
        Assert.Equal(409, (int)refused.StatusCode);
    }

    private static async Task<string> Get(RunningServer server, string address) =>
        await server.Http.GetStringAsync(new Uri(address, UriKind.Relative), TestContext.Current.CancellationToken);

    private static async Task Execute(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
