using Socle.Kernel;

namespace Socle.Realtime;

/// <summary>
/// Reads new changes once for all listeners of this server, whenever the bell rings or the database notifies, and never
/// otherwise. While nobody listens it reads nothing, and only tells other servers of the writes of this one.
/// </summary>
internal sealed class ChangeFeed(ChangeReader changes, PageReader pages, Offers offers, ChangeBell bell, string name)
{
    /// <summary>Between two looks; also the least time between two NOTIFYs.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    /// <summary>Long enough for transactions of a few seconds to find their mark.</summary>
    private const int MostMarks = 400;

    private readonly Lock _lock = new();
    private readonly List<Subscription> _listeners = [];
    private readonly Queue<Mark> _marks = new();
    private List<Subscription> _joining = [];
    private SeenChanges? _seen;
    private ChangeBatch? _batch;
    private bool _isDoubtful;

    /// <summary>What was read and offered to the listeners.</summary>
    public SeenChanges? Seen => Volatile.Read(ref _seen);

    public Subscription Join(IReadOnlySet<Guid>? tables, Func<Caller?> who)
    {
        var subscription = new Subscription(tables, who);
        lock (_lock)
            _joining.Add(subscription);
        bell.Wake();
        return subscription;
    }

    public void Leave(Subscription subscription)
    {
        lock (_lock)
        {
            _joining.Remove(subscription);
            _listeners.Remove(subscription);
        }
    }

    /// <summary>What was read may no longer be so: the database was away.</summary>
    public void Doubt()
    {
        Volatile.Write(ref _isDoubtful, true);
        bell.Wake();
    }

    /// <summary>Runs until cancelled, or until the database fails; then it can be run again and goes on where it was.</summary>
    public async Task Run(CancellationToken cancellation)
    {
        while (true)
        {
            await bell.Wait(cancellation);
            try
            {
                if (bell.TakeRing())
                    await Tell(cancellation);
                await Step(cancellation);
            }
            catch
            {
                Doubt();
                throw;
            }

            await Task.Delay(Pause, cancellation);
        }
    }

    private async Task Tell(CancellationToken cancellation)
    {
        try
        {
            await changes.Tell(name, cancellation);
        }
        catch
        {
            bell.Ring();
            throw;
        }
    }

    private async Task Step(CancellationToken cancellation)
    {
        List<Subscription> joining;
        lock (_lock)
        {
            // Who joins now begins with what is looked at from now on: it may have seen on another server what this one has not.
            joining = [.. _joining];
            if (_listeners.Count == 0 && joining.Count == 0)
            {
                (_seen, _batch) = (null, null);
                return;
            }
        }

        await Advance(cancellation);
        lock (_lock)
        {
            foreach (var subscription in joining.Where(_joining.Remove))
            {
                _listeners.Add(subscription);
                subscription.Start.SetResult(_seen!);
            }
        }
    }

    private async Task Advance(CancellationToken cancellation)
    {
        if (Volatile.Read(ref _isDoubtful) && _seen is not null)
            await Verify(_seen, cancellation);
        Volatile.Write(ref _isDoubtful, false);
        if (_seen is null)
        {
            await changes.NoteRestore(cancellation);
            Volatile.Write(ref _seen, (await Look(SeenChanges.Nothing, cancellation)).Now);
            return;
        }

        await Deliver(cancellation);
        var look = await Look(_seen, cancellation);
        if (look.First is { } first)
            _batch = FindFloor(first) is { } floor ? new ChangeBatch(_seen, look.Now, floor) : await changes.Find(_seen, look.Now, cancellation);
        if (_batch is null)
            Volatile.Write(ref _seen, look.Now);
        await Deliver(cancellation);
    }

    /// <summary>A database that was restored to an earlier state, or replaced, does not know what was seen.</summary>
    private async Task Verify(SeenChanges seen, CancellationToken cancellation)
    {
        if (await changes.Resolve([new EventId.Place(seen.Last, [])], cancellation) is [{ } known] && known.Xid == seen.Xid)
            return;
        (_seen, _batch) = (null, null);
        _marks.Clear();
        lock (_lock)
        {
            foreach (var listener in _listeners)
                listener.Reset();
            _listeners.Clear();
        }
    }

    private async Task<Look> Look(SeenChanges seen, CancellationToken cancellation)
    {
        var look = await changes.Look(seen, cancellation);
        if (_marks.Count == MostMarks)
            _marks.Dequeue();
        _marks.Enqueue(look.Mark);
        return look;
    }

    /// <summary>Where the entries of that transaction and of later ones can begin; null when it began before the first mark.</summary>
    private long? FindFloor(ulong xid) => _marks.Where(mark => mark.Xid < xid).Select(mark => (long?)mark.Entry).LastOrDefault();

    /// <summary>Reads the batch to its end, or on from where the database failed.</summary>
    private async Task Deliver(CancellationToken cancellation)
    {
        while (_batch is { } batch)
        {
            var page = await pages.Read(batch, Wanted(), cancellation);
            Offer(await offers.Prepare(batch, page, Interested(page), cancellation));
            _batch = page.IsLast ? null : batch with { After = page.End };
            if (page.IsLast)
                Volatile.Write(ref _seen, batch.To);
        }
    }

    private List<Subscription> Interested(EntryPage page)
    {
        lock (_lock)
            return [.. _listeners.Where(listener => listener.Wants(page))];
    }

    private void Offer(Dictionary<Subscription, OfferedPage> prepared)
    {
        lock (_lock)
            _listeners.RemoveAll(listener => prepared.TryGetValue(listener, out var page) && !listener.Offer(page));
    }

    private Guid[]? Wanted()
    {
        lock (_lock)
            return _listeners.Exists(listener => listener.Tables is null) ? null : [.. _listeners.SelectMany(listener => listener.Tables!).Distinct()];
    }
}
