namespace Socle.Http;

/// <summary>
/// Counts what each key does within a window that begins with its first deed, and says how long a key that has had
/// its share must wait. Memory is bounded: under a flood of keys the longest idle are forgotten, and may begin anew.
/// </summary>
internal sealed class Quota(int limit, TimeSpan window, TimeProvider clock, int mostKeys = 20_000)
{
    private readonly Lock _lock = new();
    private Dictionary<UInt128, Count> _recent = [];
    private Dictionary<UInt128, Count> _older = [];

    /// <summary>How many keys are remembered.</summary>
    public int Keys => _recent.Count + _older.Count;

    /// <summary>Takes one of the key's share; when none is left, how long until there is.</summary>
    public TimeSpan? Take(UInt128 key)
    {
        lock (_lock)
        {
            var now = clock.GetTimestamp();
            var count = Find(key) is { } found && clock.GetElapsedTime(found.Since, now) < window ? found : new Count(now, 0);
            if (count.Taken >= limit)
                return window - clock.GetElapsedTime(count.Since, now);
            _recent[key] = count with { Taken = count.Taken + 1 };
            if (_recent.Count >= mostKeys)
                (_older, _recent) = (_recent, []);
            return null;
        }
    }

    private Count? Find(UInt128 key)
    {
        if (_recent.TryGetValue(key, out var recent))
            return recent;
        return _older.Remove(key, out var older) ? _recent[key] = older : null;
    }

    private readonly record struct Count(long Since, int Taken);
}
