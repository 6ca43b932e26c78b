using System.Collections.Immutable;
using Npgsql;
using Socle.Catalog;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.History;

/// <param name="Undone">How many records are as they were before the change set.</param>
/// <param name="Conflicts">The first of the records that were left alone.</param>
/// <param name="Change">The change set that the undo is itself; null when nothing was done.</param>
public sealed record UndoReport(int Undone, ImmutableArray<UndoConflict> Conflicts, int ConflictCount, Guid? Change);

/// <param name="Table">The table's name, or its id when it is gone.</param>
/// <param name="Id">The record's id, as in its address.</param>
/// <param name="Reason">Why it was left alone.</param>
/// <param name="Change">The later change set that the record was changed by, where that is the reason.</param>
public sealed record UndoConflict(string Table, string Id, Fault Reason, Guid? Change);

/// <summary>
/// Takes a change set back as a whole, in one transaction. Records that were changed since, and those that PostgreSQL
/// does not let go back, are left alone and reported. Refuses what is unknown or was taken back already, and what touches
/// records that the viewer may not read or write as a whole.
/// </summary>
public sealed class ChangeUndo(Database database)
{
    private const int ReportedConflicts = 1000;

    /// <param name="dryRun">Reports what would be, and leaves everything as it is.</param>
    public async Task<Result<UndoReport>> Run(Guid change, bool dryRun, Viewer viewer, ChangeOrigin origin, CancellationToken cancellation)
    {
        // As many records as an import has: more than a request's time.
        await using var connection = await database.Exports.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        try
        {
            var report = await Undo(connection, origin with { Undoes = change }, viewer, cancellation);
            if (report.IsFault)
                return report.Faults;
            if (dryRun || report.Value.Undone == 0)
                return report.Value with { Change = null };
            await transaction.CommitAsync(cancellation);
            return report;
        }
        catch (Exception exception) when (HistoryFaults.Find(exception, AnyTable(exception, viewer.Seen), null) is { } fault)
        {
            return fault;
        }
    }

    private static async Task<Result<UndoReport>> Undo(NpgsqlConnection connection, ChangeOrigin origin, Viewer viewer, CancellationToken cancellation)
    {
        var change = origin.Undoes!.Value;
        // Two callers who undo the same: one waits, and then sees what the other did.
        var found = await connection.Query("SELECT id FROM socle_system.changes WHERE id = $1 FOR UPDATE", row => row.GetGuid(0), cancellation, change);
        if (found.Count == 0)
            return HistoryFaults.NoChange(change);
        await ChangeSettings.Set(connection, origin, cancellation);
        var entries = await connection.Query(UndoQueries.Entries, ReadEntry, cancellation, change);
        if (entries.Count == 0)
            return HistoryFaults.NothingKept(change);

        var known = await KeptTable.Read(connection, entries.Select(entry => entry.Table).Distinct(), cancellation);
        if (!viewer.SeesAll && !MayUndo(entries, known, viewer))
            return HistoryFaults.MayNotUndo;
        var tables = known
            .Where(table => table is { IsKept: true, Key.IsEmpty: false }).ToDictionary(table => table.Id);
        var work = new UndoWork(connection, tables, viewer.Seen);
        work.LeaveUnknown(entries);
        await work.LockRecords(entries, cancellation);
        var isTakenBack = await FindLater(connection, change, work, cancellation);
        if (await work.Run(entries, cancellation) == 0 && work.Conflicts.Count == 0 && isTakenBack)
            return HistoryFaults.TakenBack(change);
        return new UndoReport(work.Done.Count, await Report(connection, work, viewer.Seen, tables, cancellation), work.Conflicts.Count, origin.Id);
    }

    /// <summary>Whether the viewer could have done it all by hand. A table that is gone is no longer written.</summary>
    private static bool MayUndo(List<UndoEntry> entries, List<KeptTable> tables, Viewer viewer)
    {
        var byId = tables.ToDictionary(table => table.Id);
        return entries.Select(entry => (entry.Table, entry.Operation)).Distinct().All(item =>
            !byId.TryGetValue(item.Table, out var kept)
            || (viewer.Find(kept.Schema, kept.Name) is { } table && Viewer.SeesWhole(table) && MayTakeBack(kept, table, item.Operation, viewer)));
    }

    private static bool MayTakeBack(KeptTable kept, TableSnapshot table, char operation, Viewer viewer)
    {
        var action = operation switch { 'I' => PolicyAction.Delete, 'U' => PolicyAction.Update, _ => PolicyAction.Create };
        return table.Rights.AllowsEveryRecord(action) && (action == PolicyAction.Delete || viewer.MayPutBack(kept, table, action));
    }

    /// <summary>Finds the records changed since, and those that an undo of this change set has put back already; true when there are any of these.</summary>
    private static async Task<bool> FindLater(NpgsqlConnection connection, Guid change, UndoWork work, CancellationToken cancellation)
    {
        var later = await connection.Query(UndoQueries.Later, row => (Record: row.GetInt64(0), Change: row.GetGuid(1), Undoes: row.FindGuid(2)), cancellation, change);
        foreach (var (record, by, undoes) in later)
        {
            if (undoes == change)
                work.TakenBack.Add(record);
            else if (by != change)
                work.Conflicts.TryAdd(record, (HistoryFaults.ChangedSince, by));
        }

        return work.TakenBack.Count > 0;
    }

    private static async Task<ImmutableArray<UndoConflict>> Report(NpgsqlConnection connection, UndoWork work, CatalogSnapshot snapshot, Dictionary<Guid, KeptTable> tables, CancellationToken cancellation)
    {
        long[] reported = [.. work.Conflicts.Keys.Order().Take(ReportedConflicts)];
        return [.. await connection.Query(
            "SELECT h.id, h.table_id, h.key FROM socle_system.history h WHERE h.id = ANY ($1) ORDER BY h.id",
            row =>
            {
                var (reason, by) = work.Conflicts[row.GetInt64(0)];
                var table = tables.GetValueOrDefault(row.GetGuid(1));
                var name = table is null ? row.GetGuid(1).ToString() : ServedTables.Find(snapshot, table.Schema, table.Name)?.Name ?? table.Name;
                return new UndoConflict(name, row.GetString(2), reason, by);
            },
            cancellation,
            reported)];
    }

    private static UndoEntry ReadEntry(NpgsqlDataReader row) => new(row.GetInt64(0), row.GetInt64(1), row.GetGuid(2), row.GetChar(3));

    private static TableSnapshot? AnyTable(Exception exception, CatalogSnapshot snapshot) =>
        exception is PostgresException { TableName: { } name, SchemaName: { } schema } ? ServedTables.Find(snapshot, schema, name) : snapshot.Tables.FirstOrDefault();
}
