using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Socle.Testing;

namespace Socle.Tests.Acceptance.Running;

/// <summary>
/// 32 callers that outlive the server: some write once and remember what was acknowledged, some repeat each write with its
/// idempotency key until it is, some send batches of three.
/// </summary>
public sealed class PersistentWriters : IAsyncDisposable
{
    private const int Callers = 32;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly HttpClient _http;
    private readonly ConcurrentBag<string> _written = [];
    private readonly ConcurrentBag<string> _keyed = [];
    private readonly ConcurrentBag<string> _batched = [];
    private readonly ConcurrentBag<string> _surprises = [];
    private readonly Task[] _callers;
    private volatile bool _isStopped;

    public PersistentWriters(int port)
    {
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromSeconds(20) };
        Func<Task>[] kinds = [WriteOnce, WriteWithKey, WriteBatch];
        _callers = [.. Enumerable.Range(0, Callers).Select(number => Repeat(kinds[number % kinds.Length]))];
    }

    private int Acknowledged => _written.Count + _keyed.Count + _batched.Count;

    public Task WaitForMore(int writes)
    {
        var goal = Acknowledged + writes;
        return Polling.Until($"{writes} more writes are acknowledged", TimeSpan.FromSeconds(30), () => Task.FromResult(Acknowledged >= goal));
    }

    public async Task Stop()
    {
        _isStopped = true;
        await Task.WhenAll(_callers);
    }

    public async Task AssertNothingAcknowledgedIsMissing(RunningServer server)
    {
        string[] acknowledged = [.. _written, .. _keyed, .. _batched.SelectMany(BatchNames)];
        var stored = (await Names(server)).ToHashSet();
        Assert.DoesNotContain(acknowledged, name => !stored.Contains(name));
        Assert.Empty(_surprises);
    }

    /// <summary>When all callers have stopped: what was asked with a key is there once, and batches are whole.</summary>
    public async Task AssertExactlyWhatWasAskedIsThere(RunningServer server)
    {
        await AssertNothingAcknowledgedIsMissing(server);
        var stored = await Names(server);
        Assert.Empty(stored.GroupBy(name => name).Where(group => group.Count() > 1).Select(group => group.Key));
        var keyed = stored.Where(name => name.StartsWith("key ", StringComparison.Ordinal));
        Assert.Equal(_keyed.Order(StringComparer.Ordinal), keyed.Order(StringComparer.Ordinal));
        var batches = stored.Where(name => name.StartsWith("batch ", StringComparison.Ordinal)).GroupBy(name => name[..^2]);
        Assert.All(batches, batch => Assert.Equal(3, batch.Count()));
        Assert.False(_written.IsEmpty || _keyed.IsEmpty || _batched.IsEmpty);
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        _http.Dispose();
    }

    private static async Task<string[]> Names(RunningServer server) => (await server.Ask("SELECT name FROM clients")).Split('\n');

    private static IEnumerable<string> BatchNames(string name) => [$"{name} 0", $"{name} 1", $"{name} 2"];

    private async Task Repeat(Func<Task> write)
    {
        while (!_isStopped)
            await write();
    }

    private async Task WriteOnce()
    {
        var name = $"once {Guid.NewGuid()}";
        if (await Post("/api/clients", new JsonObject { ["name"] = name }, key: null))
            _written.Add(name);
    }

    /// <summary>Even when the test ends, a write that may have arrived is repeated until its fate is known.</summary>
    private async Task WriteWithKey()
    {
        var key = Guid.NewGuid().ToString();
        while (!await Post("/api/clients", new JsonObject { ["name"] = $"key {key}" }, key))
        {
        }

        _keyed.Add($"key {key}");
    }

    private async Task WriteBatch()
    {
        var name = $"batch {Guid.NewGuid()}";
        var operations = BatchNames(name).Select(each => (JsonNode)new JsonObject
        {
            ["method"] = "POST",
            ["path"] = "/api/clients",
            ["body"] = new JsonObject { ["name"] = each },
        });
        if (await Post("/api/batch", new JsonObject { ["operations"] = new JsonArray([.. operations]) }, key: null))
            _batched.Add(name);
    }

    /// <summary>Whether the write was acknowledged. The server may be gone, or say that its database is.</summary>
    private async Task<bool> Post(string address, JsonObject body, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = JsonContent.Create<JsonNode>(body) };
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        try
        {
            using var answer = await _http.SendAsync(request);
            if (answer.IsSuccessStatusCode)
            {
                await answer.Content.ReadAsStringAsync();
                return true;
            }

            if (answer.StatusCode != HttpStatusCode.ServiceUnavailable)
                _surprises.Add($"{(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or TaskCanceledException)
        {
            // Killed in the middle.
        }

        await Task.Delay(Pause);
        return false;
    }
}
