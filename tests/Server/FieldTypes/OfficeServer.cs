using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Npgsql;
using Socle.Testing;
using Socle.Tests.Postgres;

namespace Socle.Tests.Server.FieldTypes;

/// <summary>A server on a blueprint that has a field of each later type.</summary>
public sealed class OfficeServer(TestServer postgres) : IAsyncLifetime
{
    private const string Blueprint = """
        blueprint: office
        tables:
          tasks:
            label: { fr: Tâches, en: Tasks }
            fields:
              title: text
              owner: user
              colour: colour
              stars: { type: rating, max: 3 }
              rate: { type: currency, precision: 10, scale: 2, currency: CHF }
              discount: percentage
              spent: duration
              number: { type: autonumber, format: "T-{000}" }
              strict: { type: autonumber, format: "S{0}", gapless: true }
              amount: { type: formula, formula: "round(hours(spent) * rate * (1 - discount / 100), 2)" }
              summary: { type: formula, formula: "number & ' ' & upper(title)" }
          late:
            fields: { due: date, paid: date, days: { type: formula, formula: paid - due } }
        """;

    private readonly string _file = Path.GetTempFileName();
    private RunningServer? _server;
    private NpgsqlDataSource? _database;

    public RunningServer Server => _server!;

    public NpgsqlDataSource Database => _database!;

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(_file, Blueprint);
        _database = await postgres.CreateDatabase();
        _server = await RunningServer.Start(env: new Dictionary<string, string> { ["DATABASE_URL"] = _database.ConnectionString, ["LOG_LEVEL"] = "warning", ["BLUEPRINT"] = _file, ["TIMEZONE"] = "Europe/Paris" });
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        if (_database is not null)
            await _database.DisposeAsync();
        File.Delete(_file);
    }

    public async Task<string> Ask(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        return $"{await command.ExecuteScalarAsync(TestContext.Current.CancellationToken)}";
    }

    public async Task<(int Status, JsonNode? Json)> Send(string method, string address, string? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), ScenarioServer.Escape(address));
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await Server.Http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return ((int)answer.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }

    /// <summary>The answer's data, which must be there.</summary>
    public async Task<JsonNode> Get(string method, string address, string? body = null)
    {
        var (status, json) = await Send(method, address, body);
        Assert.True(status is 200 or 201, $"{method} {address}: {status} {json}");
        return json!["data"]!;
    }

    public async Task<byte[]> Export(string address, string type, string language)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Accept.ParseAdd(type);
        request.Headers.AcceptLanguage.ParseAdd(language);
        using var answer = await Server.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode);
        return await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
    }

    public async Task<JsonNode> Import(string table, byte[] file, string type)
    {
        using var content = new ByteArrayContent(file);
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        using var answer = await Server.Http.PostAsync(new Uri($"/api/{table}/import", UriKind.Relative), content, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!["data"]!;
    }
}
