using System.Collections.Immutable;
using Npgsql;
using Socle.Catalog;
using Socle.Kernel;
using Socle.Records.Planning;

namespace Socle.History;

/// <summary>
/// Runs an undo's statements, each on as many records as it can. A record that PostgreSQL refuses is found by halving,
/// and left alone; when a part of it was taken back by then, all is done again without it.
/// </summary>
internal sealed class UndoWork(NpgsqlConnection connection, Dictionary<Guid, KeptTable> tables, CatalogSnapshot snapshot)
{
    /// <summary>So many refusals of one run are looked for singly; records that remain in doubt are left alone together.</summary>
    private const int MostHalvings = 400;

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

    /// <summary>False when a record that was partly taken back must be left alone.</summary>
    private async Task<bool> Attempt(List<UndoEntry> entries, CancellationToken cancellation)
    {
        foreach (var run in UndoRuns.Plan(entries))
        {
            var left = run.Entries.RemoveAll(IsLeft);
            if (run.Kind == UndoKind.Delete)
                left = await LeaveReferenced(tables[run.Table], left, cancellation);
            _halvings = 0;
            await TakeBack(run with { Entries = left }, cancellation);
            if (Done.Overlaps(Conflicts.Keys))
                return false;
        }

        return true;
    }

    private bool IsLeft(UndoEntry entry) => Conflicts.ContainsKey(entry.Record) || TakenBack.Contains(entry.Record);

    /// <summary>Whatever refers to a record at this point is not of this change set, or is left alone: taking the record away would take or change it too.</summary>
    private async Task<ImmutableArray<UndoEntry>> LeaveReferenced(KeptTable table, ImmutableArray<UndoEntry> entries, CancellationToken cancellation)
    {
        for (var isAgain = true; isAgain && !entries.IsEmpty;)
        {
            isAgain = false;
            foreach (var reference in table.References)
            {
                var records = entries.ToDictionary(entry => entry.Id, entry => entry.Record);
                var sql = ImageStatements.Referenced(table, reference, ImageStatements.Entries(table));
                var found = await connection.Query(sql, row => row.GetInt64(0), cancellation, records.Keys.ToArray());
                foreach (var id in found)
                    Conflicts.TryAdd(records[id], (HistoryFaults.ReferredTo(reference.Table), null));
                entries = entries.RemoveAll(IsLeft);
                isAgain |= reference.IsOwn && found.Count > 0;
            }
        }

        return entries;
    }

    private async Task TakeBack(UndoRun run, CancellationToken cancellation)
    {
        if (run.Entries.IsEmpty)
            return;
        await connection.Execute("SAVEPOINT socle_run", cancellation);
        try
        {
            await Change(run, cancellation);
            await connection.Execute("RELEASE SAVEPOINT socle_run", cancellation);
        }
        catch (PostgresException exception) when (HistoryFaults.IsRefusal(exception))
        {
            await connection.Execute("ROLLBACK TO SAVEPOINT socle_run; RELEASE SAVEPOINT socle_run", cancellation);
            if (run.Entries.Length == 1 || ++_halvings > MostHalvings)
            {
                foreach (var entry in run.Entries)
                    Conflicts.TryAdd(entry.Record, (Reason(exception, run), null));
                return;
            }

            var half = run.Entries.Length / 2;
            await TakeBack(run with { Entries = run.Entries[..half] }, cancellation);
            await TakeBack(run with { Entries = run.Entries[half..] }, cancellation);
        }
    }

    private async Task Change(UndoRun run, CancellationToken cancellation)
    {
        var table = tables[run.Table];
        var source = ImageStatements.Entries(table);
        long[] ids = [.. run.Entries.Select(entry => entry.Id)];
        switch (run.Kind)
        {
            case UndoKind.Delete:
                // One that is gone already is as it was.
                await connection.Execute(ImageStatements.Delete(table, source), cancellation, ids);
                break;
            case UndoKind.Insert:
                await connection.Execute(ImageStatements.Insert(table, source), cancellation, ids);
                break;
            case UndoKind.Update:
                var there = (await connection.Query(ImageStatements.Update(table, source), row => row.GetInt64(0), cancellation, ids)).ToHashSet();
                foreach (var entry in run.Entries.Where(entry => !there.Contains(entry.Id)))
                    Conflicts.TryAdd(entry.Record, (HistoryFaults.GoneSince, null));
                Done.UnionWith(run.Entries.Where(entry => there.Contains(entry.Id)).Select(entry => entry.Record));
                return;
        }

        Done.UnionWith(run.Entries.Select(entry => entry.Record));
    }

    private Fault Reason(PostgresException exception, UndoRun run)
    {
        var table = tables[run.Table];
        var kind = run.Kind switch { UndoKind.Delete => WriteKind.Delete, UndoKind.Insert => WriteKind.Insert, _ => WriteKind.Update };
        return HistoryFaults.Find(exception, ServedTables.Find(snapshot, table.Schema, table.Name), kind) ?? HistoryFaults.Refused;
    }
}
