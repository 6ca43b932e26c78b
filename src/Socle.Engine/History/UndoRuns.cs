using System.Collections.Immutable;

namespace Socle.History;

/// <summary>An entry of the change set that is taken back.</summary>
/// <param name="Record">The record's first entry in the change set, which stands for the record.</param>
/// <param name="Operation">I, U or D: what was done.</param>
internal readonly record struct UndoEntry(long Id, long Record, Guid Table, char Operation);

internal enum UndoKind
{
    /// <summary>What was created goes.</summary>
    Delete,

    /// <summary>What was changed is as before.</summary>
    Update,

    /// <summary>What was deleted is there again.</summary>
    Insert,
}

/// <summary>Entries of one table that one statement takes back.</summary>
internal sealed record UndoRun(Guid Table, UndoKind Kind, ImmutableArray<UndoEntry> Entries);

/// <summary>
/// Takes the entries of a change set in their order, gives the runs that take them back, last ones first: every
/// state in between is one that there was before, so that references and unique values hold. Pure.
/// </summary>
internal static class UndoRuns
{
    public static List<UndoRun> Plan(IReadOnlyList<UndoEntry> entries)
    {
        var runs = new List<UndoRun>();
        for (var end = entries.Count - 1; end >= 0;)
        {
            var start = end;
            while (start > 0 && IsSameStretch(entries[start - 1], entries[end]))
                start--;
            var stretch = new List<UndoEntry>();
            for (var i = end; i >= start; i--)
                stretch.Add(entries[i]);
            runs.AddRange(stretch[0].Operation == 'U' ? [Updates(stretch)] : CreatedAndDeleted(stretch));
            end = start - 1;
        }

        return runs;
    }

    private static bool IsSameStretch(UndoEntry entry, UndoEntry other) =>
        entry.Table == other.Table && (entry.Operation == 'U') == (other.Operation == 'U');

    /// <summary>A record changed several times in a row is as before the first of them.</summary>
    private static UndoRun Updates(List<UndoEntry> stretch) =>
        new(stretch[0].Table, UndoKind.Update, [.. stretch.GroupBy(entry => entry.Record).Select(group => group.MinBy(entry => entry.Id))]);

    /// <summary>
    /// A record whose key changes goes under one and comes under the other in one statement, whose entries are in any order:
    /// the new one must go first, for it may hold the unique values of the old one. Only a record that
    /// both came and went needs the order of its entries.
    /// </summary>
    private static IEnumerable<UndoRun> CreatedAndDeleted(List<UndoEntry> stretch)
    {
        var isOrdered = stretch.DistinctBy(entry => entry.Record).Count() < stretch.Count;
        var parts = isOrdered ? Consecutive(stretch) : stretch.GroupBy(entry => entry.Operation).OrderByDescending(group => group.Key).Select(group => group.ToList());
        return parts.Select(part => new UndoRun(part[0].Table, part[0].Operation == 'I' ? UndoKind.Delete : UndoKind.Insert, [.. part]));
    }

    private static IEnumerable<List<UndoEntry>> Consecutive(List<UndoEntry> stretch)
    {
        for (var i = 0; i < stretch.Count;)
        {
            var part = stretch.Skip(i).TakeWhile(entry => entry.Operation == stretch[i].Operation).ToList();
            yield return part;
            i += part.Count;
        }
    }
}
