using Npgsql;
using Socle.Catalog;
using Socle.Kernel;
using Socle.Postgres;
using Socle.Postgres.Cluster;

namespace Socle.Host;

/// <summary>
/// Which PostgreSQL to use: the one that DATABASE_URL names, the one that the data folder has adopted,
/// or the private one in the data folder, which runs as long as this is held.
/// </summary>
public sealed record DatabaseAddress(NpgsqlConnectionStringBuilder Connection, PrivateCluster? Cluster, SchemaChoice Schemas) : IAsyncDisposable
{
    public static Fault NoAnswer { get; } = new(
        FaultCode.DatabaseUnavailable,
        "The database does not answer. Check that it runs, and where DATABASE_URL points.",
        "La base de données ne répond pas. Vérifiez qu'elle tourne, et où pointe DATABASE_URL.");

    /// <summary>For the server, which runs the cluster itself.</summary>
    public static Task<Result<DatabaseAddress>> Open(ServerOptions options, Action<string> log) =>
        Open(options, () => PrivateCluster.Start(options.DataFolder, log));

    /// <summary>For commands, beside a running server or alone.</summary>
    public static Task<Result<DatabaseAddress>> Join(ServerOptions options, Action<string> log) =>
        Open(options, () => PrivateCluster.Connect(options.DataFolder, log));

    public ValueTask DisposeAsync() => Cluster?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static async Task<Result<DatabaseAddress>> Open(ServerOptions options, Func<Task<Result<PrivateCluster>>> openCluster)
    {
        var asked = new SchemaChoice(options.Schemas, IsAdopted: false);
        if (options.DatabaseUrl is not null)
            return Read(options.DatabaseUrl, asked);
        var adopted = AdoptedDatabase.Find(options.DataFolder);
        if (adopted.IsFault)
            return adopted.Faults;
        if (adopted.Value is { } known)
            return Read(known.Url, new SchemaChoice(options.Schemas.IsEmpty ? known.Schemas : options.Schemas, IsAdopted: true));
        var cluster = await openCluster();
        return cluster.IsFault ? cluster.Faults : new DatabaseAddress(cluster.Value.Connection, cluster.Value, asked);
    }

    private static Result<DatabaseAddress> Read(string text, SchemaChoice schemas)
    {
        var url = DatabaseUrl.Read(text);
        return url.IsFault ? url.Faults : new DatabaseAddress(url.Value, null, schemas);
    }
}
