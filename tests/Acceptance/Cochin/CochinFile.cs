using System.Text.Json.Nodes;
using Socle.Tests.Acceptance.Running;

namespace Socle.Tests.Acceptance.Cochin;

/// <summary>A database of Cochin Project Manager as Django writes it, in a folder of its own, and what the generator says it put in.</summary>
public sealed class CochinFile : IDisposable
{
    private static readonly string Generator = Path.GetFullPath(Path.Combine(SocleProgram.TestFolder, "..", "Testing", "cochin", "generate.py"));

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("socle-acceptance-cochin-");

    public string FilePath => Path.Combine(_folder.FullName, "db.sqlite3");

    public string Data => Path.Combine(_folder.FullName, "data");

    public string ReportPath => Path.Combine(_folder.FullName, "report.json");

    /// <summary>What the program left in its folder for temporary files.</summary>
    public IEnumerable<string> Leftovers => Directory.EnumerateFileSystemEntries(Path.Combine(_folder.FullName, "tmp"), "socle-*");

    public JsonNode Truth => JsonNode.Parse(File.ReadAllText($"{FilePath}.json"))!;

    public JsonNode Report => JsonNode.Parse(File.ReadAllText(ReportPath))!;

    public static async Task<CochinFile> Generate(int projects, bool isClean = false)
    {
        var file = new CochinFile();
        await Programs.Read("/usr/bin/python3", [Generator, file.FilePath, "--projects", $"{projects}", .. isClean ? ["--clean"] : Array.Empty<string>()]);
        return file;
    }

    /// <summary>Runs <c>socle import cochin</c> on it.</summary>
    public Task<Ended> Import(params string[] more) => SocleProgram.Run([("TMPDIR", _folder.CreateSubdirectory("tmp").FullName)], ["import", "cochin", FilePath, "--data", Data, "--report", ReportPath, .. more]);

    /// <summary>What sqlite3 says to a statement, without a JSON layer of ours.</summary>
    public Task<string> Sqlite(string sql) => Programs.Read("sqlite3", FilePath, sql);

    public async Task<string> Psql(string sql)
    {
        var ended = await SocleProgram.Run([], "psql", "--data", Data, "--", "-X", "-q", "-At", "-c", sql);
        Assert.True(ended.ExitCode == 0, ended.Errors);
        return ended.Output.TrimEnd('\n');
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
