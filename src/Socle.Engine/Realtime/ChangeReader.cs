using System.Collections.Immutable;
using Npgsql;
using NpgsqlTypes;

namespace Socle.Realtime;

/// <summary>Asks the database what was changed. Fails when the database does.</summary>
internal sealed class ChangeReader(NpgsqlDataSource database)
{
    /// <summary>Entries read at once.</summary>
    public const int PageSize = 500;

    public async Task<Look> Look(SeenChanges seen, CancellationToken cancellation)
    {
        await using var command = Command(ChangeQueries.Look, Xid(seen.Xid), Xids(seen.Running));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        var now = row.IsDBNull(3) ? SeenChanges.Nothing : SeenChanges.At(row.GetString(2), row.GetGuid(3), row.GetFieldValue<ulong>(4));
        return new Look(now, row.IsDBNull(5) ? null : row.GetFieldValue<ulong>(5), new Mark(row.GetFieldValue<ulong>(1), row.GetInt64(0)));
    }

    public async Task<EntryPage> Read(ChangeBatch batch, Guid[]? tables, CancellationToken cancellation)
    {
        await using var command = Command(
            ChangeQueries.Entries,
            new() { Value = batch.After },
            Xid(batch.From.Xid),
            Xids(batch.From.Running),
            Xid(batch.To.Xid),
            Xids(batch.To.Running),
            new() { Value = (object?)tables ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid },
            new() { Value = (long)PageSize });
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var entries = new List<Entry>();
        var (count, end) = (0, batch.After);
        while (await row.ReadAsync(cancellation))
        {
            count++;
            end = row.GetInt64(0);
            // Not of this batch, or of a table that is gone.
            if (row.IsDBNull(6) || row.IsDBNull(2))
                continue;
            var table = new KeptTable(row.GetGuid(1), row.GetString(2), row.GetString(3));
            entries.Add(new Entry(end, table, row.GetString(4), row.GetChar(5), row.GetGuid(6), row.GetDateTime(7), row.GetString(8)));
        }

        return new EntryPage(entries, end, IsLast: count < PageSize);
    }

    /// <summary>What the records were before and after each entry that is still there.</summary>
    public async Task<Dictionary<long, EntryImages>> ReadImages(long[] entries, CancellationToken cancellation)
    {
        await using var command = Command(ChangeQueries.Images, new NpgsqlParameter { Value = entries });
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var images = new Dictionary<long, EntryImages>();
        while (await row.ReadAsync(cancellation))
            images[row.GetInt64(0)] = new EntryImages(row.IsDBNull(1) ? null : row.GetString(1), row.GetBoolean(2), row.IsDBNull(3) ? null : row.GetString(3));
        return images;
    }

    /// <summary>The batch from where its first entry can be; null when there is nothing in it.</summary>
    public async Task<ChangeBatch?> Find(SeenChanges from, SeenChanges to, CancellationToken cancellation)
    {
        await using var command = Command(ChangeQueries.Floor, Xid(from.Xid), Xids(from.Running), Xid(to.Xid));
        return await command.ExecuteScalarAsync(cancellation) is long floor ? new ChangeBatch(from, to, floor) : null;
    }

    /// <summary>The places as this database knows them; null when it does not know all of them.</summary>
    public async Task<SeenChanges[]?> Resolve(IReadOnlyList<EventId.Place> places, CancellationToken cancellation)
    {
        await using var command = Command(ChangeQueries.Transactions, new NpgsqlParameter { Value = places.Select(place => place.Last).ToArray() });
        var transactions = new Dictionary<Guid, ulong> { [SeenChanges.Nothing.Last] = SeenChanges.Nothing.Xid };
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
            transactions[row.GetGuid(0)] = row.GetFieldValue<ulong>(1);
        return places.All(place => transactions.TryGetValue(place.Last, out var xid) && place.Running.All(running => running < xid))
            ? [.. places.Select(place => new SeenChanges(place.Last, transactions[place.Last], place.Running))]
            : null;
    }

    /// <summary>The tables whose changes are kept; null when the database holds nothing of Socle's.</summary>
    public async Task<List<KeptTable>?> ReadTables(CancellationToken cancellation)
    {
        try
        {
            await using var command = Command(ChangeQueries.KeptTables);
            await using var row = await command.ExecuteReaderAsync(cancellation);
            var tables = new List<KeptTable>();
            while (await row.ReadAsync(cancellation))
                tables.Add(new KeptTable(row.GetGuid(0), row.GetString(1), row.GetString(2)));
            return tables;
        }
        catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn)
        {
            return null;
        }
    }

    public async Task NoteRestore(CancellationToken cancellation)
    {
        await using var command = Command(ChangeQueries.Restore);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public async Task Tell(string who, CancellationToken cancellation)
    {
        await using var command = Command(ChangeQueries.Tell, new NpgsqlParameter { Value = who });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private NpgsqlCommand Command(string sql, params NpgsqlParameter[] parameters)
    {
        var command = database.CreateCommand(sql);
        command.Parameters.AddRange(parameters);
        return command;
    }

    private static NpgsqlParameter Xid(ulong xid) => new() { Value = xid, NpgsqlDbType = NpgsqlDbType.Xid8 };

    private static NpgsqlParameter Xids(ImmutableArray<ulong> xids) => new() { Value = xids.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Xid8 };
}

/// <param name="First">The oldest transaction with new changes.</param>
internal sealed record Look(SeenChanges Now, ulong? First, Mark Mark);

/// <summary>The entries of transactions later than <paramref name="Xid"/> come after <paramref name="Entry"/>.</summary>
internal readonly record struct Mark(ulong Xid, long Entry);

/// <summary>A table whose changes are kept, by its lasting id and its present name.</summary>
public sealed record KeptTable(Guid Id, string Schema, string Name);

/// <param name="End">The last entry that was looked at.</param>
internal sealed record EntryPage(List<Entry> Entries, long End, bool IsLast);

/// <summary>One record's change in the history.</summary>
/// <param name="Operation">I, U or D.</param>
internal sealed record Entry(long Id, KeptTable Table, string Key, char Operation, Guid Change, DateTime At, string Source);
