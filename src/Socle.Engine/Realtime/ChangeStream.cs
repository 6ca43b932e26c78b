using System.Runtime.CompilerServices;
using Npgsql;
using Socle.Catalog;
using Socle.Kernel;

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
    private readonly LiveCatalog _catalog;
    private readonly HashSet<Guid>? _tables;
    private readonly Func<Caller?> _who;
    private readonly string? _lastId;
    private Subscription? _subscription;
    private bool _isTooFar;

    internal ChangeStream(ChangeFeed feed, ChangeReader changes, PageReader pages, LiveCatalog catalog, HashSet<Guid>? tables, Func<Caller?> who, string? lastId) =>
        (_feed, _changes, _pages, _catalog, _tables, _who, _lastId) = (feed, changes, pages, catalog, tables, who, lastId);

    /// <summary>Whether nothing is left that the listener may read: then the stream ends.</summary>
    public bool IsOver => FindView() is null;

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
        while (!IsOver)
        {
            var subscription = _feed.Join(_tables, _who);
            try
            {
                var start = await subscription.Start.Task.WaitAsync(cancellation);
                if (place is not null)
                {
                    await foreach (var page in CatchUp(place, start, cancellation))
                        yield return page;
                }

                if (IsOver)
                    yield break;
                yield return EventPage.At(start, isLost || _isTooFar);
                _isTooFar = false;
                place = new ChangeBatch(start, start, 0);
                _subscription = subscription;
                await foreach (var offered in subscription.Pages.ReadAllAsync(cancellation))
                {
                    if (await Tell(offered, cancellation) is not { } page)
                        yield break;
                    // Its id would be that of the whole batch.
                    if (!page.Events.IsEmpty || page.IsReset)
                        yield return page;
                    place = After(offered.Batch, offered.Page.End, offered.Page.IsLast);
                    subscription.Took(offered);
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

    private static ChangeBatch After(ChangeBatch batch, long end, bool isLast) => isLast
        ? new ChangeBatch(batch.To, batch.To, 0)
        : batch with { After = end };

    private View? FindView() => View.Find(_who(), _catalog.Current);

    private bool Wants(KeptTable table) => _tables is null || _tables.Contains(table.Id);

    /// <summary>What the feed told for all who see alike, or what this listener must read for itself, by the policies that hold now. Null when nothing is left to it.</summary>
    private async Task<EventPage?> Tell(OfferedPage offered, CancellationToken cancellation)
    {
        if (FindView() is not { } view)
            return null;
        if (offered.Told is { } told && offered.Seen == view.Seen)
            return told;
        var page = await Ask(() => _pages.Tell(offered.Batch, offered.Page, Wants, view, cancellation), cancellation);
        if (page is not null)
            return page;
        _isTooFar = false;
        return EventPage.At(offered.Batch.To, isReset: true);
    }

    /// <summary>The next page of what was missed; null when it takes too long.</summary>
    private Task<EventPage?> ReadMissed(ChangeBatch batch, View view, CancellationToken cancellation) => Ask(
        async () =>
        {
            var page = await _pages.Read(batch, _tables is null ? null : [.. _tables], cancellation);
            return await _pages.Tell(batch, page, Wants, view, cancellation);
        },
        cancellation);

    /// <summary>The rest of the batch in which the listener stopped, then what came after it.</summary>
    private async IAsyncEnumerable<EventPage> CatchUp(ChangeBatch place, SeenChanges start, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var batch = place.From == place.To ? null : place;
        for (var isRest = true; ; isRest = false)
        {
            while (batch is not null)
            {
                if (FindView() is not { } view)
                    yield break;
                var page = await ReadMissed(batch, view, cancellation);
                if (page is { Events.Length: > 0 })
                    yield return page;
                batch = page is null or { IsLast: true } ? null : After(batch, page.End, isLast: false);
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
