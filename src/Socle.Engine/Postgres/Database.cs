using Npgsql;

namespace Socle.Postgres;

/// <summary>
/// The connections to the one database. Requests share few of them, and never set session state on one: nothing resets it.
/// Those that are a role's own are in a place of their own.
/// </summary>
public sealed class Database : IAsyncDisposable
{
    private const int ExportsAtOnce = 4;
    private const int MaintenanceAtOnce = 8;
    private const int KeepAliveSeconds = 10;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestExport = TimeSpan.FromHours(1);

    /// <summary>
    /// More only queue inside PostgreSQL. With fewer, writes wait for one another: those that wait for the disk at the same
    /// time share its answer. A PostgreSQL that is somebody else's may have few to give.
    /// </summary>
    private static int RequestsAtOnce(bool isPrivate) => Math.Max(isPrivate ? 16 : 8, 4 * Environment.ProcessorCount);

    private Database(NpgsqlDataSource requests, NpgsqlDataSource exports, NpgsqlDataSource maintenance, RoleConnections? roles)
    {
        Roles = roles;
        Requests = requests;
        Exports = exports;
        Maintenance = maintenance;
    }

    /// <summary>How many connections a server has at most; the PostgreSQL that is its own allows more.</summary>
    internal static int MostConnections => RequestsAtOnce(isPrivate: true) * (1 + RoleConnections.MostRoles) + ExportsAtOnce + MaintenanceAtOnce;

    /// <summary>For what callers ask: bounded in time.</summary>
    public NpgsqlDataSource Requests { get; }

    /// <summary>For what one role asks, where its connections may stay its own; else null.</summary>
    public RoleConnections? Roles { get; }

    /// <summary>For answers without a limit, which last as long as their reader takes: few at a time, and beside the others.</summary>
    public NpgsqlDataSource Exports { get; }

    /// <summary>For schema changes, the catalog's and the accounts' watchers, and the feed of changes: as long as they need.</summary>
    public NpgsqlDataSource Maintenance { get; }

    /// <param name="address">Where.</param>
    /// <param name="statementTimeout">How long what callers ask may take.</param>
    /// <param name="isPrivate">Whether the server runs this PostgreSQL itself, and speaks with it and nobody else.</param>
    public static Database Open(NpgsqlConnectionStringBuilder address, TimeSpan statementTimeout, bool isPrivate = false)
    {
        var requests = Settings(address, "socle", RequestsAtOnce(isPrivate), statementTimeout, isPrepared: true);
        return new(
            NpgsqlDataSource.Create(requests),
            NpgsqlDataSource.Create(Settings(address, "socle export", ExportsAtOnce, LongestExport, isPrepared: false)),
            NpgsqlDataSource.Create(Settings(address, "socle maintenance", MaintenanceAtOnce, Timeout.InfiniteTimeSpan, isPrepared: false)),
            isPrivate ? new RoleConnections(requests) : null);
    }

    public async ValueTask DisposeAsync()
    {
        if (Roles is not null)
            await Roles.DisposeAsync();
        await Requests.DisposeAsync();
        await Exports.DisposeAsync();
        await Maintenance.DisposeAsync();
    }

    private static NpgsqlConnectionStringBuilder Settings(NpgsqlConnectionStringBuilder address, string name, int most, TimeSpan statementTimeout, bool isPrepared) =>
        new(address.ConnectionString)
        {
            ApplicationName = name,
            MaxPoolSize = most,
            MinPoolSize = 0,
            MaxAutoPrepare = isPrepared ? 100 : 0,
            AutoPrepareMinUsages = 2,
            NoResetOnClose = isPrepared,
            // PostgreSQL keeps the time; only when it hangs do we.
            CommandTimeout = statementTimeout == Timeout.InfiniteTimeSpan ? 0 : (int)(statementTimeout + Grace).TotalSeconds,
            Timeout = 5,
            // The catalog's watcher waits on one connection for weeks, and a network may forget it without a word.
            KeepAlive = isPrepared ? 0 : KeepAliveSeconds,
            Enlist = false,
            Timezone = "UTC",
            Options = $"{address.Options} -c client_min_messages=error{Bounds(statementTimeout)}".Trim(),
        };

    private static string Bounds(TimeSpan statementTimeout) => statementTimeout == Timeout.InfiniteTimeSpan
        ? ""
        : $" -c statement_timeout={(long)statementTimeout.TotalMilliseconds} -c lock_timeout=10000";
}
