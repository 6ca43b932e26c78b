using System.Globalization;
using System.Text;
using Socle.Testing;
using Socle.Tests.Acceptance.Running;

namespace Socle.Tests.Acceptance.Realtime;

/// <summary>Transactions that overlap and end out of order, crashes, several servers: every committed change is told once.</summary>
public sealed class OrderTests(ListeningServer fixture) : IClassFixture<ListeningServer>
{
    private const int Writers = 20;
    private const int Transactions = 12;

    private RunningServer Server => fixture.Server;

    [Fact]
    public async Task Twenty_writers_whose_transactions_end_out_of_order_are_heard_once_each()
    {
        await using var steady = await EventListener.Start(Server.Address, "?table=baskets");
        await using var shaky = await EventListener.Start(Server.Address, "?table=baskets");
        var writing = Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Server.Psql("-c", "SELECT 1", "-f", Script(writer))));
        while (!writing.IsCompleted)
        {
            await Task.Delay(120, TestContext.Current.CancellationToken);
            shaky.Disconnect();
        }

        await writing;
        var stored = (await Server.Ask("SELECT id FROM baskets WHERE id >= 100000 ORDER BY id")).Split('\n');
        await steady.WaitFor(stored.Length, 20);
        await shaky.WaitFor(stored.Length, 20);
        Assert.True(shaky.Connections > 3);
        Assert.Equal(stored, steady.Events.Select(told => told.Key).Order(StringComparer.Ordinal));
        Assert.Equal(stored, shaky.Events.Select(told => told.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task After_kill_9_of_PostgreSQL_and_of_the_server_every_acknowledged_write_is_told_once()
    {
        using var data = await DataFolder.WithWashgo();
        var server = await Serving.Start(data);
        try
        {
            await ListeningServer.Prepare(server);
            await using var listener = EventListener.Follow(() => server.Address, "?table=clients");
            await listener.WaitUntil(_ => listener.IsPlaced);
            var traffic = await Traffic.Start(server);
            await Programs.Read("kill", "-KILL", $"{data.ReadPostmaster()}");
            await Task.Delay(500, TestContext.Current.CancellationToken);
            await server.WaitUntilHealthy(TimeSpan.FromSeconds(30));
            await Task.Delay(500, TestContext.Current.CancellationToken);
            await traffic.Stop();
            await Programs.Read("kill", "-KILL", $"{server.ProcessId}");
            await server.DisposeAsync();
            server = await Serving.Start(data);
            await server.Ask("INSERT INTO clients (name) VALUES ('Ensuite')");
            var stored = (await server.Ask("SELECT id FROM clients")).Split('\n').Order(StringComparer.Ordinal).ToList();
            await listener.WaitFor(stored.Count, 20);
            Assert.DoesNotContain(listener.Events, told => told.Kind == "reset");
            Assert.Equal(stored, listener.Events.Where(told => told.Kind == "created").Select(told => told.Key).Order(StringComparer.Ordinal));
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    /// <summary>Transactions of one writer: rows before and after a wait of its own length, some of them rolled back.</summary>
    private static string Script(int writer)
    {
        var random = new Random(writer);
        var sql = new StringBuilder();
        for (var turn = 0; turn < Transactions; turn++)
        {
            var id = 100_000 + writer * 1000 + turn * 10;
            var wait = (random.NextDouble() * 0.3).ToString(CultureInfo.InvariantCulture);
            sql.AppendLine(CultureInfo.InvariantCulture, $"BEGIN; INSERT INTO baskets VALUES ({id}, NULL), ({id + 1}, NULL); SELECT pg_sleep({wait}); INSERT INTO baskets VALUES ({id + 2}, NULL); {(turn % 5 == 4 ? "ROLLBACK" : "COMMIT")};");
        }

        var file = Path.Combine(Path.GetTempPath(), $"socle-writer-{Guid.NewGuid():N}.sql");
        File.WriteAllText(file, sql.ToString());
        return file;
    }
}
