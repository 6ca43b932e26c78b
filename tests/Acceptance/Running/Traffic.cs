using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Socle.Testing;

namespace Socle.Tests.Acceptance.Running;

/// <summary>Callers who write, read and ask for health without pause, and remember what they were answered.</summary>
public sealed class Traffic
{
    private const int Writers = 3;

    private readonly RunningServer _server;
    private readonly ConcurrentBag<Answer> _answers = [];
    private readonly ConcurrentBag<Guid> _acknowledged = [];
    private readonly Task[] _callers;
    private volatile bool _isStopped;

    private Traffic(RunningServer server)
    {
        _server = server;
        _callers = [.. Enumerable.Repeat(0, Writers).Select(_ => Repeat(Write)), Repeat(() => Read("/api/clients?limit=5")), Repeat(() => Read("/health"))];
    }

    public IReadOnlyCollection<Answer> Answers => _answers;

    /// <returns>Once each kind of call has been answered.</returns>
    public static async Task<Traffic> Start(RunningServer server)
    {
        var traffic = new Traffic(server);
        await Polling.Until("traffic flows", TimeSpan.FromSeconds(20), () => Task.FromResult(traffic._acknowledged.Count > 20));
        return traffic;
    }

    public Task Stop()
    {
        _isStopped = true;
        return Task.WhenAll(_callers);
    }

    /// <summary>
    /// While the database was away every call was answered 503 within a second, with when to come back; whatever was answered
    /// 201 is stored.
    /// </summary>
    public async Task AssertNothingHungAndNothingWasLost()
    {
        Assert.All(_answers, answer => Assert.True(
            answer.Status is HttpStatusCode.OK or HttpStatusCode.Created or HttpStatusCode.ServiceUnavailable,
            $"{(int)answer.Status}: {answer.Text}"));
        Assert.All(_answers.Where(answer => answer.Status == HttpStatusCode.ServiceUnavailable), Refusals.AssertPolite);
        var stored = (await _server.Ask("SELECT id FROM clients")).Split('\n').Select(Guid.Parse).ToHashSet();
        Assert.Superset(_acknowledged.ToHashSet(), stored);
    }

    private async Task Repeat(Func<Task> call)
    {
        while (!_isStopped)
            await call();
    }

    private async Task Write()
    {
        var id = Guid.NewGuid();
        var answer = await _server.Http.Post("/api/clients", new JsonObject { ["id"] = id, ["name"] = "Passage" });
        _answers.Add(answer);
        if (answer.Status == HttpStatusCode.Created)
            _acknowledged.Add(id);
    }

    private async Task Read(string address) => _answers.Add(await _server.Http.Get(address));
}

/// <summary>How the server says that its database is away.</summary>
public static class Refusals
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public static void AssertPolite(Answer answer)
    {
        answer.Expect(HttpStatusCode.ServiceUnavailable);
        Assert.True(answer.Elapsed < Machine.Allow(Patience), $"503 only after {answer.Elapsed.TotalSeconds} s");
        Assert.True(answer.RetryAfter > TimeSpan.Zero, "503 without Retry-After");
        Assert.Equal("database_unavailable", (string?)answer.Json["error"]!["code"]);
    }
}
