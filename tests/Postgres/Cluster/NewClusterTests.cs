using Npgsql;
using Socle.Postgres.Cluster;

namespace Socle.Tests.Postgres.Cluster;

public sealed class NewClusterTests
{
    [Fact]
    public async Task A_new_folder_gets_a_sound_cluster_and_a_second_start_keeps_its_data()
    {
        using var folder = new DataFolder();
        await using (var first = await folder.Start())
        {
            await DataFolder.Ask<int>(first, "create table kept (n int); insert into kept values (42); select n from kept");
            Assert.Equal("on", await DataFolder.Ask<string>(first, "show data_checksums"));
            Assert.Equal("UTF8 i fr-FR socle", await DataFolder.Ask<string>(first, """
                select concat_ws(' ', pg_encoding_to_char(encoding), datlocprovider, coalesce(to_jsonb(d) ->> 'daticulocale', to_jsonb(d) ->> 'datlocale'), datdba::regrole)
                from pg_database d where datname = current_database()
                """));
            Assert.Equal(2L, await DataFolder.Ask<long>(first, "select count(*) from pg_collation where collname in ('fr-x-icu', 'en-x-icu')"));
            Assert.Equal("été,fin", await DataFolder.Ask<string>(first, "select string_agg(w, ',' order by w) from (values ('fin'), ('été')) t(w)"));
        }

        Assert.Contains("shut down", await folder.ControlState(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.In("postgres.new")));
        await using var second = await folder.Start();
        Assert.Equal(42, await DataFolder.Ask<int>(second, "select n from kept"));
    }

    [Fact]
    public async Task The_password_is_readable_by_its_owner_alone()
    {
        using var folder = await DataFolder.WithCluster();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.In("secrets", "postgres")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder.In("secrets")));
    }

    [Fact]
    public async Task What_a_crash_during_the_making_left_is_cleared()
    {
        using var folder = new DataFolder();
        Directory.CreateDirectory(folder.In("postgres.new", "data", "base"));
        await File.WriteAllTextAsync(folder.In("postgres.new", "password"), "half", TestContext.Current.CancellationToken);
        await using var cluster = await folder.Start();
        Assert.Equal("socle", await DataFolder.Ask<string>(cluster, "select current_database()::text"));
        Assert.False(Directory.Exists(folder.In("postgres.new")));
    }

    [Fact]
    public async Task The_socket_is_the_only_way_in_and_it_asks_for_the_password()
    {
        using var folder = await DataFolder.WithCluster();
        await using var cluster = await folder.Start();
        Assert.Equal("", await DataFolder.Ask<string>(cluster, "show listen_addresses"));
        Assert.Empty(TcpSockets(cluster.ProcessId!.Value));
        Assert.Equal(0L, await DataFolder.Ask<long>(cluster, "select count(*) from pg_hba_file_rules where auth_method <> 'scram-sha-256'"));

        foreach (var (user, password) in (IEnumerable<(string, string?)>)[("socle", "wrong"), ("postgres", "x"), ("socle", null)])
        {
            var settings = cluster.Connection;
            (settings.Username, settings.Password) = (user, password);
            await Assert.ThrowsAnyAsync<NpgsqlException>(() => DataFolder.Ask<int>(settings, "select 1"));
        }
    }

    [Fact]
    public async Task Settings_suit_a_small_server_and_the_operators_own_win()
    {
        using var folder = await DataFolder.WithCluster();
        await File.WriteAllTextAsync(folder.In("postgres", "user.conf"), "work_mem = 9MB\njit = on\n", TestContext.Current.CancellationToken);
        await using var cluster = await folder.Start();
        Assert.Equal("9MB on UTC on on scram-sha-256 [] 0.02", await DataFolder.Ask<string>(cluster, """
            select concat_ws(' ', current_setting('work_mem'), current_setting('jit'), current_setting('timezone'), current_setting('fsync'),
                current_setting('synchronous_commit'), current_setting('password_encryption'), '[' || current_setting('shared_preload_libraries') || ']',
                current_setting('autovacuum_vacuum_scale_factor'))
            """));
        var allowed = await DataFolder.Ask<int>(cluster, "select current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int");
        Assert.True(allowed >= Socle.Postgres.Database.MostConnections + 20, $"{allowed} connections");
    }

    [Fact]
    public async Task It_runs_in_a_session_of_its_own_and_never_as_root()
    {
        using var folder = await DataFolder.WithCluster();
        await using var cluster = await folder.Start();
        var process = $"/proc/{cluster.ProcessId}";
        var stat = await File.ReadAllTextAsync($"{process}/stat", TestContext.Current.CancellationToken);
        var session = stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[3];
        Assert.Equal($"{cluster.ProcessId}", session);
        Assert.DoesNotContain("Uid:\t0", await File.ReadAllTextAsync($"{process}/status", TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_only_root_can_reach_is_served()
    {
        using var folder = await DataFolder.WithCluster();
        var closed = new DirectoryInfo(folder.Path).Parent!;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, closed.UnixFileMode);
        await using var cluster = await folder.Start();
        Assert.Equal(3L, await DataFolder.Ask<long>(cluster, "checkpoint; select count(*) from generate_series(1, 3)"));
    }

    [Fact]
    public async Task A_path_with_spaces_quotes_and_accents_is_served()
    {
        using var folder = await DataFolder.WithCluster();
        var odd = folder.In("d'été; \"x\" $y");
        Directory.CreateDirectory(odd);
        await DataFolder.Run("cp", "-a", folder.Cluster, folder.In("secrets"), odd);
        await using var cluster = (await PrivateCluster.Start(odd, folder.Note, TestContext.Current.CancellationToken)).Value;
        Assert.Equal(1, await DataFolder.Ask<int>(cluster, "select 1"));
    }

    /// <summary>The process's descriptors that the kernel lists among its TCP sockets.</summary>
    private static List<string> TcpSockets(int process)
    {
        var tcp = string.Join('\n', File.ReadAllLines($"/proc/{process}/net/tcp").Concat(File.ReadAllLines($"/proc/{process}/net/tcp6")));
        return
        [
            .. Directory.GetFiles($"/proc/{process}/fd")
                .Select(descriptor => new FileInfo(descriptor).LinkTarget ?? "")
                .Where(target => target.StartsWith("socket:[", StringComparison.Ordinal))
                .Where(target => tcp.Contains($" {target[8..^1]} ", StringComparison.Ordinal)),
        ];
    }
}
