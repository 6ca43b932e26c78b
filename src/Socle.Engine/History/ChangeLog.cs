using System.Collections.Immutable;
using Npgsql;
using Socle.Catalog;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.History;

/// <summary>What a list of change sets is narrowed by; null is anything.</summary>
public sealed record ChangeFilter(TableSnapshot? Table, string? Source, string? Actor, string? RequestId);

/// <summary>
/// The change sets, newest first, and the entries of one. A viewer is told of the tables of which they see all: the
/// others' entries are left out, and so are change sets that have no more.
/// </summary>
public sealed class ChangeLog(Database database)
{
    private const string Sets = $"""
        SELECT c.id, {ChangeSource.Columns}, c.undoes, (SELECT u.id FROM socle_system.changes u WHERE u.undoes = c.id ORDER BY u.id DESC LIMIT 1)
        FROM socle_system.changes c
        """;

    private static string IsSeen(string tables) =>
        $"({tables}::uuid[] IS NULL OR EXISTS (SELECT FROM socle_system.history h WHERE h.change_id = c.id AND h.table_id = ANY ({tables})))";

    private static readonly string List = $"""
        {Sets}
        WHERE ($1::text IS NULL OR c.source = $1) AND ($2::text IS NULL OR c.actor = $2) AND ($3::text IS NULL OR c.request_id = $3)
          AND ($4::uuid IS NULL OR EXISTS (SELECT FROM socle_system.history h WHERE h.change_id = c.id AND h.table_id = $4))
          AND {IsSeen("$7")}
        ORDER BY c.id DESC LIMIT $5 OFFSET $6
        """;

    private const string Names = """
        LEFT JOIN socle_system.tables t ON t.id = h.table_id
        LEFT JOIN pg_class r ON r.oid = t.relation
        LEFT JOIN pg_namespace s ON s.oid = r.relnamespace
        """;

    private const string Counts = $"""
        SELECT h.change_id, s.nspname::text, r.relname::text, h.operation, h.count
        FROM (SELECT h.change_id, h.table_id, h.operation, count(*) AS count FROM socle_system.history h WHERE h.change_id = ANY ($1) AND ($2::uuid[] IS NULL OR h.table_id = ANY ($2)) GROUP BY 1, 2, 3) h
        {Names}
        ORDER BY r.relname, h.operation
        """;

    private const string Entries = $"""
        SELECT h.id, s.nspname::text, r.relname::text, h.key, h.operation,
               (CASE WHEN EXISTS (SELECT FROM socle_system.history_renames n WHERE n.table_id = h.table_id) THEN socle_system.image(h.table_id, h.id, h.before) ELSE h.before END)::text
        FROM (SELECT * FROM socle_system.history WHERE change_id = $1 AND ($4::uuid[] IS NULL OR table_id = ANY ($4)) ORDER BY id + 0 LIMIT $2 OFFSET $3) h
        {Names}
        ORDER BY h.id
        """;

    public Task<Result<ImmutableArray<ChangeSet>>> Read(ChangeFilter filter, int limit, long offset, Viewer viewer, CancellationToken cancellation) =>
        database.Requests.Ask<ImmutableArray<ChangeSet>>(filter.Table, null, async connection =>
        {
            Guid? table = null;
            if (filter.Table is { } named)
            {
                if (await KeptTable.Find(connection, named.Schema, named.Names.Relation, cancellation) is not { } kept)
                    return HistoryFaults.NoHistory(named.Name);
                table = kept.Id;
            }

            var seen = await viewer.WholeTables(connection, cancellation);
            if (table is { } only && seen?.Contains(only) == false)
                return ImmutableArray<ChangeSet>.Empty;
            var sets = await connection.Query(List, ReadSet, cancellation, filter.Source, filter.Actor, filter.RequestId, table, (long)limit, offset, seen);
            return await Count(connection, sets, seen, cancellation);
        }, cancellation);

    public Task<Result<(ChangeSet Set, ImmutableArray<ChangeEntry> Entries)>> Get(Guid id, int limit, long offset, Viewer viewer, CancellationToken cancellation) =>
        database.Requests.Ask<(ChangeSet, ImmutableArray<ChangeEntry>)>(null, null, async connection =>
        {
            var seen = await viewer.WholeTables(connection, cancellation);
            var sets = await connection.Query($"{Sets} WHERE c.id = $1 AND {IsSeen("$2")}", ReadSet, cancellation, id, seen);
            if (sets.Count == 0)
                return HistoryFaults.NoChange(id);
            var entries = await connection.Query(
                Entries,
                row => new ChangeEntry(row.GetInt64(0), row.FindText(1), row.FindText(2), row.GetString(3), Operations.Name(row.GetChar(4)), row.FindText(5)),
                cancellation,
                id,
                (long)limit,
                offset,
                seen);
            return ((await Count(connection, sets, seen, cancellation))[0], [.. entries]);
        }, cancellation);

    private static async Task<ImmutableArray<ChangeSet>> Count(NpgsqlConnection connection, List<ChangeSet> sets, Guid[]? seen, CancellationToken cancellation)
    {
        var counts = (await connection.Query(
            Counts,
            row => (Change: row.GetGuid(0), Count: new ChangeCount(row.FindText(1), row.FindText(2), Operations.Name(row.GetChar(3)), row.GetInt64(4))),
            cancellation,
            sets.Select(set => set.Change.Id).ToArray(),
            seen)).ToLookup(item => item.Change, item => item.Count);
        return [.. sets.Select(set => set with { Counts = [.. counts[set.Change.Id]] })];
    }

    private static ChangeSet ReadSet(NpgsqlDataReader row) => new(ChangeSource.Read(row, 0, 1), row.FindGuid(6), row.FindGuid(7), []);
}
