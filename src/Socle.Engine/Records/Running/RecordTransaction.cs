using Npgsql;
using Socle.Postgres;

namespace Socle.Records.Running;

/// <summary>
/// A transaction of several record requests, and one change set. What was done goes when it is disposed
/// without <see cref="Commit"/>; after a request that PostgreSQL refused nothing else is left.
/// </summary>
public sealed class RecordTransaction : IAsyncDisposable
{
    private readonly NpgsqlTransaction _transaction;
    private Exception? _failure;

    private RecordTransaction(NpgsqlConnection connection, NpgsqlTransaction transaction, TransactionSettings settings)
    {
        Connection = connection;
        Settings = settings;
        _transaction = transaction;
    }

    /// <summary>Whether it failed for what others did meanwhile: the same, begun anew, may succeed.</summary>
    public bool MayRepeat => _failure is PostgresException { SqlState: StatementRunner.CachedPlanChanged or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure };

    internal NpgsqlConnection Connection { get; }

    /// <summary>As whom its statements run, from <see cref="Act"/> on.</summary>
    internal TransactionSettings Settings { get; }

    /// <param name="database">Where.</param>
    /// <param name="settings">As whom, and the change set.</param>
    /// <param name="cancellation">The caller left.</param>
    /// <param name="isAgain">The same failed before: the tables may have changed under what other connections have prepared too.</param>
    public static async Task<RecordTransaction> Begin(Database database, TransactionSettings settings, CancellationToken cancellation, bool isAgain = false)
    {
        var connection = await database.Requests.OpenConnectionAsync(cancellation);
        try
        {
            if (isAgain)
                connection.UnprepareAll();
            return await Begin(connection, settings, cancellation);
        }
        catch (NpgsqlException) when (connection.State != System.Data.ConnectionState.Open)
        {
            // The server restarted under a pooled connection; nothing was done on it yet.
            await connection.DisposeAsync();
            return await Begin(await database.Requests.OpenConnectionAsync(cancellation), settings, cancellation);
        }
    }

    /// <summary>What PostgreSQL judges at the end of a transaction (deferred constraints) fails here.</summary>
    public Task Commit(CancellationToken cancellation) =>
        // PostgreSQL answers the COMMIT of a failed transaction with a rollback, and without a word.
        _failure is null ? _transaction.CommitAsync(cancellation) : throw new InvalidOperationException("A failed transaction cannot be committed.", _failure);

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        if (_failure is not null)
            StatementRunner.Forget(Connection, _failure);
        await Connection.DisposeAsync();
    }

    /// <summary>From here on its statements are the caller's.</summary>
    internal Task Act(CancellationToken cancellation) => Settings.Set(Connection, cancellation);

    /// <summary>From here on they are the server's own again.</summary>
    internal async Task StopActing(CancellationToken cancellation)
    {
        if (Settings.Role is null)
            return;
        await using var command = new NpgsqlCommand("SET LOCAL ROLE NONE", Connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    internal void Fail(Exception exception) => _failure ??= exception;

    private static async Task<RecordTransaction> Begin(NpgsqlConnection connection, TransactionSettings settings, CancellationToken cancellation)
    {
        try
        {
            var transaction = await connection.BeginTransactionAsync(cancellation);
            return new RecordTransaction(connection, transaction, settings);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}
