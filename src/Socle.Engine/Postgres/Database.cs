using Npgsql;

namespace Socle.Postgres;

/// <summary>
/// The connections to the one database. Requests share few of them (two to four a core is where PostgreSQL
/// answers most; more would only queue inside it), and never set session state on one: nothing resets it.
/// </summary>
public sealed class Database : IAsyncDisposable
{
    private const int ExportsAtOnce = 4;
    private const int MaintenanceAtOnce = 8;
    private const int KeepAliveSeconds = 10;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestExport = TimeSpan.FromHours(1);

    private Database(NpgsqlDataSource requests, NpgsqlDataSource exports, NpgsqlDataSource maintenance)
    {
        Requests = requests;
        Exports = exports;
        Maintenance = maintenance;
    }

    /// <summary>For what callers ask: bounded in time.</summary>
    public NpgsqlDataSource Requests { get; }

    /// <summary>For answers without a limit, which last as long as their reader takes: few at a time, and beside the others.</summary>
    public NpgsqlDataSource Exports { get; }

    /// <summary>For schema changes, the catalog's and the accounts' watchers, and the feed of changes: as long as they need.</summary>
    public NpgsqlDataSource Maintenance { get; }

    public static Database Open(NpgsqlConnectionStringBuilder address, TimeSpan statementTimeout) => new(
        Build(address, "socle", Math.Max(8, 4 * Environment.ProcessorCount), statementTimeout, isPrepared: true),
        Build(address, "socle export", ExportsAtOnce, LongestExport, isPrepared: false),
        Build(address, "socle maintenance", MaintenanceAtOnce, Timeout.InfiniteTimeSpan, isPrepared: false));

    public async ValueTask DisposeAsync()
    {
        await Requests.DisposeAsync();
        await Exports.DisposeAsync();
        await Maintenance.DisposeAsync();
    }

    private static NpgsqlDataSource Build(NpgsqlConnectionStringBuilder address, string name, int most, TimeSpan statementTimeout, bool isPrepared)
    {
        var settings = new NpgsqlConnectionStringBuilder(address.ConnectionString)
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
        return new NpgsqlDataSourceBuilder(settings.ConnectionString).Build();
    }

    private static string Bounds(TimeSpan statementTimeout) => statementTimeout == Timeout.InfiniteTimeSpan
        ? ""
        : $" -c statement_timeout={(long)statementTimeout.TotalMilliseconds} -c lock_timeout=10000";
}
