using System.Collections.Immutable;
using Npgsql;
using Socle.Catalog;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.Policies;

/// <summary>
/// Changes roles and policies, and what PostgreSQL enforces with them, in one transaction; what was changed holds for this server's
/// next request. Refuses adopted databases, whose rights stay their owner's.
/// </summary>
public sealed class AccessTransaction(Database database, LiveCatalog catalog, SchemaChoice schemas)
{
    private const string LockTimeout = "10s";

    /// <param name="change">Writes; gives what is to be answered.</param>
    /// <param name="judge">What of it does not hold, by the policies that do not.</param>
    /// <param name="cancellation">Ends the work, with nothing done.</param>
    public async Task<Result<T>> Run<T>(
        Func<NpgsqlConnection, Task<Result<T>>> change, Func<T, ImmutableArray<BrokenPolicy>, ImmutableArray<Fault>> judge, CancellationToken cancellation)
    {
        if (!catalog.Current.Access.IsEnforced)
            return RegisterFaults.Adopted();
        await using var connection = await database.Maintenance.OpenConnectionAsync(cancellation);
        await using (var transaction = await connection.BeginTransactionAsync(cancellation))
        {
            await using (var command = new NpgsqlCommand($"SET LOCAL lock_timeout = '{LockTimeout}'; SELECT pg_advisory_xact_lock({SystemSchema.Lock})", connection))
                await command.ExecuteNonQueryAsync(cancellation);
            var changed = await Change(connection, change, judge, cancellation);
            if (changed.IsFault)
                return changed;
            await transaction.CommitAsync(CancellationToken.None);
            catalog.Swap(await CatalogReader.Read(connection, schemas, catalog.NextVersion(), CancellationToken.None));
            return changed;
        }
    }

    private async Task<Result<T>> Change<T>(
        NpgsqlConnection connection, Func<NpgsqlConnection, Task<Result<T>>> change, Func<T, ImmutableArray<BrokenPolicy>, ImmutableArray<Fault>> judge, CancellationToken cancellation)
    {
        try
        {
            var changed = await change(connection);
            if (changed.IsFault)
                return changed;
            if (await DatabaseRoles.Ensure(connection, [], cancellation) is { } fault)
                return fault;
            var broken = await Securing.RunWithin(connection, await CatalogReader.Read(connection, schemas, 0, cancellation), cancellation);
            return judge(changed.Value, broken) is { IsEmpty: false } faults ? faults : changed;
        }
        catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected)
        {
            return RegisterFaults.Busy();
        }
    }
}
