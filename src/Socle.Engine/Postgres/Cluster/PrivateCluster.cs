using System.Diagnostics;
using Npgsql;
using Socle.Kernel;

namespace Socle.Postgres.Cluster;

public enum ClusterState
{
    Running,

    /// <summary>It ended by itself and is being started again.</summary>
    Restarting,
    Stopped,
}

/// <summary>
/// The PostgreSQL inside a data folder: made at the first start, run as a child process, started again when it dies.
/// Takes the data folder; gives the way to connect (a Unix socket, no network port). Refuses a folder that another socle
/// serves, one of another PostgreSQL version, one it cannot write. Whoever started the cluster ends it by disposing of it.
/// </summary>
public sealed class PrivateCluster : IAsyncDisposable
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan StableAge = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan NeighbourTime = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource _stop = new();
    private readonly string _connection;
    private readonly Action<string> _log;
    private readonly ClusterServer? _server;
    private readonly FolderLock? _lock;
    private readonly Task _supervision;
    private Postmaster? _postmaster;
    private volatile ClusterState _state = ClusterState.Running;

    private PrivateCluster(NpgsqlConnectionStringBuilder connection, Action<string> log, ClusterServer? server = null, FolderLock? folderLock = null, Postmaster? postmaster = null)
    {
        _connection = connection.ConnectionString;
        (_log, _server, _lock, _postmaster) = (log, server, folderLock, postmaster);
        _supervision = postmaster is null ? Task.CompletedTask : Supervise();
    }

    /// <summary>How to connect, as the owner of everything.</summary>
    public NpgsqlConnectionStringBuilder Connection => new(_connection);

    public ClusterState State => _state;

    /// <summary>False beside a socle that runs it: then it goes when that one ends.</summary>
    public bool IsOurs => _lock is not null;

    /// <summary>Null when another socle runs it.</summary>
    public int? ProcessId => _postmaster?.ProcessId;

    /// <summary>Runs the cluster; for the server.</summary>
    /// <param name="dataFolder">Made when missing.</param>
    /// <param name="log">Gets what PostgreSQL and its supervision say, line by line.</param>
    public static async Task<Result<PrivateCluster>> Start(string dataFolder, Action<string> log, CancellationToken cancel = default)
    {
        var folder = ClusterFolder.Open(dataFolder);
        if (folder.IsFault)
            return folder.Faults;
        var folderLock = FolderLock.Take(folder.Value);
        return folderLock.IsFault ? folderLock.Faults : await StartHeld(folderLock.Value, dataFolder, log, cancel);
    }

    /// <summary>Joins the cluster of the socle that serves the folder, or runs it when none does; for commands.</summary>
    public static async Task<Result<PrivateCluster>> Connect(string dataFolder, Action<string> log, CancellationToken cancel = default)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var started = await Start(dataFolder, log, cancel);
            if (!started.IsFault || started.Faults[0].Code != FaultCode.Conflict)
                return started;
            var joined = await Join(dataFolder, log, cancel);
            if (joined is not null)
                return joined.Value;
            if (clock.Elapsed > NeighbourTime)
                return started;
            await Task.Delay(50, cancel);
        }
    }

    /// <summary>Lets nothing of ours run on: the server has ended when this returns.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _supervision.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_postmaster is not null)
            await _postmaster.Stop();
        _state = ClusterState.Stopped;
        _lock?.Dispose();
        _stop.Dispose();
    }

    private static async Task<Result<PrivateCluster>> StartHeld(FolderLock folderLock, string dataFolder, Action<string> log, CancellationToken cancel)
    {
        var started = false;
        try
        {
            // Read again: its last holder may have made the cluster since.
            var folder = ClusterFolder.Open(dataFolder);
            if (folder.IsFault)
                return folder.Faults;
            var server = await ClusterServer.Open(folder.Value, log);
            if (server.IsFault)
                return server.Faults;
            var password = await server.Value.Prepare(cancel);
            if (password.IsFault)
                return password.Faults;
            var connection = ClusterServer.ConnectionTo(folder.Value, password.Value);
            var postmaster = await Postmaster.Start(server.Value, connection, cancel);
            if (postmaster.IsFault)
                return postmaster.Faults;
            started = true;
            return new PrivateCluster(connection, log, server.Value, folderLock, postmaster.Value);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return new ClusterFolder(Path.GetFullPath(dataFolder), null).NotWritable(refused);
        }
        finally
        {
            if (!started)
                folderLock.Dispose();
        }
    }

    /// <summary>Null while the neighbour's cluster is not up (yet).</summary>
    private static async Task<Result<PrivateCluster>?> Join(string dataFolder, Action<string> log, CancellationToken cancel)
    {
        var folder = new ClusterFolder(Path.GetFullPath(dataFolder), null);
        try
        {
            if (ClusterPassword.Find(folder) is not { } password)
                return null;
            var connection = ClusterServer.ConnectionTo(folder, password);
            return await Readiness.Check(connection, cancel) switch
            {
                { State: ServerState.Ready } => new PrivateCluster(connection, log),
                { Fault: { } fault } => fault,
                _ => null,
            };
        }
        catch (UnauthorizedAccessException refused)
        {
            return folder.NotWritable(refused);
        }
    }

    private async Task Supervise()
    {
        var pause = TimeSpan.Zero;
        while (true)
        {
            await _postmaster!.Ended.WaitAsync(_stop.Token);
            _state = ClusterState.Restarting;
            _log("PostgreSQL ended by itself; starting it again.");
            if (_postmaster.Age > StableAge)
                pause = TimeSpan.Zero;
            while (_state != ClusterState.Running)
            {
                await Task.Delay(pause, _stop.Token);
                pause = TimeSpan.FromMilliseconds(Math.Min(LongestPause.TotalMilliseconds, (pause.TotalMilliseconds * 2) + 100));
                var restarted = await Postmaster.Start(_server!, Connection, _stop.Token);
                if (restarted.IsFault)
                {
                    _log(restarted.Faults[0].Message.English);
                    continue;
                }

                _postmaster = restarted.Value;
                _state = ClusterState.Running;
            }
        }
    }
}
