using System.Text.Json.Nodes;
using Npgsql;
using Socle.Postgres;
using Socle.Testing;
using Socle.Tests.Postgres;

namespace Socle.Tests.Server.Schema;

/// <summary>Two servers on one database whose tables are made while they run. Some of its tables somebody made in psql.</summary>
[CollectionDefinition(nameof(SchemaServer))]
public sealed class SchemaServer(TestServer postgres) : IAsyncLifetime, ICollectionFixture<SchemaServer>
{
    private const string MadeInPsql = """
        CREATE TABLE meters (id serial PRIMARY KEY, name varchar(40) NOT NULL, address inet, reading integer DEFAULT 0, twice integer GENERATED ALWAYS AS (reading * 2) STORED, "Odd" text);
        CREATE UNIQUE INDEX meters_named ON meters (name) WHERE reading > 0;
        ALTER TABLE meters ADD CONSTRAINT meters_reading UNIQUE (reading);
        INSERT INTO meters (name, reading) VALUES ('one', 1), ('two', 2);
        CREATE VIEW high_meters AS SELECT * FROM meters WHERE reading > 1;
        CREATE TABLE "Album" ("AlbumId" int PRIMARY KEY);
        CREATE TABLE keyless (word text);
        """;

    private int _tables;

    public NpgsqlDataSource Database { get; private set; } = null!;

    public RunningServer Server { get; private set; } = null!;

    /// <summary>Another one on the same database.</summary>
    public RunningServer Other { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Database = await postgres.CreateDatabase();
        await SystemSchema.Apply(Database, CancellationToken.None);
        await Execute(MadeInPsql);
        Server = await Start();
        Other = await Start();
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Other.DisposeAsync();
        await Database.DisposeAsync();
    }

    /// <summary>A name that no other test uses.</summary>
    public string NewName() => $"t{Interlocked.Increment(ref _tables)}";

    /// <summary>A new table of these fields.</summary>
    public async Task<string> NewTable(string fields = """{"name":{"type":"text","required":true},"amount":{"type":"decimal","precision":12,"scale":2}}""", string more = "")
    {
        var name = NewName();
        await Expect(201, Call.Post("/api/schema/tables", $$"""{"name":"{{name}}","fields":{{fields}}{{more}}}"""));
        return name;
    }

    public async Task Execute(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<T> Ask<T>(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async Task<Answer> Expect(int status, Call call, RunningServer? server = null)
    {
        var answer = await Send(call, server);
        Assert.True(answer.Status == status, $"{call}\nanswered {answer.Status}, not {status}: {answer.Text}");
        return answer;
    }

    public async Task<Answer> Send(Call call, RunningServer? server = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(call.Method), ScenarioServer.Escape(call.Address));
        if (call.Body is not null)
            request.Content = new StringContent(call.Body, System.Text.Encoding.UTF8, "application/json");
        foreach (var header in call.Headers)
            request.Headers.TryAddWithoutValidation(header[..header.IndexOf(':')], header[(header.IndexOf(':') + 1)..].Trim());
        var response = await (server ?? Server).Http.SendAsync(request, TestContext.Current.CancellationToken);
        return new Answer((int)response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), response);
    }

    /// <summary>The names of the fields that are the table's own, in their order.</summary>
    public async Task<string[]> OwnFields(string table) =>
        [.. (await Expect(200, Call.Get($"/api/schema/tables/{table}/fields"))).Data!.AsArray().Where(field => !(bool)field!["isImplicit"]!).Select(field => (string)field!["name"]!)];

    public async Task<JsonNode> Field(string table, string field) => (await Expect(200, Call.Get($"/api/schema/tables/{table}/fields/{field}"))).Data!;

    private Task<RunningServer> Start() => RunningServer.Start(env: new Dictionary<string, string> { ["DATABASE_URL"] = Database.ConnectionString, ["LOG_LEVEL"] = "warning" });
}
