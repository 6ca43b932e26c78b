using Npgsql;
using Socle.Postgres;

namespace Socle.Policies;

/// <summary>
/// A transaction under the schema's lock that locks several tables, as new policies do, while people read them. It waits for a
/// table for a moment only, then lets go of all and tries again: so it is never a reader who is thrown out of a deadlock.
/// </summary>
internal static class PatientTransaction
{
    /// <summary>Less than PostgreSQL's deadlock_timeout, a second.</summary>
    private const string LockTimeout = "300ms";

    private const int Attempts = 25;

    /// <param name="connection">Without a transaction.</param>
    /// <param name="work">May run more than once. It commits when it says so.</param>
    /// <param name="cancellation">Ends the work, with nothing done.</param>
    public static async Task<T> Run<T>(NpgsqlConnection connection, Func<NpgsqlTransaction, Task<T>> work, CancellationToken cancellation)
    {
        for (var i = 1; ; i++)
        {
            try
            {
                await using var transaction = await connection.BeginTransactionAsync(cancellation);
                await using (var command = new NpgsqlCommand($"SET LOCAL lock_timeout = '10s'; SELECT pg_advisory_xact_lock({SystemSchema.Lock}); SET LOCAL lock_timeout = '{LockTimeout}'; {LockWaits.EndAutovacuum}", connection))
                    await command.ExecuteNonQueryAsync(cancellation);
                return await work(transaction);
            }
            catch (PostgresException exception) when (i < Attempts && exception.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected)
            {
                await Task.Delay(Random.Shared.Next(20, 150), cancellation);
            }
        }
    }
}
