using Npgsql;
using Socle.Blueprints;
using Socle.Kernel;

namespace Socle.Tests.Postgres.Schema;

public sealed class ConcurrencyTests(TestServer server) : SchemaScenario(server)
{
    [Fact]
    public async Task Servers_that_apply_at_once_wait_for_one_and_find_nothing_to_do()
    {
        var washgo = BlueprintLibrary.Find("washgo").Value;

        var results = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => ApplyBlueprint.Apply(Database, washgo, withSample: true, TestContext.Current.CancellationToken)));

        Assert.All(results, result => Assert.False(result.IsFault));
        Assert.Single(results, result => !result.Value.IsEmpty);
        Assert.Equal("12", await List("SELECT count(*) FROM clients"));
    }

    [Fact]
    public async Task A_busy_table_is_waited_for_and_then_let_go()
    {
        await Apply(Things("fields: { name: text }"));
        await using var busy = await Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await busy.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var command = new NpgsqlCommand("LOCK TABLE things IN ROW EXCLUSIVE MODE", busy))
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        var fault = await Refused(Things("fields: { name: text, other: text }"));

        Assert.Equal(FaultCode.Conflict, fault.Code);
        Assert.Contains("the table is busy", fault.Message.English, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_changes_nothing_and_tells_nobody()
    {
        await using var listener = await Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using (var command = new NpgsqlCommand("LISTEN socle_catalog", listener))
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        var plan = await Plan(BlueprintLibrary.Find("washgo").Value, withSample: true);

        Assert.False(plan.IsEmpty);
        Assert.False(await listener.WaitAsync(TimeSpan.FromMilliseconds(300), TestContext.Current.CancellationToken));
        Assert.Equal("0", await List("SELECT count(*) FROM pg_class WHERE relname IN ('clients', 'services')"));
    }

    [Fact]
    public async Task An_applied_change_tells_every_server()
    {
        await using var listener = await Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using (var command = new NpgsqlCommand("LISTEN socle_catalog", listener))
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        await Apply(Things("fields: { name: text }"));

        Assert.True(await listener.WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken));
    }
}
