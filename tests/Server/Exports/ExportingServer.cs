using System.Text;
using Npgsql;
using Socle.Testing;
using Socle.Tests.Postgres;

namespace Socle.Tests.Server.Exports;

/// <summary>A server on tables of a test's own, with the process's clock and the database's in zones of the test's choice.</summary>
public sealed class ExportingServer : IAsyncDisposable
{
    private const string Xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    private ExportingServer(NpgsqlDataSource database, RunningServer server)
    {
        Database = database;
        Server = server;
    }

    public NpgsqlDataSource Database { get; }

    public RunningServer Server { get; }

    /// <param name="sql">Makes the tables.</param>
    /// <param name="zone">TZ of the process and TimeZone of the database.</param>
    /// <param name="shown">TIMEZONE.</param>
    public static async Task<ExportingServer> Start(TestServer postgres, string sql, string zone = "UTC", string shown = "Europe/Paris")
    {
        var database = await postgres.CreateDatabase();
        await using (var command = database.CreateCommand($"DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET TimeZone = %L', current_database(), '{zone}'); END $$; {sql}"))
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        var server = await RunningServer.Start(env: new Dictionary<string, string>
        {
            ["DATABASE_URL"] = database.ConnectionString,
            ["LOG_LEVEL"] = "warning",
            ["TZ"] = zone,
            ["TIMEZONE"] = shown,
        });
        return new ExportingServer(database, server);
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Database.DisposeAsync();
    }

    public async Task<List<string?>> Ask(string sql)
    {
        var rows = new List<string?>();
        await using var command = Database.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
            rows.Add(await reader.IsDBNullAsync(0, TestContext.Current.CancellationToken) ? null : reader.GetString(0));
        return rows;
    }

    public Task<byte[]> GetWorkbook(string address) => Get(address, Xlsx, "fr");

    public async Task<string> GetCsv(string address, string language = "en") => Encoding.UTF8.GetString(await Get(address, "text/csv", language));

    public async Task<string> GetJson(string address) => Encoding.UTF8.GetString(await Get(address, "application/json", "en"));

    private async Task<byte[]> Get(string address, string accept, string language)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, ScenarioServer.Escape($"/api/{address}"));
        request.Headers.Accept.ParseAdd(accept);
        request.Headers.AcceptLanguage.ParseAdd(language);
        using var answer = await Server.Http.SendAsync(request, TestContext.Current.CancellationToken);
        var body = await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, Encoding.UTF8.GetString(body));
        Assert.Equal(accept, answer.Content.Headers.ContentType!.MediaType);
        return body;
    }
}
