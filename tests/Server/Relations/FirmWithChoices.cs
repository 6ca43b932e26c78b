using System.Text.Json.Nodes;
using Npgsql;
using Socle.Testing;
using Socle.Tests.Postgres;

namespace Socle.Tests.Server.Relations;

/// <summary>
/// A server whose blueprint has lookups, rollups and choices from rows. Members see their own contracts only, clerks no amounts of
/// them, and nobody but managers the table of the choices. Calls without credentials are an administrator's.
/// </summary>
[CollectionDefinition(nameof(FirmWithChoices))]
public sealed class FirmWithChoices(TestServer postgres) : ICollectionFixture<FirmWithChoices>, IAsyncLifetime
{
    private const string Password = "Un-cheval-vert 93 danse";

    private const string Blueprint = """
        blueprint: firm
        tables:
          choices_list:
            search: [title]
            fields:
              category: { type: text, required: true }
              code: { type: text, required: true, index: true }
              title: text
              rank: number
          clients:
            fields:
              name: { type: text, required: true }
              kind: { type: choice, choices: [{ value: p, fr: Privé, en: Private }, { value: b, fr: Société, en: Business }] }
              contracts_count: { type: rollup, through: contracts.client_id, function: count }
              signed_total: { type: rollup, through: contracts.client_id, function: sum, field: amount, where: "status=eq.signed" }
              best: { type: rollup, through: contracts.client_id, function: max, field: amount }
              mean_days: { type: rollup, through: contracts.client_id, function: average, field: days }
              last_on: { type: rollup, through: contracts.client_id, function: max, field: signed_on, where: "status=in.(signed,'o''k')" }
          contracts:
            fields:
              client_id: { type: reference, to: clients }
              title: text
              amount: { type: decimal, precision: 12, scale: 2 }
              days: number
              signed_on: date
              owner: { type: reference, to: users }
              status: { type: choice, choices: { from: choices_list, value: code, label: title, where: "category=eq.status", order: rank } }
              kind_id: { type: reference, to: choices_list, where: "category=eq.kind" }
              client_name: { type: lookup, through: client_id, field: name }
              client_kind: { type: lookup, through: client_id, field: kind }
              client_total: { type: lookup, through: client_id, field: signed_total }
              owner_name: { type: lookup, through: owner, field: name }
        roles:
          clerk: { default: [read] }
        policies:
          member:
            clients: { read: true, update: true }
            contracts:
              read: { filter: "owner=eq.{user.id}" }
              create: true
              update: true
            choices_list: {}
          clerk:
            clients: { read: { fields: [name, contracts_count, signed_total, best] } }
            contracts: { read: { fields: [client_id, title, days, client_name, client_total] } }
            choices_list: {}
          viewer:
            choices_list: {}
        """;

    private RunningServer? _server;
    private NpgsqlDataSource? _database;
    private DirectoryInfo? _folder;

    public RunningServer Server => _server!;

    public NpgsqlDataSource Database => _database!;

    /// <summary>The headers with which they call.</summary>
    public string Ann { get; private set; } = "";

    public string Clerk { get; private set; } = "";

    public string Viewer { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        _database = await postgres.CreateDatabase();
        _folder = Directory.CreateTempSubdirectory("socle-firm-");
        var file = Path.Combine(_folder.FullName, "firm.yaml");
        await File.WriteAllTextAsync(file, Blueprint.Replace("'o''k'", "ok", StringComparison.Ordinal));
        _server = await RunningServer.Start(blueprint: file, env: new Dictionary<string, string> { ["DATABASE_URL"] = _database.ConnectionString, ["LOG_LEVEL"] = "warning" });
        Clerk = await NewKey("clerk");
        Viewer = await NewKey("viewer");
        var user = await Send(Call.Post("/api/users", $$"""{"email":"ann@exemple.fr","name":"Ann","role":"member","password":"{{Password}}"}"""));
        var signedIn = await Send(Call.Post("/api/auth/login", $$"""{"email":"ann@exemple.fr","password":"{{Password}}"}"""));
        Ann = $"Authorization: Bearer {signedIn.Data!["accessToken"]}";
        await Run($"""
            INSERT INTO choices_list (category, code, title, rank) VALUES ('status', 'draft', 'Draft', 1), ('status', 'signed', 'Signed', 3), ('status', 'late', 'Late', 2), ('kind', 'wood', 'Wood', 1), ('kind', 'iron', 'Iron', 2);
            INSERT INTO clients (name, kind) VALUES ('Aline', 'p'), ('Bruno', 'b'), ('Chloe', NULL);
            INSERT INTO contracts (client_id, title, amount, days, signed_on, owner, status, kind_id)
            SELECT (SELECT id FROM clients WHERE name = c), t, a, d, s::date, CASE WHEN o THEN '{user.Data!["id"]}'::uuid END, st, (SELECT id FROM choices_list WHERE code = k)
            FROM (VALUES ('Aline', 'A1', 100, 1, '2026-01-05', true, 'signed', 'wood'), ('Aline', 'A2', 50.5, 2, '2026-03-01', false, 'signed', 'iron'), ('Aline', 'A3', 900, 3, NULL, false, 'draft', NULL),
                         ('Bruno', 'B1', 10, 4, '2026-02-02', true, 'late', NULL), (NULL, 'N1', 7, 5, NULL, false, NULL, NULL)) v (c, t, a, d, s, o, st, k)
            """);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        if (_database is not null)
            await _database.DisposeAsync();
        _folder?.Delete(recursive: true);
    }

    public async Task Run(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    public async Task<string> Id(string table, string name) =>
        (string)(await Send(Call.Get($"/api/{table}?select=id&{(table == "contracts" ? "title" : "name")}=eq.{name}"))).Data![0]!["id"]!;

    public async Task<Answer> Send(Call call)
    {
        using var request = new HttpRequestMessage(new HttpMethod(call.Method), ScenarioServer.Escape(call.Address));
        if (call.Body is not null)
            request.Content = new StringContent(call.Body, System.Text.Encoding.UTF8, "application/json");
        foreach (var header in call.Headers)
            request.Headers.TryAddWithoutValidation(header[..header.IndexOf(':')], header[(header.IndexOf(':') + 1)..].Trim());
        using var response = await Server.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return new Answer((int)response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), response);
    }

    public async Task<Answer> Expect(int status, Call call)
    {
        var answer = await Send(call);
        Assert.True(answer.Status == status, $"{call}\nanswered {answer.Status}, not {status}: {answer.Text}");
        return answer;
    }

    public async Task Expect(int status, Call call, string data) => ScenarioServer.Same(data, (await Expect(status, call)).Data, call);

    private async Task<string> NewKey(string role) =>
        $"Authorization: Bearer {(await Expect(201, Call.Post("/api/keys", $$"""{"name":"{{role}}","role":"{{role}}"}"""))).Data!["key"]}";
}
