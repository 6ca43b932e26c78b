using System.Collections.Immutable;
using Npgsql;
using Socle.Catalog;
using Socle.Grammar;
using Socle.Kernel;
using Socle.Postgres;
using Socle.Records.Planning;

namespace Socle.History;

/// <param name="Record">The record as it is stored now, a JSON object by column names.</param>
/// <param name="Change">The change set that put it back; null when it was so already.</param>
/// <param name="Together">How many other records that went in the same change set are still in the trash.</param>
public sealed record RestoredRecord(TableSnapshot? Table, string Record, Guid? Change, long Together = 0);

/// <summary>The history of one record: its versions, newest first, and putting one of them back.</summary>
public sealed class RecordHistory(Database database)
{
    /// <param name="table">As the viewer sees it.</param>
    /// <param name="id">The record's id, as in its address.</param>
    /// <param name="limit">How many versions at most.</param>
    /// <param name="offset">How many are passed over.</param>
    /// <param name="viewer">Who asks. A record that they may not read, or might not when it was deleted, is not there.</param>
    /// <param name="cancellation">The caller left.</param>
    public Task<Result<Page<RecordVersion>>> Read(TableSnapshot table, string id, int limit, long offset, Viewer viewer, CancellationToken cancellation) =>
        database.Requests.Ask<Page<RecordVersion>>(table, null, async connection =>
        {
            var found = await Find(connection, table, id, viewer, cancellation);
            if (found.IsFault)
                return found.Faults;
            if (!await IsSeen(connection, found.Value, table, viewer, cancellation))
                return HistoryFaults.NoRecord(table.Name);
            var page = await ReadVersions(connection, found.Value, null, limit, offset, cancellation);
            if (page.Items.IsEmpty && found.Value.Present is null && (offset == 0 || (await ReadVersions(connection, found.Value, null, 1, 0, cancellation)).Items.IsEmpty))
                return HistoryFaults.NoRecord(table.Name);
            return page;
        }, cancellation);

    /// <summary>Puts the record back as it was at a version: after it, or for a deletion as it was when it went.</summary>
    public Task<Result<RestoredRecord>> Restore(TableSnapshot table, string id, long version, Viewer viewer, ChangeOrigin origin, CancellationToken cancellation) =>
        database.Requests.Ask<RestoredRecord>(table, WriteKind.Update, async connection =>
        {
            var found = await Find(connection, table, id, viewer, cancellation);
            if (found.IsFault)
                return found.Faults;
            if (!await IsSeen(connection, found.Value, table, viewer, cancellation))
                return HistoryFaults.NoRecord(table.Name);
            var versions = await ReadVersions(connection, found.Value, version, 1, 0, cancellation);
            if (versions.Items is not [var wanted])
                return HistoryFaults.NoVersion($"{version}");
            var image = wanted.After ?? wanted.Before!;
            if (!viewer.MayPutBack(found.Value.Table, table, found.Value.Present is null ? PolicyAction.Create : PolicyAction.Update))
                return WriteFaults.NotAllowed(table);
            if (image == found.Value.Present)
                return new RestoredRecord(table, image, null);
            return await PutBack(connection, found.Value.Table, table, found.Value.Key, image, viewer, origin, cancellation);
        }, cancellation);

    /// <summary>
    /// Gives the record the image's values, or makes it anew, as a change set of its own. The write is the viewer's: what their
    /// policies do not let them write is refused, and nothing is changed.
    /// </summary>
    internal static async Task<Result<RestoredRecord>> PutBack(NpgsqlConnection connection, KeptTable kept, TableSnapshot? table, string key, string image, Viewer viewer, ChangeOrigin origin, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var isThere = (await connection.Query(ImageStatements.IsThere(kept), row => row.GetBoolean(0), cancellation, key))[0];
        if (!viewer.MayPutBack(kept, table, isThere ? PolicyAction.Update : PolicyAction.Create))
            return NotAllowed(kept, table);
        await viewer.SettingsFor(origin).Set(connection, cancellation);
        if (!isThere)
            await connection.Execute(ImageStatements.Insert(kept, ImageStatements.Given), cancellation, key, image);
        else if ((await connection.Query(ImageStatements.Update(kept, ImageStatements.Given), row => row.GetInt64(0), cancellation, key, image)).Count == 0)
            return viewer.SeesAll ? HistoryFaults.GoneSince : NotAllowed(kept, table);
        await connection.Execute("SET LOCAL ROLE NONE", cancellation);
        var stored = await connection.Query(ImageStatements.Read(kept, ImageStatements.Given), row => row.GetString(0), cancellation, key, image);
        await transaction.CommitAsync(cancellation);
        return new RestoredRecord(table, stored[0], origin.Id);
    }

    private static Fault NotAllowed(KeptTable kept, TableSnapshot? table) => table is null ? HistoryFaults.NotAllowed(kept.Name) : WriteFaults.NotAllowed(table);

    /// <summary>A record that is there is seen where PostgreSQL finds it for the viewer; one that is gone, where it would have found it last.</summary>
    private static async Task<bool> IsSeen(NpgsqlConnection connection, FoundRecord record, TableSnapshot table, Viewer viewer, CancellationToken cancellation)
    {
        if (record.Present is not null)
            return await viewer.SeesPresent(connection, record.Table, record.Key, cancellation);
        if (table.Rights.AllowsEveryRecord(PolicyAction.Read))
            return true;
        var last = await ReadVersions(connection, record, null, 1, 0, cancellation);
        return last.Items is [{ Operation: Operations.Deleted, Before: { } image }] && await viewer.VisibilityOf(table).Judge(connection, image, cancellation);
    }

    private sealed record FoundRecord(KeptTable Table, string Key, string? Present);

    private static async Task<Result<FoundRecord>> Find(NpgsqlConnection connection, TableSnapshot table, string id, Viewer viewer, CancellationToken cancellation)
    {
        var kept = await KeptTable.Find(connection, table.Schema, table.Names.Relation, cancellation);
        if (kept is not { IsKept: true, Key.IsEmpty: false } || (!viewer.SeesAll && kept.Key.Any(column => table.FindField(column.Name) is null)))
            return HistoryFaults.NoHistory(table.Name);
        var wrongId = HistoryFaults.WrongId(table.Name, kept.Key.Select(column => table.FindField(column.Name)?.ApiName ?? column.Name));
        var values = kept.Key.Length == 1 ? [id] : KeyReader.Read(id);
        if (values.Length != kept.Key.Length || id.Contains('\0'))
            return wrongId;
        string key;
        try
        {
            key = (await connection.Query($"SELECT {ImageStatements.Key(kept)}", row => row.GetString(0), cancellation, [.. values]))[0];
        }
        catch (PostgresException exception) when (HistoryFaults.IsRefusal(exception))
        {
            return wrongId;
        }

        var present = await connection.Query(ImageStatements.Read(kept, ImageStatements.Given), row => row.GetString(0), cancellation, key, null);
        return new FoundRecord(kept, key, present.Count == 0 ? null : present[0]);
    }

    private static async Task<Page<RecordVersion>> ReadVersions(NpgsqlConnection connection, FoundRecord record, long? version, int limit, long offset, CancellationToken cancellation)
    {
        var total = 0L;
        var versions = await connection.Query(
            VersionsOf(record.Table),
            row =>
            {
                total = row.GetInt64(12);
                var operation = row.GetChar(7);
                var isAgain = operation == 'I' && !row.IsDBNull(8) && row.GetChar(8) == 'D';
                var after = operation == 'D' ? null : row.GetBoolean(10) ? row.FindText(11) : record.Present;
                return new RecordVersion(row.GetInt64(0), ChangeSource.Read(row, 1, 2), isAgain ? "restored" : Operations.Name(operation), row.FindText(9), after);
            },
            cancellation,
            record.Key,
            record.Table.Id,
            version,
            limit,
            offset);
        return new(versions.ToImmutableArray(), total);
    }

    /// <summary>What a version became is what the next one says it was.</summary>
    private static string VersionsOf(KeptTable table) => $"""
        SELECT v.id, v.change_id, {ChangeSource.Columns}, v.operation, v.previous, {ImageStatements.ImageOf(table, "v.id", "v.before")}::text,
               v.next_id IS NOT NULL, {ImageStatements.ImageOf(table, "v.next_id", "v.next_before")}::text, v.total
        FROM (SELECT h.id, h.change_id, h.operation, h.before, count(*) OVER () AS total,
                     lag(h.operation) OVER w AS previous, lead(h.id) OVER w AS next_id, lead(h.before) OVER w AS next_before
              FROM socle_system.history h
              WHERE h.key = $1 AND h.table_id = $2
              WINDOW w AS (ORDER BY h.id)) v
        LEFT JOIN socle_system.changes c ON c.id = v.change_id
        WHERE $3::bigint IS NULL OR v.id = $3
        ORDER BY v.id DESC LIMIT $4 OFFSET $5
        """;
}
