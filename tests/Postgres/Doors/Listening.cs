using System.Text.Json;
using Socle.Catalog;
using Socle.Kernel;
using Socle.Postgres;
using Socle.Realtime;

namespace Socle.Tests.Postgres.Doors;

/// <summary>The feed of a database's changes, and those who listen to it.</summary>
internal sealed class Listening : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly Changes _changes;
    private readonly Task _running;

    public Listening(Database database, CatalogSnapshot snapshot)
    {
        Catalog.Swap(snapshot);
        _changes = new Changes(database, Catalog, new ChangeBell());
        _running = _changes.Run(_ => { }, _end.Token);
    }

    public LiveCatalog Catalog { get; } = new();

    public Task<Result<ChangeStream>> Open(Func<Caller?> who, string? lastId = null, params string[] tables) => _changes.Open(tables, who, lastId, _end.Token);

    /// <summary>Once it has its place.</summary>
    public async Task<Ear> Listen(Func<Caller?> who, string? lastId = null, params string[] tables)
    {
        var ear = new Ear((await Open(who, lastId, tables)).Value, _end.Token);
        await ear.Placed;
        return ear;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _running;
        _end.Dispose();
    }
}

/// <summary>One listener, and what it heard: <c>created 1 {"id":1}</c>.</summary>
internal sealed class Ear
{
    private readonly List<string> _heard = [];
    private readonly TaskCompletionSource _placed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Ear(ChangeStream stream, CancellationToken cancellation)
    {
        Stream = stream;
        End = Task.Run(() => Listen(cancellation), cancellation);
    }

    public ChangeStream Stream { get; }

    public Task Placed => _placed.Task;

    /// <summary>When the stream ended.</summary>
    public Task End { get; }

    public string LastId { get; private set; } = "";

    public IReadOnlyList<string> Heard
    {
        get
        {
            lock (_heard)
                return [.. _heard];
        }
    }

    public async Task<IReadOnlyList<string>> WaitFor(int count)
    {
        for (var i = 0; i < 400 && Heard.Count < count; i++)
            await Task.Delay(25);
        Assert.True(Heard.Count >= count, $"heard only {string.Join("; ", Heard)}");
        return Heard;
    }

    public async Task Expect(params string[] heard)
    {
        await WaitFor(heard.Length);
        Assert.Equal(heard, Heard);
    }

    private async Task Listen(CancellationToken cancellation)
    {
        try
        {
            await foreach (var page in Stream.Read(cancellation))
            {
                lock (_heard)
                    _heard.AddRange(page.Events.Where(Stream.Wants).Select(Tell));
                LastId = page.Events.IsEmpty ? page.EndId : page.IdOf(page.Events[^1], isLast: true);
                _placed.TrySetResult();
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
        }
        catch (Exception exception)
        {
            _placed.TrySetException(exception);
            throw;
        }
    }

    private static string Tell(RecordEvent told)
    {
        using var json = JsonDocument.Parse(told.Data);
        var record = json.RootElement.TryGetProperty("record", out var there) ? $" {there}" : "";
        return $"{told.Kind} {json.RootElement.GetProperty("id")}{record}";
    }
}
