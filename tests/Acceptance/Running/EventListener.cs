using System.Net;
using System.Text.Json.Nodes;

namespace Socle.Tests.Acceptance.Running;

/// <summary>One server-sent event as a browser would give it to a page.</summary>
public sealed record ServerEvent(string Kind, string Id, string Text, DateTime At)
{
    public JsonNode Data => JsonNode.Parse(Text)!;

    public string Key => (string)Data["id"]!;
}

/// <summary>
/// Listens as a browser's EventSource does: notes each event, and connects again with the last id when the connection ends.
/// </summary>
public sealed class EventListener : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly List<ServerEvent> _events = [];
    private readonly CancellationTokenSource _end = new();
    private readonly HttpClient _http = new() { Timeout = Timeout.InfiniteTimeSpan };
    private readonly Func<Uri> _address;
    private readonly Task _listening;
    private volatile string? _lastId;
    private CancellationTokenSource _connection = new();

    private EventListener(Func<Uri> address, string? lastId)
    {
        _address = address;
        _lastId = lastId;
        _listening = Task.Run(Listen);
    }

    public string? LastId => _lastId;

    public int Connections { get; private set; }

    /// <summary>Whether the server has told it anything with an id: from then on nothing can be missed.</summary>
    public bool IsPlaced { get; private set; }

    public IReadOnlyList<ServerEvent> Events
    {
        get
        {
            lock (_events)
                return [.. _events];
        }
    }

    /// <summary>Once the server has told where the stream begins.</summary>
    public static async Task<EventListener> Start(Uri server, string query = "", string? lastId = null)
    {
        var listener = new EventListener(() => new Uri(server, $"/api/events{query}"), lastId);
        await listener.WaitUntil(_ => listener.IsPlaced);
        return listener;
    }

    /// <summary>Whose server may change its address between two connections.</summary>
    public static EventListener Follow(Func<Uri> server, string query = "") => new(() => new Uri(server(), $"/api/events{query}"), null);

    /// <summary>Loses the connection, as a phone does.</summary>
    public void Disconnect() => Interlocked.Exchange(ref _connection, new CancellationTokenSource()).Cancel();

    public async Task<IReadOnlyList<ServerEvent>> WaitFor(int count, double seconds = 10)
    {
        await WaitUntil(events => events.Count >= count, seconds);
        return Events;
    }

    public Task WaitUntil(Func<IReadOnlyList<ServerEvent>, bool> condition, double seconds = 10) =>
        Polling.Until("the events come", TimeSpan.FromSeconds(seconds), async () =>
        {
            if (_listening.IsFaulted)
                await _listening;
            return condition(Events);
        });

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _listening;
        _http.Dispose();
        _end.Dispose();
    }

    private async Task Listen()
    {
        while (!_end.IsCancellationRequested)
        {
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(_end.Token, _connection.Token);
            try
            {
                await ReadOnce(ending.Token);
            }
            catch (Exception exception) when (exception is OperationCanceledException or IOException or HttpRequestException)
            {
                // The connection is lost; the last id is not.
            }

            await Task.Delay(Pause, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ReadOnce(CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, _address());
        request.Headers.Accept.ParseAdd("text/event-stream");
        if (_lastId is { } lastId)
            request.Headers.Add("Last-Event-ID", lastId);
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        Connections++;
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellation));
        var (kind, id, data) = ("message", default(string), "");
        while (await reader.ReadLineAsync(cancellation) is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal))
                kind = line[7..];
            else if (line.StartsWith("id: ", StringComparison.Ordinal))
                id = line[4..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
                data = line[6..];
            else if (line.Length == 0)
            {
                Dispatch(kind, id, data);
                (kind, data) = ("message", "");
            }
            else
                Assert.True(line.StartsWith("retry: ", StringComparison.Ordinal) || line.StartsWith(": ", StringComparison.Ordinal), line);
        }
    }

    private void Dispatch(string kind, string? id, string data)
    {
        if (id is null)
            return;
        lock (_events)
        {
            if (data.Length > 0)
                _events.Add(new ServerEvent(kind, id, data, DateTime.UtcNow));
            _lastId = id;
            IsPlaced = true;
        }
    }
}
