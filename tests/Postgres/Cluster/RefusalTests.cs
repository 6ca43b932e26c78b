using Npgsql;
using Socle.Kernel;
using Socle.Postgres.Cluster;

namespace Socle.Tests.Postgres.Cluster;

public sealed class RefusalTests
{
    [Fact]
    public async Task A_folder_that_is_served_is_refused_to_a_second_server_and_joined_by_a_command()
    {
        using var folder = await DataFolder.WithCluster();
        await using var first = await folder.Start();

        var second = await PrivateCluster.Start(folder.Path, folder.Note, TestContext.Current.CancellationToken);
        Assert.Equal(FaultCode.Conflict, second.Faults[0].Code);
        Assert.Contains($"process {Environment.ProcessId}", second.Faults[0].Message.English, StringComparison.Ordinal);

        await using (var command = (await PrivateCluster.Connect(folder.Path, folder.Note, TestContext.Current.CancellationToken)).Value)
        {
            Assert.False(command.IsOurs);
            Assert.Equal(1, await DataFolder.Ask<int>(command, "select 1"));
        }

        Assert.Equal(1, await DataFolder.Ask<int>(first, "select 1"));
    }

    [Fact]
    public async Task A_command_runs_the_cluster_itself_when_nobody_does()
    {
        using var folder = await DataFolder.WithCluster();
        await using (var command = (await PrivateCluster.Connect(folder.Path, folder.Note, TestContext.Current.CancellationToken)).Value)
        {
            Assert.True(command.IsOurs);
            Assert.Equal(1, await DataFolder.Ask<int>(command, "select 1"));
        }

        await using var server = await folder.Start();
        Assert.Equal(1, await DataFolder.Ask<int>(server, "select 1"));
    }

    [Fact]
    public async Task A_command_waits_for_a_server_that_is_still_starting()
    {
        using var folder = new DataFolder();
        var starting = folder.Start();
        await using var command = (await PrivateCluster.Connect(folder.Path, folder.Note, TestContext.Current.CancellationToken)).Value;
        await using var server = await starting;
        Assert.False(command.IsOurs);
        Assert.Equal(1, await DataFolder.Ask<int>(command, "select 1"));
    }

    [Fact]
    public async Task A_cluster_of_another_major_version_is_refused_with_the_way_out()
    {
        using var folder = await DataFolder.WithCluster();
        await File.WriteAllTextAsync(folder.In("postgres", "PG_VERSION"), "99\n", TestContext.Current.CancellationToken);
        var fault = await Refusal(folder.Path);
        Assert.Contains("postgresql-99", fault.Message.English, StringComparison.Ordinal);
        Assert.Contains("postgresql-99", fault.Message.French, StringComparison.Ordinal);
    }

    [Fact]
    public void The_programs_of_the_clusters_own_version_are_chosen_and_the_newest_for_a_new_one()
    {
        PostgresBinaries[] installed = [new("/a", 15), new("/c", 18), new("/b", 17)];
        Assert.Equal("/a", PostgresBinaries.Choose(installed, 15).Value.Folder);
        Assert.Equal("/c", PostgresBinaries.Choose(installed, null).Value.Folder);
        Assert.Contains("15, 17, 18", PostgresBinaries.Choose(installed, 16).Faults[0].Message.English, StringComparison.Ordinal);
        Assert.Contains("Install it", PostgresBinaries.Choose([], null).Faults[0].Message.English, StringComparison.Ordinal);
        Assert.Contains("PostgreSQL 15 or newer", PostgresBinaries.Choose([new("/old", 13)], null).Faults[0].Message.English, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_path_too_long_for_a_socket_is_refused()
    {
        using var folder = new DataFolder();
        var fault = await Refusal(folder.In(new string('x', 90)));
        Assert.Contains("too long", fault.Message.English, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.Path));
    }

    [Fact]
    public async Task A_path_with_a_comma_is_refused()
    {
        using var folder = new DataFolder();
        Assert.Contains("comma", (await Refusal(folder.In("a,b"))).Message.English, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_is_something_else_is_refused_and_left_alone()
    {
        using var folder = new DataFolder();
        Directory.CreateDirectory(folder.Cluster);
        await File.WriteAllTextAsync(folder.In("postgres", "notes.txt"), "mine", TestContext.Current.CancellationToken);
        Assert.Contains("PG_VERSION", (await Refusal(folder.Path)).Message.English, StringComparison.Ordinal);
        Assert.True(File.Exists(folder.In("postgres", "notes.txt")));
    }

    [Fact]
    public async Task A_data_folder_that_cannot_be_made_is_refused()
    {
        using var folder = new DataFolder();
        await File.WriteAllTextAsync(folder.Path, "a file, not a folder", TestContext.Current.CancellationToken);
        Assert.Contains(folder.Path, (await Refusal(folder.Path)).Message.English, StringComparison.Ordinal);
        Assert.Contains("/proc/socle", (await Refusal("/proc/socle")).Message.English, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mistake_in_the_operators_settings_is_told_in_PostgreSQLs_words_and_frees_the_folder()
    {
        using var folder = await DataFolder.WithCluster();
        await File.WriteAllTextAsync(folder.In("postgres", "user.conf"), "shared_buffers = plenty\n", TestContext.Current.CancellationToken);
        var fault = await Refusal(folder.Path);
        Assert.Equal(FaultCode.DatabaseUnavailable, fault.Code);
        Assert.Contains("shared_buffers", fault.Message.English, StringComparison.Ordinal);
        Assert.Contains(folder.In("postgres", "user.conf"), fault.Message.English, StringComparison.Ordinal);

        File.Delete(folder.In("postgres", "user.conf"));
        await using var cluster = await folder.Start();
        Assert.Equal(1, await DataFolder.Ask<int>(cluster, "select 1"));
    }

    [Fact]
    public async Task A_password_file_that_does_not_match_is_refused_with_the_way_out()
    {
        using var folder = await DataFolder.WithCluster();
        await File.WriteAllTextAsync(folder.In("secrets", "postgres"), "other\n", TestContext.Current.CancellationToken);
        Assert.Contains(folder.In("secrets", "postgres"), (await Refusal(folder.Path)).Message.English, StringComparison.Ordinal);
        File.Delete(folder.In("secrets", "postgres"));
        await (await folder.Start()).DisposeAsync();
    }

    private static async Task<Fault> Refusal(string path)
    {
        var result = await PrivateCluster.Start(path, _ => { }, TestContext.Current.CancellationToken);
        if (!result.IsFault)
            await result.Value.DisposeAsync();
        return result.Faults[0];
    }
}
