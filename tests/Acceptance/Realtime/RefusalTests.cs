using System.Diagnostics;
using System.Net;
using Socle.Testing;
using Socle.Tests.Acceptance.Running;

namespace Socle.Tests.Acceptance.Realtime;

/// <summary>What is refused and how, and that listening costs nothing while nothing happens.</summary>
public sealed class RefusalTests(ListeningServer fixture) : IClassFixture<ListeningServer>
{
    private RunningServer Server => fixture.Server;

    [Theory]
    [InlineData("GET", "?table=client", HttpStatusCode.NotFound, "clients")]
    [InlineData("GET", "?table=plain", HttpStatusCode.BadRequest, "historique")]
    [InlineData("GET", "?status=eq.active", HttpStatusCode.BadRequest, "table=")]
    [InlineData("HEAD", "", HttpStatusCode.MethodNotAllowed, "")]
    [InlineData("POST", "", HttpStatusCode.MethodNotAllowed, "GET")]
    public async Task What_cannot_be_told_is_refused_with_what_to_do(string method, string query, HttpStatusCode status, string words)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), $"/api/events{query}");
        request.Headers.AcceptLanguage.ParseAdd("fr");
        using var answer = await Server.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(status, answer.StatusCode);
        Assert.Contains(words, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_a_stream_of_events_can_be_accepted() =>
        (await Server.Http.Get("/api/events", "application/json")).Expect(HttpStatusCode.NotAcceptable);

    [Fact]
    public async Task While_nothing_happens_nobody_asks_the_database_for_changes()
    {
        await using var listener = await EventListener.Start(Server.Address);
        // PostgreSQL counts what was scanned before up to ten seconds late, and it may still be compiled better.
        await Task.Delay(TimeSpan.FromSeconds(12), TestContext.Current.CancellationToken);
        const string Scans = "SELECT sum(seq_scan + coalesce(idx_scan, 0)) FROM pg_stat_all_tables WHERE schemaname = 'socle_system' AND relname IN ('changes', 'history')";
        var before = (await Server.Ask(Scans), Process.GetProcessById(Server.ProcessId).TotalProcessorTime);
        await Task.Delay(6000, TestContext.Current.CancellationToken);
        var after = (await Server.Ask(Scans), Process.GetProcessById(Server.ProcessId).TotalProcessorTime);
        TestContext.Current.TestOutputHelper!.WriteLine($"{(after.TotalProcessorTime - before.TotalProcessorTime).TotalMilliseconds:0} ms of processor in 6 s");
        Assert.Equal(before.Item1, after.Item1);
        Assert.True(after.TotalProcessorTime - before.TotalProcessorTime < TimeSpan.FromMilliseconds(300));
    }

    [Fact]
    public async Task A_listener_that_does_not_read_holds_up_nobody_and_misses_nothing()
    {
        await using var quick = await EventListener.Start(Server.Address, "?table=baskets");
        using var slow = await Server.Http.GetAsync(new Uri("/api/events?table=baskets", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        await Server.Ask("INSERT INTO baskets SELECT n, to_json(repeat('x', 1000)) FROM generate_series(1, 20000) n");
        await quick.WaitFor(20_000, 40);
        await Server.Ask("INSERT INTO baskets VALUES (0, NULL)");
        await quick.WaitFor(20_001, 5);

        using var reader = new StreamReader(await slow.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        var (count, lastId) = (0, "");
        while (count < 20_001 && await reader.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            lastId = line.StartsWith("id: ", StringComparison.Ordinal) ? line[4..] : lastId;
            count += line.StartsWith("data: ", StringComparison.Ordinal) ? 1 : 0;
        }

        // It may have been cut off for not reading; then it comes again.
        await using var again = await EventListener.Start(Server.Address, "?table=baskets", lastId);
        await again.WaitFor(20_001 - count, 40);
        Assert.Equal(20_001, count + again.Events.Count);
    }
}
