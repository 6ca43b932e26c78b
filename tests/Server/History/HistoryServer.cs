using System.Text.Json.Nodes;
using Socle.Tests.Postgres;

namespace Socle.Tests.Server.History;

/// <summary>A server of its own: the history of other suites' writes would stand in the lists.</summary>
[CollectionDefinition(nameof(HistoryServer))]
public sealed class HistoryServer(TestServer postgres) : ScenarioServer(postgres), ICollectionFixture<HistoryServer>
{
    /// <summary>Tables that keep their history, for one test alone.</summary>
    public async Task Create(params string[] statements)
    {
        foreach (var statement in statements)
            await Run(statement);
        var names = statements.Where(statement => statement.StartsWith("CREATE TABLE ", StringComparison.Ordinal)).Select(statement => statement.Split(' ')[2]).ToList();
        foreach (var name in names)
            await Run($"SELECT socle_system.keep_history('{name}')");
        foreach (var name in names)
        {
            while (!(await Server.Http.GetAsync(new Uri($"/api/{name}", UriKind.Relative))).IsSuccessStatusCode)
                await Task.Delay(20);
        }
    }

    public async Task Run(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>The change set of a table's newest entry.</summary>
    public Task<Guid> LastChange(string table) =>
        Ask<Guid>($"SELECT h.change_id FROM socle_system.history h JOIN socle_system.tables t ON t.id = h.table_id WHERE t.relation = '{table}'::regclass ORDER BY h.id DESC LIMIT 1");

    public async Task<JsonArray> Versions(string address) => (await Expect(200, Call.Get($"{address}/history"))).Data!.AsArray();

    public async Task<JsonNode> Undo(Guid change) => (await Expect(200, Call.Post($"/api/changes/{change}/undo", ""))).Data!;
}
