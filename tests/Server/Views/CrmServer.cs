using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Npgsql;
using Socle.Testing;
using Socle.Tests.Postgres;

namespace Socle.Tests.Server.Views;

/// <summary>The blueprint crm with its sample, and people of its roles who have signed in: the commercial Carl has two clients, the commercial Cora none.</summary>
[CollectionDefinition(nameof(CrmServer))]
public sealed class CrmServer(TestServer postgres) : IAsyncLifetime, ICollectionFixture<CrmServer>
{
    private const string Password = "orage-lundi-cerise-42";

    private readonly Dictionary<string, HttpClient> _people = [];
    private RunningServer? _server;
    private NpgsqlDataSource? _database;

    public NpgsqlDataSource Database => _database!;

    public async ValueTask InitializeAsync()
    {
        _database = await postgres.CreateDatabase();
        var env = new Dictionary<string, string> { ["DATABASE_URL"] = _database.ConnectionString, ["LOG_LEVEL"] = "warning", ["TIMEZONE"] = "Europe/Paris" };
        _server = await RunningServer.Start("crm", sample: true, env: env);
        foreach (var (name, role) in new[] { ("anna", "admin"), ("mara", "manager"), ("carl", "commercial"), ("cora", "commercial"), ("vera", "viewer") })
        {
            await Execute($"INSERT INTO socle_system.users (email, name, role, password_hash, password_changed_at, security_stamp) VALUES ('{name}@crm.example', '{name}', '{role}', '{Hash()}', now(), 'x')");
            _people[name] = await SignIn(name);
        }

        await Execute("UPDATE clients SET assigned_to = (SELECT id FROM socle_system.users WHERE name = 'carl') WHERE company_name IN ('Menuiserie Aubry', 'Atelier Sirius')");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var person in _people.Values)
            person.Dispose();
        if (_server is not null)
            await _server.DisposeAsync();
        if (_database is not null)
            await _database.DisposeAsync();
    }

    public async Task<Answer> Send(string who, string method, string address, string? body = null, string? accept = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), ScenarioServer.Escape(address));
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        if (accept is not null)
            request.Headers.Add("Accept", accept);
        using var response = await _people[who].SendAsync(request, TestContext.Current.CancellationToken);
        return new Answer((int)response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), response);
    }

    public async Task<JsonNode> Expect(int status, string who, string method, string address, string? body = null)
    {
        var answer = await Send(who, method, address, body);
        Assert.True(answer.Status == status, $"{who}: {method} {address} {body}\nanswered {answer.Status}, not {status}: {answer.Text}");
        return answer.Json;
    }

    public async Task<JsonNode> Get(string who, string address) => (await Expect(200, who, "GET", address))["data"]!;

    /// <summary>The id of a view of the blueprint.</summary>
    public async Task<string> ViewId(string who, string table, string key) =>
        (await Get(who, $"/api/views?table={table}")).AsArray().First(view => (string?)view!["key"] == key)!["id"]!.ToString();

    public async Task Execute(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Waits until the server has heard of a change that was made past it.</summary>
    public async Task Until(string who, string address, Func<JsonNode, bool> isSo)
    {
        for (var clock = DateTime.UtcNow; ; await Task.Delay(50, TestContext.Current.CancellationToken))
        {
            var answer = await Send(who, "GET", address);
            if (answer.Status == 200 && isSo(answer.Json["data"]!))
                return;
            Assert.True(DateTime.UtcNow - clock < TimeSpan.FromSeconds(10), answer.Text);
        }
    }

    private async Task<HttpClient> SignIn(string name)
    {
        var http = new HttpClient { BaseAddress = _server!.Address };
        http.DefaultRequestHeaders.Add("Accept-Language", "en");
        using var answer = await http.PostAsJsonAsync(new Uri("/api/auth/login", UriKind.Relative), new { email = $"{name}@crm.example", password = Password });
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        http.DefaultRequestHeaders.Authorization = new("Bearer", (string)JsonNode.Parse(text)!["data"]!["accessToken"]!);
        return http;
    }

    private static string Hash() =>
        $"pbkdf2_sha256$1000$selselsel${Convert.ToBase64String(Rfc2898DeriveBytes.Pbkdf2(Password, "selselsel"u8, 1000, HashAlgorithmName.SHA256, 32))}";
}
