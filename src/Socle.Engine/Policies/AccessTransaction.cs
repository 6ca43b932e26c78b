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
    /// <param name="change">Writes; gives what is to be answered.</param>
    /// <param name="judge">What of it does not hold, by the policies that do not.</param>
    /// <param name="cancellation">Ends the work, with nothing done.</param>
    public async Task<Result<T>> Run<T>(
        Func<NpgsqlConnection, Task<Result<T>>> change, Func<T, ImmutableArray<BrokenPolicy>, ImmutableArray<Fault>> judge, CancellationToken cancellation)
    {
        if (!catalog.Current.Access.IsEnforced)
            return RegisterFaults.Adopted();
        await using var connection = await database.Maintenance.OpenConnectionAsync(cancellation);
        var changed = await SchemaTransaction.Try(
            connection,
            async transaction =>
            {
                var changed = await Change(connection, change, judge, cancellation);
                if (!changed.IsFault)
                    await transaction.CommitAsync(CancellationToken.None);
                return changed;
            },
            cancellation);
        if (!changed.IsFault)
            catalog.Swap(await CatalogReader.Read(connection, schemas, catalog.NextVersion(), CancellationToken.None));
        return changed;
    }

    private async Task<Result<T>> Change<T>(
        NpgsqlConnection connection, Func<NpgsqlConnection, Task<Result<T>>> change, Func<T, ImmutableArray<BrokenPolicy>, ImmutableArray<Fault>> judge, CancellationToken cancellation)
    {
        var changed = await change(connection);
        if (changed.IsFault)
            return changed;
        if (await DatabaseRoles.Ensure(connection, [], cancellation) is { } fault)
            return fault;
        var broken = await Securing.RunWithin(connection, await CatalogReader.Read(connection, schemas, 0, cancellation), cancellation);
        return judge(changed.Value, broken) is { IsEmpty: false } faults ? faults : changed;
    }
}
