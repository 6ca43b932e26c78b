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

    /// <summary>Where a viewer may read only some of the records, so many entries are looked at for one list.</summary>
    private const int MostJudged = 10_000;
    private const int JudgedAtOnce = 500;

    /// <summary>Each table's newest first, so that no more are looked at than are shown.</summary>
    private const string List = $$"""
        SELECT h.id, h.change_id, {{ChangeSource.Columns}}, s.nspname::text, r.relname::text, h.key,
               (CASE WHEN EXISTS (SELECT FROM socle_system.history_renames n WHERE n.table_id = t.id) THEN socle_system.image(t.id, h.id, h.before) ELSE h.before END)::text
        FROM socle_system.tables t
        JOIN pg_class r ON r.oid = t.relation
        JOIN pg_namespace s ON s.oid = r.relnamespace
        CROSS JOIN LATERAL (SELECT h.id, h.change_id, h.key, h.before FROM socle_system.history h
                            WHERE h.table_id = t.id AND h.operation = 'D' AND ($2::bigint IS NULL OR h.id = $2) AND ($5::bigint IS NULL OR h.id < $5) AND {{IsLast}}
                            ORDER BY h.id DESC LIMIT $3 + $4) h
        LEFT JOIN socle_system.changes c ON c.id = h.change_id
        WHERE $1::uuid[] IS NULL OR t.id = ANY ($1)
        ORDER BY h.id DESC LIMIT $3 OFFSET $4
        """;

    /// <param name="table">Of one table only, or of all.</param>
    /// <param name="limit">How many entries at most.</param>
    /// <param name="offset">How many are passed over.</param>
    /// <param name="viewer">Who asks: what they might not read when it went is not listed.</param>
    /// <param name="cancellation">The caller left.</param>
    public Task<Result<ImmutableArray<TrashEntry>>> Read(TableSnapshot? table, int limit, long offset, Viewer viewer, CancellationToken cancellation) =>
        database.Requests.Ask<ImmutableArray<TrashEntry>>(table, null, async connection =>
        {
            if (table is null && viewer.SeesAll)
                return await ReadEntries(connection, new(null, limit, offset), cancellation);
            var tables = (table is null ? viewer.Seen.Tables : [table]).Where(seen => viewer.SeesAll || Viewer.SeesKey(seen)).ToList();
            var ids = await KeptTable.FindIds(connection, tables, cancellation);
            if (table is not null && ids.Length == 0)
                return HistoryFaults.NoHistory(table.Name);
            return tables.TrueForAll(seen => seen.Rights.AllowsEveryRecord(PolicyAction.Read))
                ? await ReadEntries(connection, new(ids, limit, offset), cancellation)
                : await ReadSeen(connection, ids, limit, offset, viewer, cancellation);
        }, cancellation);

    public Task<Result<RestoredRecord>> Restore(long entry, Viewer viewer, ChangeOrigin origin, CancellationToken cancellation) =>
        database.Requests.Ask<RestoredRecord>(null, null, async connection =>
        {
            if (await Find(connection, entry, viewer, cancellation) is not { } found)
                return HistoryFaults.NotInTrash(entry);
            var kept = await KeptTable.Find(connection, found.Schema, found.Table, cancellation);
            var table = viewer.Find(found.Schema, found.Table);
            if (kept is not { Key.IsEmpty: false })
                return HistoryFaults.TableGone;
            try
            {
                var restored = await RecordHistory.PutBack(connection, kept, table, found.Key, found.Record, viewer, origin, cancellation);
                return restored.IsFault ? restored : restored.Value with { Together = await CountTogether(connection, found.Change.Id, viewer, cancellation) };
            }
            catch (PostgresException exception) when (HistoryFaults.Find(exception, table, WriteKind.Insert) is { } fault)
            {
                connection.UnprepareAll();
                return fault;
            }
        }, cancellation);

    /// <summary>Forgets a record in the trash and all that is remembered of it. Gives how many went.</summary>
    public Task<Result<long>> Purge(long entry, Viewer viewer, CancellationToken cancellation) =>
        database.Requests.Ask<long>(null, null, async connection =>
        {
            if (!viewer.MayUndo)
                return HistoryFaults.MayNotForget;
            if (await Find(connection, entry, viewer, cancellation) is not { } found)
                return HistoryFaults.NotInTrash(entry);
            if (!MayForget(viewer, viewer.Find(found.Schema, found.Table)))
                return HistoryFaults.MayNotForget;
            await connection.Execute(
                $"DELETE FROM socle_system.history p USING socle_system.history h WHERE h.id = $1 AND h.operation = 'D' AND {IsLast} AND p.key = h.key AND p.table_id = h.table_id",
                cancellation,
                entry);
            return 1L;
        }, cancellation);

    /// <summary>Forgets all records of a table that are in the trash. Gives how many went.</summary>
    public Task<Result<long>> Empty(TableSnapshot table, Viewer viewer, CancellationToken cancellation) =>
        database.Exports.Ask<long>(table, null, async connection =>
        {
            if (!MayForget(viewer, table))
                return HistoryFaults.MayNotForget;
            if (await KeptTable.Find(connection, table.Schema, table.Names.Relation, cancellation) is not { } kept)
                return HistoryFaults.NoHistory(table.Name);
            return (await connection.Query(
                $"""
                WITH gone AS (SELECT h.key FROM socle_system.history h WHERE h.table_id = $1 AND h.operation = 'D' AND {IsLast}),
                purged AS (DELETE FROM socle_system.history h USING gone WHERE h.table_id = $1 AND h.key = gone.key)
                SELECT count(*) FROM gone
                """,
                row => row.GetInt64(0),
                cancellation,
                kept.Id))[0];
        }, cancellation);

    private static bool MayForget(Viewer viewer, TableSnapshot? table) =>
        viewer.SeesAll || (viewer.MayUndo && table?.Rights.AllowsEveryRecord(PolicyAction.Delete) == true);

    /// <summary>The entry, where the viewer might have read the record when it went.</summary>
    private static async Task<TrashEntry?> Find(NpgsqlConnection connection, long entry, Viewer viewer, CancellationToken cancellation)
    {
        var entries = await ReadEntries(connection, new(null, 1, 0, entry), cancellation);
        return (await Seen(connection, entries, viewer, cancellation)).FirstOrDefault();
    }

    private static async Task<ImmutableArray<TrashEntry>> ReadSeen(NpgsqlConnection connection, Guid[] tables, int limit, long offset, Viewer viewer, CancellationToken cancellation)
    {
        var seen = new List<TrashEntry>();
        var before = (long?)null;
        for (var judged = 0; judged < MostJudged && seen.Count < offset + limit; judged += JudgedAtOnce)
        {
            var entries = await ReadEntries(connection, new(tables, JudgedAtOnce, 0, Before: before), cancellation);
            seen.AddRange(await Seen(connection, entries, viewer, cancellation));
            if (entries.Length < JudgedAtOnce)
                break;
            before = entries[^1].Entry;
        }

        return offset > MostJudged ? [] : [.. seen.Skip((int)offset).Take(limit)];
    }

    private static async Task<IEnumerable<TrashEntry>> Seen(NpgsqlConnection connection, IReadOnlyList<TrashEntry> entries, Viewer viewer, CancellationToken cancellation)
    {
        if (viewer.SeesAll)
            return entries;
        var seen = new HashSet<TrashEntry>(ReferenceEqualityComparer.Instance);
        foreach (var group in entries.GroupBy(entry => (entry.Schema, entry.Table)))
        {
            if (viewer.Find(group.Key.Schema, group.Key.Table) is not { } table)
                continue;
            var members = group.ToList();
            var judged = await viewer.VisibilityOf(table).Judge(connection, [.. members.Select(entry => entry.Record)], cancellation);
            seen.UnionWith(members.Where((_, i) => judged[i]));
        }

        return entries.Where(seen.Contains);
    }

    /// <param name="Tables">Null is all.</param>
    /// <param name="Entry">This one only.</param>
    /// <param name="Before">Those before this one only.</param>
    private sealed record Part(Guid[]? Tables, int Limit, long Offset, long? Entry = null, long? Before = null);

    private static async Task<ImmutableArray<TrashEntry>> ReadEntries(NpgsqlConnection connection, Part part, CancellationToken cancellation) =>
        [.. await connection.Query(
            List,
            row => new TrashEntry(row.GetInt64(0), row.GetString(7), row.GetString(8), row.GetString(9), ChangeSource.Read(row, 1, 2), row.GetString(10)),
            cancellation,
            part.Tables,
            part.Entry,
            (long)part.Limit,
            part.Offset,
            part.Before)];

    /// <summary>Only of tables of which the viewer sees all.</summary>
    private static async Task<long> CountTogether(NpgsqlConnection connection, Guid change, Viewer viewer, CancellationToken cancellation) =>
        (await connection.Query(
            $"SELECT count(*) FROM socle_system.history h WHERE h.change_id = $1 AND h.operation = 'D' AND ($2::uuid[] IS NULL OR h.table_id = ANY ($2)) AND {IsLast}",
            row => row.GetInt64(0),
            cancellation,
            change,
            await viewer.WholeTables(connection, cancellation)))[0];
}
