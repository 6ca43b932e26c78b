using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Socle.Postgres.Cluster;

namespace Socle.Tests.Postgres.Cluster;

public sealed class CrashTests
{
    [Theory]
    [InlineData("the process of a stranger")]
    [InlineData("a process that is gone")]
    [InlineData("empty")]
    [InlineData("garbage")]
    public async Task A_stale_process_file_is_no_obstacle(string kind)
    {
        using var folder = await DataFolder.WithCluster();
        using var stranger = Process.Start("sleep", "60");
        var rest = $"\n{folder.Cluster}\n1700000000\n5432\n.\n\n 11657312        11\nready   \n";
        var content = kind switch
        {
            "the process of a stranger" => stranger.Id.ToString(CultureInfo.InvariantCulture) + rest,
            "a process that is gone" => "4194303" + rest,
            "empty" => "",
            _ => "\u0001\u0002 not a number\n\n",
        };
        string[] files = ["postmaster.pid", ".s.PGSQL.5432.lock", ".s.PGSQL.5432"];
        foreach (var file in files)
            await File.WriteAllTextAsync(folder.In("postgres", file), content, TestContext.Current.CancellationToken);

        await using var cluster = await folder.Start();

        Assert.Equal(1, await DataFolder.Ask<int>(cluster, "select 1"));
        Assert.False(stranger.HasExited);
        stranger.Kill();
    }

    [Fact]
    public async Task A_killed_server_comes_back_with_every_committed_row()
    {
        using var folder = await DataFolder.WithCluster();
        await using var cluster = await folder.Start();
        await DataFolder.Ask<int>(cluster, "create table kept (n int); insert into kept values (7); select n from kept");
        for (var i = 0; i < 2; i++)
        {
            var before = cluster.ProcessId!.Value;
            Posix.Signal(before, Posix.Kill);
            await DataFolder.Until(() => Task.FromResult(cluster.State == ClusterState.Running && cluster.ProcessId != before));
            Assert.Equal(7, await DataFolder.Ask<int>(cluster, "select n from kept"));
        }
    }

    [Fact]
    public async Task A_server_stopped_from_outside_comes_back()
    {
        using var folder = await DataFolder.WithCluster();
        await using var cluster = await folder.Start();
        var before = cluster.ProcessId!.Value;
        Posix.Signal(before, Posix.Interrupt);
        await DataFolder.Until(() => Task.FromResult(cluster.State == ClusterState.Running && cluster.ProcessId != before));
        Assert.Equal(1, await DataFolder.Ask<int>(cluster, "select 1"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_server_that_outlived_its_socle_is_stopped_and_replaced(bool processFileIsLost)
    {
        using var folder = await DataFolder.WithCluster();
        var orphan = await StartOrphan(folder);
        if (processFileIsLost)
            await File.WriteAllTextAsync(folder.In("postgres", "postmaster.pid"), "", TestContext.Current.CancellationToken);

        await using var cluster = await folder.Start();

        Assert.True(orphan.Ended.IsCompleted);
        Assert.NotEqual(orphan.ProcessId, cluster.ProcessId);
        Assert.Contains("earlier run", folder.AllLog(), StringComparison.Ordinal);
        Assert.Equal(5, await DataFolder.Ask<int>(cluster, "select n from kept"));
    }

    [Fact]
    public async Task Sessions_of_a_killed_orphan_are_ended_too()
    {
        using var folder = await DataFolder.WithCluster();
        var orphan = await StartOrphan(folder);
        var settings = ClusterServer.ConnectionTo(ClusterFolder.Open(folder.Path).Value, File.ReadAllText(folder.In("secrets", "postgres")).Trim());

        // A session that is busy computing does not notice that its server is gone.
        var busy = DataFolder.Ask<long>(settings, "select count(*) from generate_series(1, 1000000000)");
        await DataFolder.Until(async () => await DataFolder.Ask<long>(settings, "select count(*) from pg_stat_activity where query like 'select count%generate%' and state = 'active' and pid <> pg_backend_pid()") == 1);
        Posix.Signal(orphan.ProcessId, Posix.Kill);

        await using var cluster = await folder.Start();

        Assert.Equal(5, await DataFolder.Ask<int>(cluster, "select n from kept"));
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => busy);
    }

    [Fact]
    public async Task Stopping_ends_sessions_and_leaves_a_cleanly_shut_down_cluster()
    {
        using var folder = await DataFolder.WithCluster();
        var cluster = await folder.Start();
        await using var session = new NpgsqlConnection(cluster.Connection.ConnectionString);
        await session.OpenAsync(TestContext.Current.CancellationToken);
        await cluster.DisposeAsync();
        Assert.Equal(ClusterState.Stopped, cluster.State);
        Assert.Matches(@"cluster state:\s+shut down\n", await folder.ControlState());
        Assert.False(File.Exists(folder.In("postgres", "postmaster.pid")));
    }

    [Fact]
    public async Task A_start_that_is_cancelled_leaves_nothing_running()
    {
        using var folder = await DataFolder.WithCluster();
        using var cancel = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => PrivateCluster.Start(folder.Path, CancelAtFirstWord, cancel.Token));
        Assert.Matches(@"cluster state:\s+shut down", await folder.ControlState());
        await using var cluster = await folder.Start();
        Assert.Equal(1, await DataFolder.Ask<int>(cluster, "select 1"));

        void CancelAtFirstWord(string line) => cancel.Cancel();
    }

    [Fact]
    public async Task A_lost_password_is_replaced()
    {
        using var folder = await DataFolder.WithCluster();
        var before = await File.ReadAllTextAsync(folder.In("secrets", "postgres"), TestContext.Current.CancellationToken);
        File.Delete(folder.In("secrets", "postgres"));
        await using var cluster = await folder.Start();
        Assert.Equal(1, await DataFolder.Ask<int>(cluster, "select 1"));
        Assert.NotEqual(before, await File.ReadAllTextAsync(folder.In("secrets", "postgres"), TestContext.Current.CancellationToken));
    }

    /// <summary>What <c>kill -9</c> of socle leaves: a server that nobody holds the lock for.</summary>
    private static async Task<Postmaster> StartOrphan(DataFolder folder)
    {
        var cancel = TestContext.Current.CancellationToken;
        var opened = ClusterFolder.Open(folder.Path).Value;
        var server = (await ClusterServer.Open(opened, folder.Note)).Value;
        var settings = ClusterServer.ConnectionTo(opened, (await server.Prepare(cancel)).Value);
        var orphan = (await Postmaster.Start(server, settings, cancel)).Value;
        await DataFolder.Ask<int>(settings, "create table kept (n int); insert into kept values (5); select n from kept");
        return orphan;
    }
}
