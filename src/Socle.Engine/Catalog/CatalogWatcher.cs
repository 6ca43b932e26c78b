using Npgsql;
using Socle.Postgres;

namespace Socle.Catalog;

/// <summary>
/// Keeps the live catalog true: waits for the database to say that it changed, reads it anew and swaps it.
/// Where event triggers could not be made (no superuser) it looks twice a second instead. Survives PostgreSQL's restarts.
/// </summary>
public sealed class CatalogWatcher(Database database, LiveCatalog catalog, Action<Exception> onFailure)
{
    /// <summary>A connection that does not answer for so long is lost.</summary>
    private const int AnswerSeconds = 10;

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan RetryEvery = TimeSpan.FromMilliseconds(250);

    /// <summary>xmin changes with every change of a catalog row, so that the sum of all rows' fingerprints does too.</summary>
    private const string Fingerprint = """
        SELECT (SELECT coalesce(sum(hashtextextended(c.oid::text || c.xmin::text || c.relname, 0)), 0) FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace)
             + (SELECT coalesce(sum(hashtextextended(a.attrelid::text || a.attnum || a.xmin::text, 0)), 0) FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid WHERE c.relnamespace = 'public'::regnamespace)
             + (SELECT coalesce(sum(hashtextextended(k.oid::text || k.xmin::text, 0)), 0) FROM pg_constraint k WHERE k.connamespace = 'public'::regnamespace)
             + (SELECT coalesce(sum(hashtextextended(e.oid::text || e.xmin::text, 0)), 0) FROM pg_enum e)
             + (SELECT coalesce(sum(hashtextextended(d.oid::text || d.xmin::text, 0)), 0) FROM pg_attrdef d)
        """;

    /// <summary>What event triggers do otherwise: the history follows renamed columns, another key, new partitions.</summary>
    private const string RefreshHistory = """
        DO $$ BEGIN
            IF to_regproc('socle_system.refresh_history') IS NOT NULL THEN
                PERFORM socle_system.refresh_history();
            END IF;
        END $$
        """;

    /// <summary>Reads the first snapshot. Fails when the database does.</summary>
    public async Task Load(CancellationToken cancellation)
    {
        await using var connection = await database.Maintenance.OpenConnectionAsync(cancellation);
        await Swap(connection, cancellation);
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
        await Execute(connection, "LISTEN socle_catalog", cancellation);
        var hasTriggers = await Read<bool>(connection, "SELECT EXISTS (SELECT FROM pg_event_trigger WHERE evtname = 'socle_ddl_end' AND evtenabled <> 'D')", cancellation);
        var seen = hasTriggers ? 0 : await Read<decimal>(connection, Fingerprint, cancellation);
        if (!hasTriggers)
            await Execute(connection, RefreshHistory, cancellation);
        // What changed before LISTEN was not heard of.
        await Swap(connection, cancellation);
        while (true)
        {
            if (!isTold)
                await connection.WaitAsync(hasTriggers ? Timeout.InfiniteTimeSpan : LookEvery, cancellation);
            var now = hasTriggers ? 0 : await Read<decimal>(connection, Fingerprint, cancellation);
            if (!isTold && now == seen)
                continue;
            (isTold, seen) = (false, now);
            if (!hasTriggers)
                await Execute(connection, RefreshHistory, cancellation);
            await Swap(connection, cancellation);
        }
    }

    private async Task Swap(NpgsqlConnection connection, CancellationToken cancellation) =>
        catalog.Swap(await CatalogReader.Read(connection, catalog.Current.Version + 1, cancellation));

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
