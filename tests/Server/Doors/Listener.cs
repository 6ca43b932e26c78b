using System.Text.Json.Nodes;

namespace Socle.Tests.Server.Doors;

/// <summary>Listens to a server's events with a caller's credentials until the stream ends.</summary>
internal sealed class Listener : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly HttpResponseMessage _response;
    private readonly List<(string Kind, JsonNode Data)> _events = [];
    private readonly TaskCompletionSource _placed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Listener(HttpResponseMessage response)
    {
        _response = response;
        Ended = Task.Run(Read);
    }

    /// <summary>When the server ended the stream.</summary>
    public Task Ended { get; }

    public static Task<Listener> Start(DoorServer server, string header, string query = "") => Start(server.Server.Http, header, query);

    public static async Task<Listener> Start(HttpClient http, string header, string query = "")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"/api/events{query}", UriKind.Relative));
        request.Headers.TryAddWithoutValidation("Authorization", header["Authorization: ".Length..]);
        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal(200, (int)response.StatusCode);
        var listener = new Listener(response);
        await listener._placed.Task.WaitAsync(TimeSpan.FromSeconds(10));
        return listener;
    }

    public async Task<IReadOnlyList<(string Kind, JsonNode Data)>> WaitFor(int count)
    {
        for (var i = 0; i < 400; i++)
        {
            lock (_events)
            {
                if (_events.Count >= count)
                    return [.. _events];
            }

            await Task.Delay(25);
        }

        throw new InvalidOperationException($"Only {_events.Count} of {count} events came.");
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await Ended;
        _response.Dispose();
        _end.Dispose();
    }

    private async Task Read()
    {
        try
        {
            using var reader = new StreamReader(await _response.Content.ReadAsStreamAsync(_end.Token));
            var kind = "";
            while (await reader.ReadLineAsync(_end.Token) is { } line)
            {
                if (line.StartsWith("event: ", StringComparison.Ordinal))
                    kind = line[7..];
                else if (line.StartsWith("id: ", StringComparison.Ordinal))
                    _placed.TrySetResult();
                else if (line.StartsWith("data: ", StringComparison.Ordinal))
                {
                    lock (_events)
                        _events.Add((kind, JsonNode.Parse(line[6..])!));
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException && _end.IsCancellationRequested)
        {
        }
    }
}
