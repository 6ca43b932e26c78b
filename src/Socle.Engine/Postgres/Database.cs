using Npgsql;

namespace Socle.Postgres;

/// <summary>
/// The connections to the one database. Requests share few of them (two to four a core is where PostgreSQL
/// answers most; more would only queue inside it), and never set session state on one: nothing resets it.
/// </summary>
public sealed class Database : IAsyncDisposable
{
    private Database(NpgsqlDataSource requests, NpgsqlDataSource maintenance)
    {
        Requests = requests;
        Maintenance = maintenance;
    }

    /// <summary>For what callers ask: bounded in time.</summary>
    public NpgsqlDataSource Requests { get; }

    /// <summary>For schema changes, the catalog and its watcher: as long as they need.</summary>
    public NpgsqlDataSource Maintenance { get; }

    public static Database Open(NpgsqlConnectionStringBuilder address, TimeSpan statementTimeout)
    {
        var requests = new NpgsqlConnectionStringBuilder(address.ConnectionString)
        {
            ApplicationName = "socle",
            MaxPoolSize = Math.Max(8, 4 * Environment.ProcessorCount),
            MinPoolSize = 0,
            MaxAutoPrepare = 100,
            AutoPrepareMinUsages = 2,
            NoResetOnClose = true,
            CommandTimeout = 0,
            Timeout = 5,
            Enlist = false,
            Timezone = "UTC",
            Options = $"-c statement_timeout={(long)statementTimeout.TotalMilliseconds} -c lock_timeout=10000 -c client_min_messages=error",
        };
        var maintenance = new NpgsqlConnectionStringBuilder(address.ConnectionString)
        {
            ApplicationName = "socle maintenance",
            MaxPoolSize = 4,
            CommandTimeout = 0,
            Timeout = 5,
            Enlist = false,
            Timezone = "UTC",
            Options = "-c client_min_messages=error",
        };
        return new Database(Build(requests), Build(maintenance));
    }

    public async ValueTask DisposeAsync()
    {
        await Requests.DisposeAsync();
        await Maintenance.DisposeAsync();
    }

    private static NpgsqlDataSource Build(NpgsqlConnectionStringBuilder address) =>
        new NpgsqlDataSourceBuilder(address.ConnectionString).Build();
}
