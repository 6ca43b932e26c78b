using System.Runtime.CompilerServices;
using Npgsql;

namespace Socle.Realtime;

/// <summary>
/// What one listener is told, from where it stopped and without end: first what it missed, read for it alone, then
/// what the feed brings. A listener too slow for the feed reads for itself again. The database's absence is waited out.
/// </summary>
public sealed class ChangeStream
{
    /// <summary>What listeners read for themselves must leave connections to requests.</summary>
    private static readonly SemaphoreSlim Readers = new(2);
    private static readonly TimeSpan RetryEvery = TimeSpan.FromMilliseconds(250);

    private readonly ChangeFeed _feed;
    private readonly ChangeReader _changes;
    private readonly PageReader _pages;
    private readonly HashSet<Guid>? _tables;
    private readonly string? _lastId;
    private Subscription? _subscription;
    private bool _isTooFar;

    internal ChangeStream(ChangeFeed feed, ChangeReader changes, PageReader pages, HashSet<Guid>? tables, string? lastId) =>
        (_feed, _changes, _pages, _tables, _lastId) = (feed, changes, pages, tables, lastId);

    public bool Wants(RecordEvent told) => _tables is null || _tables.Contains(told.Table);

    /// <summary>How far a listener has come that has been told of everything so far; null when it has not.</summary>
    public string? FindPlace()
    {
        // In this order: what is seen was offered before.
        var seen = _feed.Seen;
        return _subscription is { Start.Task.IsCompletedSuccessfully: true, IsDrained: true } ? seen?.Text : null;
    }

    public async IAsyncEnumerable<EventPage> Read([EnumeratorCancellation] CancellationToken cancellation)
    {
        var place = _lastId is null ? null : await Resolve(_lastId, cancellation);
        var isLost = _lastId is not null && place is null;
        while (true)
        {
            var subscription = _feed.Join(_tables);
            try
            {
                var start = await subscription.Start.Task.WaitAsync(cancellation);
                if (place is not null)
                {
                    await foreach (var page in CatchUp(place, start, cancellation))
                        yield return page;
                }

                yield return EventPage.At(start, isLost || _isTooFar);
                _isTooFar = false;
                place = new ChangeBatch(start, start, 0);
                _subscription = subscription;
                await foreach (var page in subscription.Pages.ReadAllAsync(cancellation))
                {
                    yield return page;
                    place = After(page);
                    subscription.Took(page);
                }

                isLost = subscription.IsReset;
                if (isLost)
                    place = null;
            }
            finally
            {
                _subscription = null;
                _feed.Leave(subscription);
            }
        }
    }

    private static ChangeBatch After(EventPage page) => page.IsLast
        ? new ChangeBatch(page.Batch.To, page.Batch.To, 0)
        : page.Batch with { After = page.End };

    /// <summary>The rest of the batch in which the listener stopped, then what came after it.</summary>
    private async IAsyncEnumerable<EventPage> CatchUp(ChangeBatch place, SeenChanges start, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var batch = place.From == place.To ? null : place;
        for (var isRest = true; ; isRest = false)
        {
            while (batch is not null)
            {
                var current = batch;
                var page = await Ask(() => _pages.Read(current, _tables is null ? null : [.. _tables], cancellation), cancellation);
                if (page is { Events.Length: > 0 })
                    yield return page;
                batch = page is null or { IsLast: true } ? null : After(page);
            }

            if (!isRest || _isTooFar)
                yield break;
            batch = await Ask(() => _changes.Find(place.To, start, cancellation), cancellation);
        }
    }

    private async Task<ChangeBatch?> Resolve(string lastId, CancellationToken cancellation)
    {
        if (EventId.Find(lastId) is not { } id)
            return null;
        var places = await Ask(() => _changes.Resolve(id.To is null ? [id.From] : [id.From, id.To], cancellation), cancellation);
        return places switch
        {
            [var from] => new ChangeBatch(from, from, 0),
            [var from, var to] => new ChangeBatch(from, to, id.After),
            _ => null,
        };
    }

    /// <summary>Null when there is no answer in the time of a request: the listener is too far behind.</summary>
    private async Task<T?> Ask<T>(Func<Task<T>> ask, CancellationToken cancellation)
        where T : class?
    {
        while (true)
        {
            await Readers.WaitAsync(cancellation);
            try
            {
                return await ask();
            }
            catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.QueryCanceled)
            {
                _isTooFar = true;
                return null;
            }
            catch (Exception exception) when (IsAbsence(exception) && !cancellation.IsCancellationRequested)
            {
                // The listener's place is not lost.
            }
            finally
            {
                Readers.Release();
            }

            await Task.Delay(RetryEvery, cancellation);
        }
    }

    private static bool IsAbsence(Exception exception) => exception switch
    {
        PostgresException postgres => postgres.SqlState[..2] is "57" or "53" or "08",
        _ => exception is NpgsqlException or IOException or TimeoutException,
    };
}
