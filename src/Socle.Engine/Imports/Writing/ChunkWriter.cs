using Npgsql;
using Socle.Catalog;

namespace Socle.Imports.Writing;

/// <summary>
/// Writes chunks of rows into a table, inside the import's transaction. What PostgreSQL refuses of a chunk is found by the line that it names,
/// else by halves, so that the work stays in proportion to the rows; the others go in.
/// </summary>
internal abstract class ChunkWriter(NpgsqlConnection connection, TableSnapshot table)
{
    private const string Savepoint = "socle_import";

    protected NpgsqlConnection Connection => connection;

    protected TableSnapshot Table => table;

    public long Created { get; protected set; }

    public long Updated { get; protected set; }

    public long Unchanged { get; protected set; }

    /// <summary>Stores what it can; the rest is rejected in the chunk.</summary>
    public abstract Task Write(Chunk chunk, CancellationToken cancellation);

    /// <summary>Does something with rows of a chunk, and with fewer of them where PostgreSQL refuses.</summary>
    protected async Task Store(Chunk chunk, int from, int to, Func<int, int, Task> store, CancellationToken cancellation)
    {
        while (from < to)
        {
            if (await Try(() => store(from, to), cancellation) is not { } refusal)
                return;
            var fault = RowFaults.Find(refusal, table) ?? throw refusal;
            if (RowFaults.LineOf(refusal) is { } line && line <= to - from)
            {
                var refused = from + line - 1;
                await Store(chunk, from, refused, store, cancellation);
                chunk.Reject(refused, fault);
                from = refused + 1;
            }
            else if (to - from == 1)
            {
                chunk.Reject(from, fault);
                return;
            }
            else
            {
                var middle = from + ((to - from) / 2);
                await Store(chunk, from, middle, store, cancellation);
                from = middle;
            }
        }
    }

    protected async Task Copy(string sql, ReadOnlyMemory<byte> rows, CancellationToken cancellation)
    {
        // Npgsql gives text COPY as a writer of characters; our rows are bytes already.
        await using var copy = (StreamWriter)await connection.BeginTextImportAsync(sql, cancellation);
        await copy.BaseStream.WriteAsync(rows, cancellation);
    }

    protected async Task<long> Execute(string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        return await command.ExecuteNonQueryAsync(cancellation);
    }

    private async Task<PostgresException?> Try(Func<Task> store, CancellationToken cancellation)
    {
        await Execute($"SAVEPOINT {Savepoint}", cancellation);
        try
        {
            await store();
            await Execute($"RELEASE SAVEPOINT {Savepoint}", cancellation);
            return null;
        }
        catch (PostgresException exception)
        {
            await Execute($"ROLLBACK TO SAVEPOINT {Savepoint}; RELEASE SAVEPOINT {Savepoint}", cancellation);
            return exception;
        }
    }
}
