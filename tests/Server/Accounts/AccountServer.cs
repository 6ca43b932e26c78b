using System.Text.RegularExpressions;
using Npgsql;
using Socle.Postgres;
using Socle.Testing;
using Socle.Tests.Postgres;

namespace Socle.Tests.Server.Accounts;

/// <summary>Two servers with accounts on one database, and nobody let in without credentials. The first administrator came by the link of the terminal.</summary>
[CollectionDefinition(nameof(AccountServer))]
public sealed class AccountServer(TestServer postgres) : IAsyncLifetime, ICollectionFixture<AccountServer>
{
    public const string Password = "Un-cheval-vert 93 danse";
    private const string Key = "Vd8xQ2mZ7rT4yL1pK9sW3nB6hJ0cF5gD";

    private int _people;
    private NpgsqlDataSource? _database;

    /// <summary>The server that the tests call.</summary>
    public RunningServer Server { get; private set; } = null!;

    /// <summary>Another one on the same database.</summary>
    public RunningServer Other { get; private set; } = null!;

    /// <summary>The access token of the first administrator.</summary>
    public string Admin { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        _database = await postgres.CreateDatabase();
        await SystemSchema.Apply(_database, CancellationToken.None);
        await Run("CREATE TABLE things (id int PRIMARY KEY, name text); INSERT INTO things VALUES (1, 'a')");
        Server = await Start();
        var setup = await SetupToken(Server);
        await Visitor().Expect(200, Call.Post("/api/auth/setup", $$"""{"token":"{{setup}}","email":"chef@exemple.fr","password":"{{Password}}","name":"Chef"}"""));
        Other = await Start();
        Admin = await SignIn("chef@exemple.fr");
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Other.DisposeAsync();
        await _database!.DisposeAsync();
    }

    public Task<RunningServer> Start(params (string Name, string Value)[] settings) => RunningServer.Start(env: new Dictionary<string, string>(
        settings.Select(setting => KeyValuePair.Create(setting.Name, setting.Value)).Concat(
        [
            new("ANONYMOUS_ROLE", ""), new("DATABASE_URL", _database!.ConnectionString), new("LOG_LEVEL", "warning"), new("SECRET_KEY", Key), new("PASSWORD_EXPIRY_DAYS", "90"), new("SESSION_TIMEOUT", "3600"),
        ]).DistinctBy(setting => setting.Key)));

    /// <summary>What the terminal says, right after the server begins to answer.</summary>
    public static async Task<string> SetupToken(RunningServer server)
    {
        Match link;
        while (!(link = Regex.Match(server.Terminal, @"/setup\?token=(?<token>\S+)\n")).Success)
            await Task.Delay(20);
        return link.Groups["token"].Value;
    }

    /// <summary>Somebody at an address of their own: limits of tries go by address.</summary>
    public Visitor Visitor(RunningServer? at = null) => new((at ?? Server).Address);

    /// <summary>The administrator's calls.</summary>
    public Visitor AdminAt(RunningServer? at = null) => new((at ?? Server).Address, $"Authorization: Bearer {Admin}");

    /// <summary>A new account, which has <see cref="Password"/>.</summary>
    public async Task<(string Id, string Email)> NewUser(string role = "member")
    {
        var email = $"u{Interlocked.Increment(ref _people)}@exemple.fr";
        var made = await AdminAt().Expect(201, Call.Post("/api/users", $$"""{"email":"{{email}}","name":"Une personne","role":"{{role}}","password":"{{Password}}"}"""));
        return ((string)made.Data!["id"]!, email);
    }

    public static string Login(string email, string password = Password) => $$"""{"email":"{{email}}","password":"{{password}}"}""";

    /// <summary>The access token of a new session.</summary>
    public async Task<string> SignIn(string email) => (string)(await SignInFully(email)).Data!["accessToken"]!;

    public Task<Answer> SignInFully(string email) => Visitor().Expect(200, Call.Post("/api/auth/login", Login(email)));

    public async Task Run(string sql)
    {
        await using var command = _database!.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<T> Ask<T>(string sql)
    {
        await using var command = _database!.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public static async Task Until(Func<Task<bool>> condition)
    {
        for (var tries = 0; !await condition(); tries++)
        {
            Assert.True(tries < 200, "It did not happen within 10 seconds.");
            await Task.Delay(50);
        }
    }
}
