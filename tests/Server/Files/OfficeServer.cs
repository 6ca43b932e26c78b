using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Npgsql;
using Socle.Testing;
using Socle.Tests.Postgres;

namespace Socle.Tests.Server.Files;

/// <summary>A server whose records point to files: nobody comes in without credentials; ana and ben each see their own cases, vic all of them, and chief is an administrator.</summary>
[CollectionDefinition(nameof(OfficeServer))]
public sealed class OfficeServer(TestServer postgres) : IAsyncLifetime, ICollectionFixture<OfficeServer>
{
    private const string Password = "orage-lundi-cerise-42";

    private const string Blueprint = """
        blueprint: office
        tables:
          cases:
            fields:
              title: text
              owner: { type: reference, to: users }
              scan: { type: file, accept: [image/*, application/pdf, .docx], max_size: 1 MB }
              contract: file
              extras: { type: files, accept: [text/plain, image/png] }
              secret: file
        policies:
          member:
            cases:
              read: { filter: "owner=eq.{user.id}", fields: [id, title, owner, scan, contract, extras] }
              create: true
              update: { filter: "owner=eq.{user.id}" }
              delete: { filter: "owner=eq.{user.id}" }
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("socle-office-");
    private RunningServer? _server;
    private NpgsqlDataSource? _database;

    public RunningServer Server => _server!;

    public NpgsqlDataSource Database => _database!;

    public string Folder => Path.Combine(Server.DataFolder, "files");

    public HttpClient Ana { get; private set; } = null!;

    public HttpClient Ben { get; private set; } = null!;

    public HttpClient Vic { get; private set; } = null!;

    public HttpClient Chief { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await postgres.CreateDatabase();
        var blueprint = Path.Combine(_folder.FullName, "office.yaml");
        await File.WriteAllTextAsync(blueprint, Blueprint);
        _server = await RunningServer.Start(
            blueprint,
            env: new Dictionary<string, string> { ["DATABASE_URL"] = _database.ConnectionString, ["LOG_LEVEL"] = "warning", ["ANONYMOUS_ROLE"] = "", ["MAX_FILE_SIZE"] = "30000000", ["FILES_QUOTA"] = "200000000" });
        Ana = await SignIn("ana", "member");
        Ben = await SignIn("ben", "member");
        Vic = await SignIn("vic", "viewer");
        Chief = await SignIn("chief", "admin");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var http in new[] { Ana, Ben, Vic, Chief })
            http?.Dispose();
        if (_server is not null)
            await _server.DisposeAsync();
        if (_database is not null)
            await _database.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    public async Task<T> Ask<T>(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async Task Execute(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<string> IdOf(string name) => (await Ask<Guid>($"SELECT id FROM socle_system.users WHERE name = '{name}'")).ToString();

    private async Task<HttpClient> SignIn(string name, string role)
    {
        await Execute($"""
            INSERT INTO socle_system.users (email, name, role, password_hash, password_changed_at, security_stamp)
            VALUES ('{name}@example.org', '{name}', '{role}', '{Hash()}', now(), 'x')
            """);
        var http = new HttpClient { BaseAddress = Server.Address };
        for (var i = 0; ; i++)
        {
            using var answer = await http.PostAsJsonAsync(new Uri("/api/auth/login", UriKind.Relative), new { email = $"{name}@example.org", password = Password });
            var text = await answer.Content.ReadAsStringAsync();
            if (answer.StatusCode == HttpStatusCode.OK)
            {
                http.DefaultRequestHeaders.Authorization = new("Bearer", (string)JsonNode.Parse(text)!["data"]!["accessToken"]!);
                return http;
            }

            Assert.True(i < 50, text);
            await Task.Delay(100);
        }
    }

    private static string Hash()
    {
        var hash = System.Security.Cryptography.Rfc2898DeriveBytes.Pbkdf2(Password, "selselsel"u8, 1000, System.Security.Cryptography.HashAlgorithmName.SHA256, 32);
        return $"pbkdf2_sha256$1000$selselsel${Convert.ToBase64String(hash)}";
    }
}

/// <summary>What a caller does with files.</summary>
internal static class FileCalls
{
    public static async Task<JsonNode> Upload(this HttpClient http, byte[] content, string name = "file")
    {
        using var body = new ByteArrayContent(content);
        using var answer = await http.PostAsync(new Uri($"/api/files?name={Uri.EscapeDataString(name)}", UriKind.Relative), body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.Created, $"{name}: {answer.StatusCode} {text}");
        return JsonNode.Parse(text)!["data"]!;
    }

    /// <summary>A file of the caller's own, which nobody stored before.</summary>
    public static async Task<string> UploadText(this HttpClient http) =>
        (string)(await http.Upload(Encoding.UTF8.GetBytes($"Bonjour {Guid.NewGuid()}"), "note.txt"))["id"]!;

    public static async Task<(HttpStatusCode Status, JsonNode? Body)> Json(this HttpClient http, HttpMethod method, string address, object? body = null)
    {
        using var request = new HttpRequestMessage(method, address) { Content = body is null ? null : JsonContent.Create(body) };
        using var answer = await http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return (answer.StatusCode, text.StartsWith('{') ? JsonNode.Parse(text) : null);
    }

    public static async Task<HttpStatusCode> Status(this HttpClient http, string address)
    {
        using var answer = await http.GetAsync(new Uri(address, UriKind.Relative));
        return answer.StatusCode;
    }
}
