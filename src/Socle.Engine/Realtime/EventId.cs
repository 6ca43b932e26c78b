using System.Collections.Immutable;
using System.Globalization;

namespace Socle.Realtime;

/// <summary>
/// An event's id as a client sends it back: what it has seen, or between what and what it stopped and after which entry.
/// Its transactions' ids are yet to be found. Anything else than what we gave is no id.
/// </summary>
/// <param name="To">Null when the client had seen the whole of its last batch, which <paramref name="From"/> then includes.</param>
/// <param name="After">The last entry seen of the batch from the one to the other.</param>
internal sealed record EventId(EventId.Place From, EventId.Place? To, long After)
{
    /// <summary>More transactions than a PostgreSQL runs.</summary>
    private const int MostRunning = 10_000;

    /// <summary>A <see cref="SeenChanges"/> without its transaction's id.</summary>
    internal sealed record Place(Guid Last, ImmutableArray<ulong> Running);

    public static EventId? Find(string text)
    {
        var parts = text.Split('~');
        if (FindPlace(parts[0]) is not { } from)
            return null;
        if (parts.Length == 1)
            return new EventId(from, null, 0);
        return parts.Length == 3 && FindPlace(parts[1]) is { } to && long.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var after)
            ? new EventId(from, to, after)
            : null;
    }

    private static Place? FindPlace(string text)
    {
        var parts = text.Split('!');
        if (parts.Length > 2 || !Guid.TryParseExact(parts[0], "N", out var last))
            return null;
        if (parts.Length == 1)
            return new Place(last, []);
        var running = ImmutableArray.CreateBuilder<ulong>();
        foreach (var number in parts[1].Split(',', MostRunning))
        {
            if (!ulong.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var xid))
                return null;
            running.Add(xid);
        }

        return new Place(last, running.DrainToImmutable());
    }
}
