using System.Collections.Immutable;
using Npgsql;
using Socle.Catalog;
using Socle.Kernel;
using Socle.Records.Planning;

namespace Socle.History;

/// <summary>
/// Runs an undo's statements, each on as many records as it can. Records that PostgreSQL refuses are found by halving,
/// and left alone; when a part of one was taken back by then, all is done again without it.
/// </summary>
internal sealed class UndoWork(NpgsqlConnection connection, Dictionary<Guid, KeptTable> tables, CatalogSnapshot snapshot)
{
    /// <summary>So many refusals of one run are looked for singly; records that remain in doubt are left alone together.</summary>
    private const int MostHalvings = 400;

    private readonly Dictionary<long, Fault> _reasons = [];
    private int _halvings;

    /// <summary>Records left alone, with the reason and the change set that is in the way.</summary>
    public Dictionary<long, (Fault Reason, Guid? Change)> Conflicts { get; } = [];

    /// <summary>Records that an earlier undo has put back.</summary>
    public HashSet<long> TakenBack { get; } = [];

    public HashSet<long> Done { get; } = [];

    public void LeaveUnknown(IEnumerable<UndoEntry> entries)
    {
        foreach (var entry in entries.Where(entry => !tables.ContainsKey(entry.Table)))
            Conflicts.TryAdd(entry.Record, (HistoryFaults.TableGone, null));
    }

    /// <summary>Locked first, so that nobody changes them between the look for later changes and the undo.</summary>
    public async Task LockRecords(IReadOnlyList<UndoEntry> entries, CancellationToken cancellation)
    {
        foreach (var group in entries.Where(entry => entry.Id == entry.Record && tables.ContainsKey(entry.Table)).GroupBy(entry => entry.Table))
        {
            var table = tables[group.Key];
            await connection.Execute(ImageStatements.Lock(table, ImageStatements.Entries(table)), cancellation, group.Select(entry => entry.Id).ToArray());
        }
    }

    /// <summary>Gives the number of records that were put back.</summary>
    public async Task<int> Run(IReadOnlyList<UndoEntry> entries, CancellationToken cancellation)
    {
        await connection.Execute("SAVEPOINT socle_undo", cancellation);
        while (!await Attempt([.. entries.Where(entry => !IsLeft(entry))], cancellation))
        {
            Done.Clear();
            await connection.Execute("ROLLBACK TO SAVEPOINT socle_undo", cancellation);
        }

        // What is judged at the end of the transaction is judged here, where it can still be told.
        if (Done.Count > 0)
            await connection.Execute("SET CONSTRAINTS ALL IMMEDIATE", cancellation);
        return Done.Count;
    }

    /// <summary>
    /// Runs that PostgreSQL refuses wait until others are done: a cascade writes what it deleted before what it deleted it for.
    /// When none gets any further, each does what it can; what then remains is left alone. False when a
    /// record was taken back in part, and must be left alone.
    /// </summary>
    private async Task<bool> Attempt(List<UndoEntry> entries, CancellationToken cancellation)
    {
        var pending = UndoRuns.Plan(entries);
        var isSingly = false;
        while (pending.Count > 0)
        {
            var rest = await Pass(pending, isSingly, cancellation);
            if (Count(rest) == Count(pending))
            {
                if (isSingly)
                    break;
                isSingly = true;
            }

            pending = rest;
        }

        foreach (var entry in pending.SelectMany(run => run.Entries))
            Conflicts.TryAdd(entry.Record, (_reasons[entry.Record], null));
        return !Done.Overlaps(Conflicts.Keys);
    }

    /// <summary>Gives what could not be taken back. What comes earlier in a record waits for what comes later.</summary>
    private async Task<List<UndoRun>> Pass(List<UndoRun> runs, bool isSingly, CancellationToken cancellation)
    {
        var rest = new List<UndoRun>();
        var waiting = new HashSet<long>();
        foreach (var run in runs)
        {
            var free = run.Entries.RemoveAll(entry => waiting.Contains(entry.Record));
            _halvings = 0;
            var refused = (await TakeBack(run with { Entries = free }, isSingly, cancellation)).ToHashSet();
            var left = run.Entries.RemoveAll(entry => !waiting.Contains(entry.Record) && !refused.Contains(entry));
            if (left.IsEmpty)
                continue;
            rest.Add(run with { Entries = left });
            waiting.UnionWith(left.Select(entry => entry.Record));
        }

        return rest;
    }

    private static int Count(List<UndoRun> runs) => runs.Sum(run => run.Entries.Length);

    private bool IsLeft(UndoEntry entry) => Conflicts.ContainsKey(entry.Record) || TakenBack.Contains(entry.Record);

    /// <summary>Gives the entries that were refused: all of a run, or singly those that are.</summary>
    private async Task<ImmutableArray<UndoEntry>> TakeBack(UndoRun run, bool isSingly, CancellationToken cancellation)
    {
        if (run.Entries.IsEmpty)
            return [];
        await connection.Execute("SAVEPOINT socle_run", cancellation);
        try
        {
            var refused = await Change(run, cancellation);
            await connection.Execute("RELEASE SAVEPOINT socle_run", cancellation);
            return refused;
        }
        catch (PostgresException exception) when (HistoryFaults.IsRefusal(exception))
        {
            await connection.Execute("ROLLBACK TO SAVEPOINT socle_run", cancellation);
            await connection.Execute("RELEASE SAVEPOINT socle_run", cancellation);
            if (!isSingly || run.Entries.Length == 1 || ++_halvings > MostHalvings)
                return Refuse(run.Entries, Reason(exception, run));
        }

        var half = run.Entries.Length / 2;
        var first = await TakeBack(run with { Entries = run.Entries[..half] }, isSingly, cancellation);
        return [.. first, .. await TakeBack(run with { Entries = run.Entries[half..] }, isSingly, cancellation)];
    }

    private async Task<ImmutableArray<UndoEntry>> Change(UndoRun run, CancellationToken cancellation)
    {
        var table = tables[run.Table];
        var source = ImageStatements.Entries(table);
        var (free, refused) = run.Kind == UndoKind.Delete ? await HoldReferenced(table, run.Entries, cancellation) : (run.Entries, []);
        long[] ids = [.. free.Select(entry => entry.Id)];
        switch (run.Kind)
        {
            case UndoKind.Delete:
                // One that is gone already is as it was.
                await connection.Execute(ImageStatements.Delete(table, source), cancellation, ids);
                break;
            case UndoKind.Insert:
                await connection.Execute(ImageStatements.Insert(table, source), cancellation, ids);
                break;
            default:
                var there = (await connection.Query(ImageStatements.Update(table, source), row => row.GetInt64(0), cancellation, ids)).ToHashSet();
                refused = Refuse(free.RemoveAll(entry => there.Contains(entry.Id)), HistoryFaults.GoneSince);
                free = free.RemoveAll(entry => !there.Contains(entry.Id));
                break;
        }

        Done.UnionWith(free.Select(entry => entry.Record));
        return refused;
    }

    /// <summary>Whatever refers to a record now is not of this change set, or is left alone, or still to come: taking the record away would take or change it too.</summary>
    private async Task<(ImmutableArray<UndoEntry> Free, ImmutableArray<UndoEntry> Held)> HoldReferenced(KeptTable table, ImmutableArray<UndoEntry> entries, CancellationToken cancellation)
    {
        var (free, held) = (entries, ImmutableArray<UndoEntry>.Empty);
        for (var isAgain = true; isAgain;)
        {
            isAgain = false;
            foreach (var reference in table.References)
            {
                var sql = ImageStatements.Referenced(table, reference, ImageStatements.Entries(table));
                var found = (await connection.Query(sql, row => row.GetInt64(0), cancellation, free.Select(entry => entry.Id).ToArray())).ToHashSet();
                held = held.AddRange(Refuse(free.RemoveAll(entry => !found.Contains(entry.Id)), HistoryFaults.ReferredTo(ServedTables.Find(snapshot, reference.Schema, reference.Table)?.Name)));
                free = free.RemoveAll(entry => found.Contains(entry.Id));
                // One that stays may hold another one of its table.
                isAgain |= found.Count > 0;
            }
        }

        return (free, held);
    }

    private ImmutableArray<UndoEntry> Refuse(ImmutableArray<UndoEntry> entries, Fault reason)
    {
        foreach (var entry in entries)
            _reasons[entry.Record] = reason;
        return entries;
    }

    private Fault Reason(PostgresException exception, UndoRun run)
    {
        var table = tables[run.Table];
        var kind = run.Kind switch { UndoKind.Delete => WriteKind.Delete, UndoKind.Insert => WriteKind.Insert, _ => WriteKind.Update };
        return HistoryFaults.Find(exception, ServedTables.Find(snapshot, table.Schema, table.Name), kind) ?? HistoryFaults.Refused;
    }
}
