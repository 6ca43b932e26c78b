using System.Diagnostics;
using Npgsql;

namespace Socle.Tests.Server.Schema;

/// <summary>A table that people work in is changed without holding them up.</summary>
[Collection(nameof(SchemaServer))]
public sealed class LockTests(SchemaServer server)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task A_field_on_a_million_rows_takes_under_a_second()
    {
        var name = await FilledTable(1_000_000);
        await server.Expect(201, Call.Post($"/api/schema/tables/{name}/fields", """{"name":"warm_up","type":"text"}"""));
        string[] fields = ["\"type\":\"text\"", "\"type\":\"decimal\",\"precision\":12,\"scale\":2,\"default\":0", "\"type\":\"date_time\",\"default\":\"now\",\"required\":true", "\"type\":\"choice\",\"choices\":[\"x\",\"y\"],\"default\":\"x\""];
        foreach (var (i, keys) in fields.Index())
        {
            var quickest = await Quickest(5, attempt => server.Expect(201, Call.Post($"/api/schema/tables/{name}/fields", $$"""{"name":"f{{i}}_{{attempt}}",{{keys}}}""")));
            Assert.True(quickest < Second, $"{keys}: {quickest.TotalMilliseconds:0} ms");
        }

        Assert.Equal(1_000_000, await server.Ask<long>($"SELECT count(*) FROM {name} WHERE f1_0 = 0 AND f2_0 IS NOT NULL AND f3_0 = 'x'"));
    }

    /// <summary>Of several attempts: the machine has other things to do as well.</summary>
    private static async Task<TimeSpan> Quickest(int attempts, Func<int, Task> work)
    {
        var quickest = TimeSpan.MaxValue;
        for (var i = 0; i < attempts && quickest > Second; i++)
        {
            var clock = Stopwatch.StartNew();
            await work(i);
            quickest = clock.Elapsed < quickest ? clock.Elapsed : quickest;
        }

        return quickest;
    }

    [Fact]
    public async Task While_somebody_reads_for_long_others_read_on_and_the_field_comes_when_they_are_done()
    {
        var name = await FilledTable(1000);
        var reading = await Hold(name);
        using var done = new CancellationTokenSource();
        while ((await server.Send(Call.Get($"/api/{name}?limit=1"), server.Other)).Status != 200)
            await Task.Delay(20, TestContext.Current.CancellationToken);
        var readers = Enumerable.Range(0, 3).Select(_ => SlowestRead(name, done.Token)).ToList();

        var change = server.Send(Call.Post($"/api/schema/tables/{name}/fields", """{"name":"late","type":"text"}"""));
        await Task.Delay(TimeSpan.FromSeconds(3), TestContext.Current.CancellationToken);
        Assert.False(change.IsCompleted);
        await reading.DisposeAsync();
        Assert.Equal(201, (await change).Status);

        await done.CancelAsync();
        var slowest = (await Task.WhenAll(readers)).Max();
        Assert.True(slowest < Second, $"A reader waited for {slowest.TotalMilliseconds:0} ms.");
    }

    [Fact]
    public async Task When_the_reader_does_not_end_the_change_gives_up_and_says_so()
    {
        var name = await FilledTable(10);
        await using var reading = await Hold(name);
        var clock = Stopwatch.StartNew();
        var answer = await server.Expect(409, Call.Post($"/api/schema/tables/{name}/fields", """{"name":"late","type":"text"}"""));
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"{clock.Elapsed}");
        Assert.Contains("busy", (string)answer.Error["message"]!, StringComparison.Ordinal);
        Assert.NotNull(answer.Message.Headers.RetryAfter);
        await server.Expect(200, Call.Get($"/api/{name}?limit=1"));
    }

    private async Task<string> FilledTable(int rows)
    {
        var name = await server.NewTable("""{"number":"number","name":"text"}""", ""","history":false""");
        await server.Execute($"INSERT INTO {name} (number, name) SELECT i, 'row ' || i FROM generate_series(1, {rows}) i; ANALYZE {name}");
        return name;
    }

    /// <summary>A transaction that has read the table and does not end.</summary>
    private async Task<NpgsqlConnection> Hold(string name)
    {
        var connection = await server.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand($"BEGIN; SELECT count(*) FROM {name}", connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return connection;
    }

    private async Task<TimeSpan> SlowestRead(string name, CancellationToken until)
    {
        var slowest = TimeSpan.Zero;
        while (!until.IsCancellationRequested)
        {
            var clock = Stopwatch.StartNew();
            await server.Expect(200, Call.Get($"/api/{name}?limit=10"), server.Other);
            slowest = clock.Elapsed > slowest ? clock.Elapsed : slowest;
            await Task.Delay(10, CancellationToken.None);
        }

        return slowest;
    }
}
