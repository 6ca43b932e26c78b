using System.Collections.Immutable;

namespace Socle.Realtime;

/// <summary>What a client is told of one record.</summary>
/// <param name="Entry">Its entry in the history.</param>
/// <param name="Kind"><c>created</c>, <c>updated</c> or <c>deleted</c>.</param>
/// <param name="Data">The JSON, on one line. Everyone who listens shares it.</param>
public sealed record RecordEvent(long Entry, Guid Table, string Kind, byte[] Data);

/// <summary>Events in their order: a part of a batch, or no more than how far one has come.</summary>
/// <param name="End">The last entry that was looked at for it.</param>
/// <param name="IsLast">Nothing of the batch comes after it.</param>
/// <param name="IsReset">Where the listener stopped is not known here: what it has may be out of date.</param>
public sealed record EventPage(ChangeBatch Batch, ImmutableArray<RecordEvent> Events, long End, bool IsLast, bool IsReset = false)
{
    /// <summary>What it holds in memory.</summary>
    public long Size { get; } = Events.Sum(told => (long)told.Data.Length);

    /// <summary>Where a listener is once it has been told of the page.</summary>
    public string EndId => Batch.To.Text;

    /// <summary>The event's id; that of the last one tells no more than where the batch ends.</summary>
    public string IdOf(RecordEvent told, bool isLast) => isLast && IsLast ? EndId : Batch.IdOf(told.Entry);

    internal static EventPage At(SeenChanges now, bool isReset = false) => new(new ChangeBatch(now, now, 0), [], 0, IsLast: true, isReset);
}
