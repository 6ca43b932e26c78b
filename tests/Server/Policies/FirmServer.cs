using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Npgsql;
using Socle.Testing;
using Socle.Tests.Postgres;

namespace Socle.Tests.Server.Policies;

/// <summary>Somebody who has signed in.</summary>
public sealed record FirmUser(Guid Id, string Email, HttpClient Http);

/// <summary>A server that lets nobody in without credentials, with records of firms and people who have signed in.</summary>
/// <param name="postgres">Where its database is, unless it is the server's own.</param>
/// <param name="signIns">How many sign in.</param>
/// <param name="isPrivate">Whether the server runs a PostgreSQL of its own.</param>
public sealed class FirmServer(TestServer postgres, int signIns = FirmServer.Users, bool isPrivate = false) : IAsyncLifetime
{
    public const int Users = 25;

    /// <summary>In the format of Django, with few rounds: signing in makes it anew.</summary>
    private const string Password = "orage-lundi-cerise-42";

    private RunningServer? _server;
    private NpgsqlDataSource? _database;

    public RunningServer Server => _server!;

    public NpgsqlDataSource Database => _database!;

    public IReadOnlyList<FirmUser> People { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        if (isPrivate)
            _server = await Start([]);
        _database = isPrivate ? NpgsqlDataSource.Create(PrivateAddress()) : await postgres.CreateDatabase();
        await Execute($"{FirmRules.Schema} SELECT socle_system.keep_history('firms'), socle_system.keep_history('jobs'), socle_system.keep_history('notes')");
        await Execute($"""
            INSERT INTO socle_system.users (email, name, role, password_hash, password_changed_at, security_stamp)
            SELECT 'p' || i || '@example.org', 'P' || i, 'viewer', '{Hash()}', now(), 'x' FROM generate_series(1, {Users}) i
            """);
        await Execute("""
            INSERT INTO firms SELECT i, (SELECT id FROM socle_system.users ORDER BY email OFFSET i % 25 LIMIT 1), (ARRAY['nord','sud','est','ouest'])[1 + i % 4], i % 11 FROM generate_series(1, 30) i;
            INSERT INTO jobs SELECT i, 1 + i * 7 % 30, (SELECT id FROM socle_system.users ORDER BY email OFFSET i * 3 % 25 LIMIT 1), (ARRAY['open','closed',NULL])[1 + i % 3], i * 13 % 100 FROM generate_series(1, 60) i;
            INSERT INTO notes SELECT i, 1 + i * 11 % 60, (SELECT id FROM socle_system.users ORDER BY email OFFSET i * 5 % 25 LIMIT 1), CASE WHEN i % 4 = 0 THEN 'Urgent !' ELSE 'Note' END FROM generate_series(1, 60) i;
            """);
        _server ??= await Start(new() { ["DATABASE_URL"] = _database.ConnectionString });
        var ids = await Ids("SELECT id::text FROM socle_system.users ORDER BY email");
        People = [.. await Task.WhenAll(ids.Take(signIns).Select(id => SignIn(Guid.Parse(id))))];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var person in People)
            person.Http.Dispose();
        if (_server is not null)
            await _server.DisposeAsync();
        if (_database is not null)
            await _database.DisposeAsync();
    }

    public async Task Execute(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The first column, as text.</summary>
    public async Task<List<string>> Ids(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var ids = new List<string>();
        while (await reader.ReadAsync())
            ids.Add(Convert.ToString(reader.GetValue(0), CultureInfo.InvariantCulture)!);
        return ids;
    }

    private static Task<RunningServer> Start(Dictionary<string, string> environment) => RunningServer.Start(env: new Dictionary<string, string>(environment)
    {
        ["LOG_LEVEL"] = "warning",
        ["ANONYMOUS_ROLE"] = "",
        ["TRUSTED_PROXIES"] = "127.0.0.1",
    });

    private string PrivateAddress()
    {
        var password = File.ReadAllText(Path.Combine(Server.DataFolder, "secrets", "postgres")).Trim();
        return new NpgsqlConnectionStringBuilder { Host = Path.Combine(Server.DataFolder, "postgres"), Username = "socle", Password = password, Database = "socle" }.ConnectionString;
    }

    private async Task<FirmUser> SignIn(Guid id)
    {
        var email = (await Ids($"SELECT email FROM socle_system.users WHERE id = '{id}'"))[0];
        var http = new HttpClient { BaseAddress = Server.Address, Timeout = Timeout.InfiniteTimeSpan };
        // Each from an address of their own: from one address so many sign-ins would be too many.
        http.DefaultRequestHeaders.Add("X-Forwarded-For", $"192.0.2.{1 + (id.GetHashCode() & 0x7f)}");
        using var answer = await http.PostAsJsonAsync(new Uri("/api/auth/login", UriKind.Relative), new { email, password = Password });
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        http.DefaultRequestHeaders.Authorization = new("Bearer", (string)JsonNode.Parse(text)!["data"]!["accessToken"]!);
        return new FirmUser(id, email, http);
    }

    private static string Hash()
    {
        var hash = System.Security.Cryptography.Rfc2898DeriveBytes.Pbkdf2(Password, "selselsel"u8, 1000, System.Security.Cryptography.HashAlgorithmName.SHA256, 32);
        return $"pbkdf2_sha256$1000$selselsel${Convert.ToBase64String(hash)}";
    }
}
