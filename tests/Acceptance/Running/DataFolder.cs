namespace Socle.Tests.Acceptance.Running;

/// <summary>A data folder of a test's own, in a temporary folder that goes with it.</summary>
public sealed class DataFolder : IDisposable
{
    private static readonly Lazy<Task<DataFolder>> Template = new(MakeTemplate);

    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("socle-acceptance-");

    public string FolderPath => Path.Combine(_parent.FullName, "data");

    public string Cluster => Path.Combine(FolderPath, "postgres");

    /// <summary>With a stopped cluster to which the blueprint washgo was applied: copied, because making one takes seconds.</summary>
    public static async Task<DataFolder> WithWashgo()
    {
        var template = await Template.Value;
        var copy = new DataFolder();
        await Programs.Read("cp", "-a", template.FolderPath, copy.FolderPath);
        return copy;
    }

    /// <summary>The private PostgreSQL's process, by the first line of its own postmaster.pid.</summary>
    public int ReadPostmaster() => int.Parse(File.ReadLines(Path.Combine(Cluster, "postmaster.pid")).First());

    /// <summary>What the stopped cluster says of its own end: "shut down", or "in production" when it crashed.</summary>
    public async Task<string> ReadControlState() =>
        (await Programs.Read(Path.Combine(ThrowAwayPostgres.Binaries, "pg_controldata"), "-D", Cluster))
            .Split('\n')
            .Single(line => line.StartsWith("Database cluster state:", StringComparison.Ordinal))
            .Split(':')[1]
            .Trim();

    public void Dispose() => _parent.Delete(recursive: true);

    private static async Task<DataFolder> MakeTemplate()
    {
        var folder = new DataFolder();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Dispose();
        var applied = await SocleProgram.Run([], "apply", "washgo", "--data", folder.FolderPath);
        Assert.True(applied.ExitCode == 0, applied.Errors);
        return folder;
    }
}
