using System.Text.Json.Nodes;
using Socle.Tests.Postgres;

namespace Socle.Tests.Server.Doors;

/// <summary>
/// A server with a table of which members read and write their own records only, and not the field "secret", and may not
/// delete; with two members who are signed in. Calls without credentials are an administrator's.
/// </summary>
[CollectionDefinition(nameof(DoorServer))]
public sealed class DoorServer(TestServer postgres) : ScenarioServer(postgres), ICollectionFixture<DoorServer>
{
    private const string Password = "Un-cheval-vert 93 danse";

    public Guid AnnId { get; private set; }

    public Guid BobId { get; private set; }

    /// <summary>The header with which she calls.</summary>
    public string Ann { get; private set; } = "";

    public string Bob { get; private set; } = "";

    public string ManagerKey { get; private set; } = "";

    public string ViewerKey { get; private set; } = "";

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        (AnnId, Ann) = await SignUp("ann@exemple.fr");
        (BobId, Bob) = await SignUp("bob@exemple.fr");
        ManagerKey = await NewKey("manager");
        ViewerKey = await NewKey("viewer");
    }

    /// <summary>A table for one test alone, with three records of hers and two of his.</summary>
    public async Task Create(string table)
    {
        await Run($"CREATE TABLE {table} (id int PRIMARY KEY, owner_id uuid, name text UNIQUE, amount int, secret text DEFAULT 's')");
        await Run($"SELECT socle_system.keep_history('{table}')");
        await WaitFor($"/api/{table}", ViewerKey, 200);
        foreach (var (number, owner) in new[] { (1, AnnId), (2, AnnId), (3, AnnId), (4, BobId), (5, BobId) })
            await Run($"INSERT INTO {table} VALUES ({number}, '{owner}', '{table} {number}', {number * 10})");
        await Run($$"""
            UPDATE socle_system.policies p SET filter = 'owner_id=eq.{user.id}', condition = '{{table}}.owner_id = socle_system.caller_id()',
                fields = '{id,owner_id,name,amount}'
            FROM socle_system.tables t WHERE t.id = p.table_id AND t.relation = '{{table}}'::regclass AND p.role = 'member'
            """);
        // PostgreSQL refuses what is not allowed any more before the server knows it.
        while (await Send(Call.Get($"/api/{table}", Ann)) is not { Status: 200, Data: JsonArray { Count: 3 } } answer || answer.Text.Contains("secret", StringComparison.Ordinal))
            await Task.Delay(20);
    }

    public async Task Run(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    public async Task WaitFor(string address, string header, int status)
    {
        for (var i = 0; i < 500 && (await Send(Call.Get(address, header))).Status != status; i++)
            await Task.Delay(20);
        await Expect(status, Call.Get(address, header));
    }

    public async Task<string> NewKey(string role) =>
        $"Authorization: Bearer {(await Expect(201, Call.Post("/api/keys", $$"""{"name":"{{role}}","role":"{{role}}"}"""))).Data!["key"]}";

    private async Task<(Guid, string)> SignUp(string email)
    {
        var user = await Expect(201, Call.Post("/api/users", $$"""{"email":"{{email}}","name":"P","role":"member","password":"{{Password}}"}"""));
        var signedIn = await Expect(200, Call.Post("/api/auth/login", $$"""{"email":"{{email}}","password":"{{Password}}"}"""));
        return ((Guid)user.Data!["id"]!, $"Authorization: Bearer {signedIn.Data!["accessToken"]}");
    }
}
