using Npgsql;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.Records.Running;

/// <summary>
/// A transaction of several record requests, and one change set. What was done goes when it is disposed
/// without <see cref="Commit"/>; after a request that PostgreSQL refused nothing else is left.
/// </summary>
public sealed class RecordTransaction : IAsyncDisposable
{
    private readonly NpgsqlTransaction _transaction;

    private RecordTransaction(NpgsqlConnection connection, NpgsqlTransaction transaction)
    {
        Connection = connection;
        _transaction = transaction;
    }

    internal NpgsqlConnection Connection { get; }

    public static async Task<RecordTransaction> Begin(Database database, ChangeOrigin origin, CancellationToken cancellation)
    {
        var connection = await database.Requests.OpenConnectionAsync(cancellation);
        try
        {
            var transaction = await connection.BeginTransactionAsync(cancellation);
            await ChangeSettings.Set(connection, origin, cancellation);
            return new RecordTransaction(connection, transaction);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>What PostgreSQL judges at the end of a transaction (deferred constraints) fails here.</summary>
    public Task Commit(CancellationToken cancellation) => _transaction.CommitAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await Connection.DisposeAsync();
    }
}
