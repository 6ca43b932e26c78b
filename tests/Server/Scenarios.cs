using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Npgsql;
using Socle.Postgres;
using Socle.Testing;
using Socle.Tests.Postgres;

namespace Socle.Tests.Server;

/// <summary>A request as a person writes it: the address unescaped, headers as "Name: value".</summary>
public sealed record Call(string Method, string Address, string? Body = null, params string[] Headers)
{
    public static Call Get(string address, params string[] headers) => new("GET", address, null, headers);

    public static Call Post(string address, string body, params string[] headers) => new("POST", address, body, headers);

    public static Call Put(string address, string body, params string[] headers) => new("PUT", address, body, headers);

    public static Call Patch(string address, string body, params string[] headers) => new("PATCH", address, body, headers);

    public static Call Delete(string address, params string[] headers) => new("DELETE", address, null, headers);

    public override string ToString() => $"{Method} {Address} {string.Join(' ', Headers)} {Body}";
}

public sealed record Answer(int Status, string Text, HttpResponseMessage Message)
{
    public JsonNode Json => JsonNode.Parse(Text)!;

    public JsonNode? Data => Json["data"];

    public JsonNode Error => Json["error"]!;
}

/// <summary>
/// A server with the fixture, shared by the scenarios of one collection, and how they call it. Its database is its
/// own; psql fills it while the server runs.
/// </summary>
public abstract class ScenarioServer(TestServer postgres, params (string Name, string Value)[] settings) : IAsyncLifetime
{
    private RunningServer? _server;
    private NpgsqlDataSource? _database;

    public RunningServer Server => _server!;

    /// <summary>The server's database, reached past it.</summary>
    public NpgsqlDataSource Database => _database!;

    public virtual async ValueTask InitializeAsync()
    {
        _database = await postgres.CreateDatabase();
        // Without a blueprint the server puts nothing into a database that is not its own.
        await SystemSchema.Apply(_database, CancellationToken.None);
        var env = settings.Append(("DATABASE_URL", _database.ConnectionString)).Append(("LOG_LEVEL", "warning")).ToDictionary(setting => setting.Item1, setting => setting.Item2);
        _server = await RunningServer.Start(env: env);
        await _server.Psql("-1", "-o", "/dev/null", "-f", Path.Combine(AppContext.BaseDirectory, "fixture.sql"));
        while (!(await Server.Http.GetAsync(new Uri("/api/fixture_is_loaded", UriKind.Relative))).IsSuccessStatusCode)
            await Task.Delay(20);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        if (_database is not null)
            await _database.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Asks the database past the server.</summary>
    public async Task<T> Ask<T>(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async Task<Answer> Send(Call call)
    {
        using var request = new HttpRequestMessage(new HttpMethod(call.Method), Escape(call.Address));
        if (call.Body is not null)
            request.Content = new StringContent(call.Body, Encoding.UTF8, "application/json");
        foreach (var header in call.Headers)
        {
            var (name, value) = (header[..header.IndexOf(':')], header[(header.IndexOf(':') + 1)..].Trim());
            if (name == "Content-Type")
                request.Content!.Headers.Remove(name);
            if (!request.Headers.TryAddWithoutValidation(name, value))
                request.Content!.Headers.TryAddWithoutValidation(name, value);
        }

        var response = await Server.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return new Answer((int)response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), response);
    }

    public async Task<Answer> Expect(int status, Call call)
    {
        var answer = await Send(call);
        Assert.True(answer.Status == status, $"{call}\nanswered {answer.Status}, not {status}: {answer.Text}");
        return answer;
    }

    /// <summary>Calls and compares <c>data</c>, whose members may come in any order.</summary>
    public async Task Expect(int status, Call call, string data)
    {
        var answer = await Expect(status, call);
        Same(data, answer.Data, call);
    }

    public static void Same(string expected, JsonNode? actual, object what) => Assert.True(
        JsonNode.DeepEquals(JsonNode.Parse(expected), actual),
        $"{what}\nexpected {expected}\nanswered {actual?.ToJsonString(Readable) ?? "null"}");

    /// <summary>Escapes everything but the signs that make the address; %XX stays.</summary>
    public static string Escape(string address)
    {
        var escaped = new StringBuilder();
        foreach (var rune in address.EnumerateRunes())
        {
            if (rune.IsAscii && (char.IsAsciiLetterOrDigit((char)rune.Value) || "-._~/?&=%:,()*!;@$'".Contains((char)rune.Value)))
                escaped.Append((char)rune.Value);
            else
                escaped.Append(Uri.EscapeDataString(rune.ToString()));
        }

        return escaped.ToString();
    }

    private static readonly JsonSerializerOptions Readable = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}

[CollectionDefinition(nameof(ReadingServer))]
public sealed class ReadingServer(TestServer postgres) : ScenarioServer(postgres), ICollectionFixture<ReadingServer>;

[CollectionDefinition(nameof(WritingServer))]
public sealed class WritingServer(TestServer postgres) : ScenarioServer(postgres, ("MAX_BODY_BYTES", "100000")), ICollectionFixture<WritingServer>;
