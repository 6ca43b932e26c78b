using Npgsql;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.Catalog;

/// <summary>
/// Keeps the live catalog true: waits for the database to say that it changed, reads it anew and swaps it.
/// Where event triggers could not be made (no superuser) it looks twice a second instead. Survives PostgreSQL's restarts.
/// </summary>
/// <param name="database">Whose catalog it is.</param>
/// <param name="catalog">What requests take.</param>
/// <param name="schemas">What is served.</param>
/// <param name="secure">Makes PostgreSQL enforce the policies on what is served, and says whether it changed anything; null where none are kept.</param>
/// <param name="onFailure">Is told of what will be tried again.</param>
public sealed class CatalogWatcher(
    Database database,
    LiveCatalog catalog,
    SchemaChoice schemas,
    Func<NpgsqlConnection, CatalogSnapshot, CancellationToken, Task<Result<bool>>>? secure,
    Action<Exception> onFailure)
{
    /// <summary>A connection that does not answer for so long is lost.</summary>
    private const int AnswerSeconds = 10;

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan RetryEvery = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan SecureAgainAfter = TimeSpan.FromSeconds(5);

    /// <summary>Those of PostgreSQL's own schemas change at other times than tables do; temporary tables are among them.</summary>
    private const string Schemas = "(SELECT oid FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema')";

    /// <summary>xmin changes with every change of a catalog row, so that the sum of all rows' fingerprints does too.</summary>
    private const string Fingerprint = $"""
        SELECT (SELECT coalesce(sum(hashtextextended(c.oid::text || c.xmin::text || c.relname, 0)), 0) FROM pg_class c WHERE c.relnamespace IN {Schemas})
             + (SELECT coalesce(sum(hashtextextended(a.attrelid::text || a.attnum || a.xmin::text, 0)), 0) FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid WHERE c.relnamespace IN {Schemas})
             + (SELECT coalesce(sum(hashtextextended(k.oid::text || k.xmin::text, 0)), 0) FROM pg_constraint k WHERE k.connamespace IN {Schemas})
             + (SELECT coalesce(sum(hashtextextended(t.oid::text || t.xmin::text, 0)), 0) FROM pg_trigger t WHERE NOT t.tgisinternal)
             + (SELECT coalesce(sum(hashtextextended(n.oid::text || n.xmin::text, 0)), 0) FROM pg_namespace n WHERE n.nspname !~ '^pg_')
             + (SELECT coalesce(sum(hashtextextended(e.oid::text || e.xmin::text, 0)), 0) FROM pg_enum e)
             + (SELECT coalesce(sum(hashtextextended(d.oid::text || d.xmin::text, 0)), 0) FROM pg_attrdef d)
             + (SELECT coalesce(sum(hashtextextended(p.oid::text || p.xmin::text, 0)), 0) FROM pg_policy p)
        """;

    /// <summary>Which transactions are done: another text when one more is.</summary>
    private const string Moment = "SELECT txid_current_snapshot()::text";

    /// <summary>Reads the first snapshot. Fails when the database does, and where its policies cannot be enforced.</summary>
    public async Task<Fault?> Load(CancellationToken cancellation)
    {
        await using var connection = await database.Maintenance.OpenConnectionAsync(cancellation);
        return await Swap(connection, cancellation);
    }

    public async Task Run(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await Watch(cancellation);
            }
            catch (Exception exception) when (!cancellation.IsCancellationRequested)
            {
                onFailure(exception);
                await Task.Delay(RetryEvery, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task Watch(CancellationToken cancellation)
    {
        await using var connection = await database.Maintenance.OpenConnectionAsync(cancellation);
        // WaitAsync is not woken by what arrives in the middle of a query, so each notification is noted here.
        var isTold = false;
        connection.Notification += (_, _) => isTold = true;
        // A standby has nobody to tell, and refuses LISTEN.
        if (!await Read<bool>(connection, "SELECT pg_is_in_recovery()", cancellation))
            await Execute(connection, "LISTEN socle_catalog", cancellation);
        var hasTriggers = await Read<bool>(connection, "SELECT EXISTS (SELECT FROM pg_event_trigger WHERE evtname = 'socle_ddl_end' AND evtenabled <> 'D') AND NOT pg_is_in_recovery()", cancellation);
        var moment = hasTriggers ? "" : await Read<string>(connection, Moment, cancellation);
        var seen = hasTriggers ? 0 : await Read<decimal>(connection, Fingerprint, cancellation);
        // What changed before LISTEN was not heard of.
        var isSecure = await TrySwap(connection, cancellation);
        while (true)
        {
            if (!isTold)
                await connection.WaitAsync(!hasTriggers ? LookEvery : isSecure ? Timeout.InfiniteTimeSpan : SecureAgainAfter, cancellation);
            // Where nothing was committed since, there is nothing to look for.
            var present = hasTriggers ? "" : await Read<string>(connection, Moment, cancellation);
            if (!isTold && isSecure && present == moment)
                continue;
            moment = present;
            var now = hasTriggers ? 0 : await Read<decimal>(connection, Fingerprint, cancellation);
            if (!isTold && isSecure && now == seen)
                continue;
            (isTold, seen) = (false, now);
            isSecure = await TrySwap(connection, cancellation);
        }
    }

    /// <summary>A table that is busy, or a role that may not be made, is no reason to serve yesterday's shape: what is not secured is closed.</summary>
    private async Task<bool> TrySwap(NpgsqlConnection connection, CancellationToken cancellation)
    {
        try
        {
            if (await Swap(connection, cancellation) is not { } fault)
                return true;
            onFailure(new InvalidOperationException(fault.Message.English));
        }
        catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedObject)
        {
            onFailure(exception);
        }

        catalog.Swap(await CatalogReader.Read(connection, schemas, catalog.NextVersion(), cancellation));
        return false;
    }

    private async Task<Fault?> Swap(NpgsqlConnection connection, CancellationToken cancellation)
    {
        if (await CatalogReader.ReadHasSystemSchema(connection, cancellation))
            await NoteRenames(connection, cancellation);
        var snapshot = await CatalogReader.Read(connection, schemas, catalog.NextVersion(), cancellation);
        var secured = secure is null ? false : await secure(connection, snapshot, cancellation);
        if (secured.IsFault)
            return secured.Faults[0];
        // Rights are part of what is read.
        catalog.Swap(secured.Value ? await CatalogReader.Read(connection, schemas, catalog.NextVersion(), cancellation) : snapshot);
        return null;
    }

    /// <summary>A column that somebody renamed is the field that it was: that is noted for the history and the next blueprint, by whoever may write.</summary>
    private static async Task NoteRenames(NpgsqlConnection connection, CancellationToken cancellation)
    {
        try
        {
            await Execute(connection, "SELECT socle_system.follow_tables(), socle_system.refresh_fields(), socle_system.refresh_history(), socle_system.refresh_rules()", cancellation);
        }
        catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.UndefinedFunction)
        {
            // The snapshot goes by the columns' numbers and needs no note.
        }
    }

    private static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = AnswerSeconds };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task<T> Read<T>(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = AnswerSeconds };
        return (T)(await command.ExecuteScalarAsync(cancellation))!;
    }
}
