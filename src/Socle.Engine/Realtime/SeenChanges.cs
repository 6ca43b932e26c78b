using System.Collections.Immutable;
using System.Globalization;

namespace Socle.Realtime;

/// <summary>
/// Which changes were seen: those of every transaction up to the last one that was, without those that were still running
/// then. What is new to it may have begun before: nothing is missed, in whatever order transactions end.
/// </summary>
/// <param name="Last">The change with the highest transaction id among those seen; empty when there was none.</param>
/// <param name="Xid">Its transaction. Being committed, it is on disk, so that no crash gives a higher id than what is seen a second time.</param>
/// <param name="Running">The transactions below it that had not ended.</param>
public sealed record SeenChanges(Guid Last, ulong Xid, ImmutableArray<ulong> Running)
{
    /// <summary>Transaction 3, PostgreSQL's first, makes no change of ours: the changes from before a restore are given it, and are told no more.</summary>
    public static SeenChanges Nothing { get; } = new(Guid.Empty, 3, []);

    /// <summary>Without the transaction's id, which the change tells as long as it is the same database.</summary>
    public string Text => Running.IsEmpty ? $"{Last:N}" : $"{Last:N}!{string.Join(',', Running)}";

    /// <summary>From a snapshot as PostgreSQL writes it: <c>xmin:xmax:xip,…</c>.</summary>
    internal static SeenChanges At(string snapshot, Guid last, ulong xid) =>
        new(last, xid, [.. snapshot.Split(':')[2].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(ParseXid).Where(running => running < xid)]);

    internal static ulong ParseXid(string text) => ulong.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}

/// <summary>The changes that are seen in <paramref name="To"/> and new to <paramref name="From"/>, as far as their entries come after <paramref name="After"/>.</summary>
public sealed record ChangeBatch(SeenChanges From, SeenChanges To, long After)
{
    /// <summary>The id of the event that tells this entry.</summary>
    internal string IdOf(long entry) => $"{From.Text}~{To.Text}~{entry.ToString(CultureInfo.InvariantCulture)}";
}
