using System.Collections.Immutable;
using Npgsql;
using Socle.Catalog;
using Socle.Kernel;
using Socle.Postgres;
using Socle.Records.Planning;

namespace Socle.History;

/// <summary>The trash: deleted records that are not there again. They can be restored until they are purged.</summary>
public sealed class Trash(Database database)
{
    /// <summary>Whether the entry h is the last of its record.</summary>
    private const string IsLast = "NOT EXISTS (SELECT FROM socle_system.history n WHERE n.key = h.key AND n.table_id = h.table_id AND n.id > h.id)";

    /// <summary>Each table's newest first, so that no more are looked at than are shown.</summary>
    private const string List = $$"""
        SELECT h.id, h.change_id, {{ChangeSource.Columns}}, s.nspname::text, r.relname::text, h.key,
               (CASE WHEN EXISTS (SELECT FROM socle_system.history_renames n WHERE n.table_id = t.id) THEN socle_system.image(t.id, h.id, h.before) ELSE h.before END)::text
        FROM socle_system.tables t
        JOIN pg_class r ON r.oid = t.relation
        JOIN pg_namespace s ON s.oid = r.relnamespace
        CROSS JOIN LATERAL (SELECT h.id, h.change_id, h.key, h.before FROM socle_system.history h
                            WHERE h.table_id = t.id AND h.operation = 'D' AND ($2::bigint IS NULL OR h.id = $2) AND {{IsLast}}
                            ORDER BY h.id DESC LIMIT $3 + $4) h
        LEFT JOIN socle_system.changes c ON c.id = h.change_id
        WHERE $1::uuid IS NULL OR t.id = $1
        ORDER BY h.id DESC LIMIT $3 OFFSET $4
        """;

    /// <param name="table">Of one table only, or of all.</param>
    public Task<Result<ImmutableArray<TrashEntry>>> Read(TableSnapshot? table, int limit, long offset, CancellationToken cancellation) =>
        database.Requests.Ask<ImmutableArray<TrashEntry>>(table, null, async connection =>
        {
            var kept = await Find(connection, table, cancellation);
            return kept.IsFault ? kept.Faults : await ReadEntries(connection, kept.Value, null, limit, offset, cancellation);
        }, cancellation);

    public Task<Result<RestoredRecord>> Restore(long entry, string? requestId, CatalogSnapshot snapshot, CancellationToken cancellation) =>
        database.Requests.Ask<RestoredRecord>(null, null, async connection =>
        {
            var entries = await ReadEntries(connection, null, entry, 1, 0, cancellation);
            if (entries is not [var found])
                return HistoryFaults.NotInTrash(entry);
            var kept = await KeptTable.Find(connection, found.Schema, found.Table, cancellation);
            var table = ServedTables.Find(snapshot, found.Schema, found.Table);
            if (kept is not { Key.IsEmpty: false })
                return HistoryFaults.TableGone;
            try
            {
                var restored = await RecordHistory.PutBack(connection, kept, table, found.Key, found.Record, requestId, cancellation);
                return restored.IsFault ? restored : restored.Value with { Together = await CountTogether(connection, found.Change.Id, cancellation) };
            }
            catch (PostgresException exception) when (HistoryFaults.Find(exception, table, WriteKind.Insert) is { } fault)
            {
                connection.UnprepareAll();
                return fault;
            }
        }, cancellation);

    /// <summary>Forgets a record in the trash and all that is remembered of it. Gives how many went.</summary>
    public Task<Result<long>> Purge(long entry, CancellationToken cancellation) =>
        database.Requests.Ask<long>(null, null, async connection =>
        {
            var found = await connection.Query(
                $"SELECT h.table_id, h.key FROM socle_system.history h WHERE h.id = $1 AND h.operation = 'D' AND {IsLast}",
                row => (Table: row.GetGuid(0), Key: row.GetString(1)),
                cancellation,
                entry);
            if (found is not [var record])
                return HistoryFaults.NotInTrash(entry);
            await connection.Execute("DELETE FROM socle_system.history h WHERE h.key = $1 AND h.table_id = $2", cancellation, record.Key, record.Table);
            return 1L;
        }, cancellation);

    /// <summary>Forgets all records of a table that are in the trash. Gives how many went.</summary>
    public Task<Result<long>> Empty(TableSnapshot table, CancellationToken cancellation) =>
        database.Exports.Ask<long>(table, null, async connection =>
        {
            var kept = await Find(connection, table, cancellation);
            if (kept.IsFault)
                return kept.Faults;
            return (await connection.Query(
                $"""
                WITH gone AS (SELECT h.key FROM socle_system.history h WHERE h.table_id = $1 AND h.operation = 'D' AND {IsLast}),
                purged AS (DELETE FROM socle_system.history h USING gone WHERE h.table_id = $1 AND h.key = gone.key)
                SELECT count(*) FROM gone
                """,
                row => row.GetInt64(0),
                cancellation,
                kept.Value!.Value))[0];
        }, cancellation);

    private static async Task<Result<Guid?>> Find(NpgsqlConnection connection, TableSnapshot? table, CancellationToken cancellation)
    {
        if (table is null)
            return (Guid?)null;
        return await KeptTable.Find(connection, table.Schema, table.Names.Relation, cancellation) is { } kept ? kept.Id : HistoryFaults.NoHistory(table.Name);
    }

    private static async Task<ImmutableArray<TrashEntry>> ReadEntries(NpgsqlConnection connection, Guid? table, long? entry, int limit, long offset, CancellationToken cancellation) =>
        [.. await connection.Query(
            List,
            row => new TrashEntry(row.GetInt64(0), row.GetString(7), row.GetString(8), row.GetString(9), ChangeSource.Read(row, 1, 2), row.GetString(10)),
            cancellation,
            table,
            entry,
            (long)limit,
            offset)];

    private static async Task<long> CountTogether(NpgsqlConnection connection, Guid change, CancellationToken cancellation) =>
        (await connection.Query($"SELECT count(*) FROM socle_system.history h WHERE h.change_id = $1 AND h.operation = 'D' AND {IsLast}", row => row.GetInt64(0), cancellation, change))[0];
}
