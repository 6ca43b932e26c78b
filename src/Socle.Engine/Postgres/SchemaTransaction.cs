using System.Data;
using System.Diagnostics;
using Npgsql;
using Socle.Kernel;

namespace Socle.Postgres;

/// <summary>A transaction that changes the schema or its policies. One at a time: another server's is waited for, and its work is then seen.</summary>
internal static class SchemaTransaction
{
    /// <summary>How long a step waits for a busy table. Everybody else queues behind it meanwhile.</summary>
    private const string LockTimeout = "10s";

    /// <summary>The same where people work meanwhile: it then lets them pass, and tries again.</summary>
    private const string ShortLockTimeout = "100ms";

    /// <summary>
    /// PostgreSQL ends the autovacuum that stands in somebody's way, but looks for one only when the wait has lasted for deadlock_timeout, a
    /// second. Superusers may shorten that, for their transaction; then it is also they who are thrown out of a deadlock, and no reader.
    /// </summary>
    private const string EndAutovacuum = "SELECT set_config('deadlock_timeout', '50ms', true) FROM pg_roles WHERE rolname = current_user AND rolsuper";

    /// <summary>How long another server's change is waited for.</summary>
    private const string TurnTimeout = "5s";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static Task<NpgsqlTransaction> Begin(NpgsqlConnection connection, CancellationToken cancellation) => Begin(connection, "0", LockTimeout, cancellation);

    /// <summary>
    /// Does the work in such a transaction, and again in another when a table was busy (a fault that says when to come back), until
    /// it is done or ten seconds are over. A lock that is waited for holds up all who come after; so each wait is short.
    /// </summary>
    /// <param name="connection">Without a transaction.</param>
    /// <param name="work">May run more than once. It commits when it says so.</param>
    /// <param name="cancellation">Ends the work, with nothing done.</param>
    public static async Task<Result<T>> Try<T>(NpgsqlConnection connection, Func<NpgsqlTransaction, Task<Result<T>>> work, CancellationToken cancellation)
    {
        for (var start = Stopwatch.GetTimestamp(); ;)
        {
            var done = await TryOnce(connection, work, cancellation);
            if (!done.IsFault || done.Faults[0].RetryAfter is null || Stopwatch.GetElapsedTime(start) > Patience)
                return done;
            await Task.Delay(Random.Shared.Next(50, 250), cancellation);
        }
    }

    private static async Task<Result<T>> TryOnce<T>(NpgsqlConnection connection, Func<NpgsqlTransaction, Task<Result<T>>> work, CancellationToken cancellation)
    {
        try
        {
            await using var transaction = await Begin(connection, TurnTimeout, ShortLockTimeout, cancellation);
            return await work(transaction);
        }
        catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected)
        {
            return Busy();
        }
    }

    private static async Task<NpgsqlTransaction> Begin(NpgsqlConnection connection, string turnTimeout, string lockTimeout, CancellationToken cancellation)
    {
        var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellation);
        try
        {
            await Execute(
                connection,
                $"""
                SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = '{turnTimeout}'; SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO, DMY';
                SELECT pg_advisory_xact_lock({SystemSchema.Lock});
                SET LOCAL lock_timeout = '{lockTimeout}'; {EndAutovacuum}
                """,
                cancellation);
            return transaction;
        }
        catch
        {
            await transaction.DisposeAsync();
            throw;
        }
    }

    public static Fault Busy() => new(
        FaultCode.Conflict,
        "The table is busy, or another change of the schema is under way. Nothing was changed: try again in a moment.",
        "La table est occupée, ou une autre modification du schéma est en cours. Rien n'a été modifié : réessayez dans un instant.")
    {
        RetryAfter = 2,
    };

    /// <summary>Names and numbers of fields as they are now, whoever renamed what.</summary>
    public static Task Refresh(NpgsqlConnection connection, CancellationToken cancellation) =>
        Execute(connection, "SELECT socle_system.follow_tables(), socle_system.refresh_fields(), socle_system.refresh_rules()", cancellation);

    private static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
