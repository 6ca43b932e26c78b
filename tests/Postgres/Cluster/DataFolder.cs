using System.Diagnostics;
using Npgsql;
using Socle.Postgres.Cluster;

namespace Socle.Tests.Postgres.Cluster;

/// <summary>A data folder of a test's own, in a 0700 folder that goes with it; and what tests ask of clusters.</summary>
internal sealed class DataFolder : IDisposable
{
    private static readonly Lazy<Task<DataFolder>> Template = new(MakeTemplate);

    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("socle-");

    public string Path => System.IO.Path.Combine(_parent.FullName, "data");

    public string Cluster => In("postgres");

    public List<string> Log { get; } = [];

    /// <summary>With a cluster that was made and stopped, copied because that is faster than making one.</summary>
    public static async Task<DataFolder> WithCluster()
    {
        var template = await Template.Value;
        var copy = new DataFolder();
        await Run("cp", "-a", template.Path, copy.Path);
        return copy;
    }

    public string In(params string[] names) => System.IO.Path.Combine([Path, .. names]);

    public void Note(string line)
    {
        lock (Log)
            Log.Add(line);
    }

    public string AllLog()
    {
        lock (Log)
            return string.Join('\n', Log);
    }

    public async Task<PrivateCluster> Start() => (await PrivateCluster.Start(Path, Note, TestContext.Current.CancellationToken)).Value;

    public static async Task<T> Ask<T>(NpgsqlConnectionStringBuilder settings, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(settings.ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public static Task<T> Ask<T>(PrivateCluster cluster, string sql) => Ask<T>(cluster.Connection, sql);

    public static async Task<string> Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} ended with {process.ExitCode}");
    }

    public async Task<string> ControlState()
    {
        var binaries = (await PostgresBinaries.Find(null)).Value;
        return await Run(binaries.Program("pg_controldata"), "-D", Cluster);
    }

    /// <summary>Waits without a fixed sleep, for as long as a busy machine may need.</summary>
    public static async Task Until(Func<Task<bool>> condition)
    {
        var clock = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30), "It did not happen within 30 seconds.");
            await Task.Delay(20);
        }
    }

    public void Dispose() => _parent.Delete(recursive: true);

    private static async Task<DataFolder> MakeTemplate()
    {
        var folder = new DataFolder();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Dispose();
        await (await PrivateCluster.Start(folder.Path, folder.Note)).Value.DisposeAsync();
        return folder;
    }
}
