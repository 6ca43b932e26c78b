using Npgsql;
using Socle.Kernel;
using Socle.Postgres;
using Socle.Postgres.Cluster;

namespace Socle.Host;

/// <summary>Which PostgreSQL to use: the one that DATABASE_URL names, or the private one in the data folder, which runs as long as this is held.</summary>
public sealed record DatabaseAddress(NpgsqlConnectionStringBuilder Connection, PrivateCluster? Cluster) : IAsyncDisposable
{
    /// <summary>For the server, which runs the cluster itself.</summary>
    public static Task<Result<DatabaseAddress>> Open(ServerOptions options, Action<string> log) =>
        Open(options, () => PrivateCluster.Start(options.DataFolder, log));

    /// <summary>For commands, beside a running server or alone.</summary>
    public static Task<Result<DatabaseAddress>> Join(ServerOptions options, Action<string> log) =>
        Open(options, () => PrivateCluster.Connect(options.DataFolder, log));

    public ValueTask DisposeAsync() => Cluster?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static async Task<Result<DatabaseAddress>> Open(ServerOptions options, Func<Task<Result<PrivateCluster>>> openCluster)
    {
        if (options.DatabaseUrl is not null)
        {
            var url = DatabaseUrl.Read(options.DatabaseUrl);
            return url.IsFault ? url.Faults : new DatabaseAddress(url.Value, null);
        }

        var cluster = await openCluster();
        return cluster.IsFault ? cluster.Faults : new DatabaseAddress(cluster.Value.Connection, cluster.Value);
    }
}
