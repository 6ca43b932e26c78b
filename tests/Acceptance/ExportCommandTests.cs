using System.IO.Compression;
using System.Text.Json;
using Socle.Tests.Acceptance.Running;

namespace Socle.Tests.Acceptance;

/// <summary><c>socle export</c> writes whole files, beside a running server and without one.</summary>
public sealed class ExportCommandTests
{
    [Fact]
    public async Task A_table_is_written_to_standard_output_in_the_language_of_the_terminal()
    {
        using var data = await DataFolder.WithWashgo();

        var french = await Run(data, "fr_FR.UTF-8", "export", "clients", "--query", "select=name,createdAt&order=name&limit=1");
        Assert.StartsWith("name;createdAt\r\n", french, StringComparison.Ordinal);
        var english = await Run(data, "C.UTF-8", "export", "clients", "--query", "select=name,createdAt&order=name&limit=1");
        Assert.StartsWith("name,createdAt\r\n", english, StringComparison.Ordinal);
        var asked = await Run(data, "C.UTF-8", "export", "clients", "--language", "fr", "--query", "select=name&limit=0");
        Assert.Equal("name\r\n", asked);
        // What reads standard output here drops the byte order mark, a file keeps it.
        var file = Path.Combine(data.FolderPath, "clients.csv");
        await Run(data, "fr_FR.UTF-8", "export", "clients", "--out", file);
        Assert.Equal([0xEF, 0xBB, 0xBF], (await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken))[..3]);
        using var json = JsonDocument.Parse(await Run(data, "C.UTF-8", "export", "clients", "--format", "json", "--query", "city=eq.Besançon&select=city"));
        Assert.All(json.RootElement.EnumerateArray(), record => Assert.Equal("Besançon", record.GetProperty("city").GetString()));
    }

    [Fact]
    public async Task Every_table_is_a_file_beside_a_running_server_and_alone()
    {
        using var data = await DataFolder.WithWashgo();
        var folder = Path.Combine(data.FolderPath, "out");
        await using (await Serving.Start(data))
            await Run(data, "fr_FR.UTF-8", "export", "--all", "--out", folder);
        var csv = Directory.GetFiles(folder).Select(Path.GetFileName).Order().ToList();
        Assert.Contains("clients.csv", csv);
        Assert.All(csv, name => Assert.EndsWith(".csv", name, StringComparison.Ordinal));

        await Run(data, "fr_FR.UTF-8", "export", "--all", "--format", "xlsx", "--out", folder);
        Assert.Equal(2 * csv.Count, Directory.GetFiles(folder).Length);
        await using (var server = await Serving.Start(data))
            Assert.Equal($"{2 * csv.Count}|t", await server.Ask("SELECT count(*), bool_and(actor LIKE 'terminal:_%') FROM socle_system.audit WHERE event = 'export'"));
        using var zip = await ZipFile.OpenReadAsync(Path.Combine(folder, "clients.xlsx"), TestContext.Current.CancellationToken);
        Assert.NotNull(zip.GetEntry("xl/worksheets/sheet1.xml"));
    }

    [Theory]
    [InlineData("table", "export", "cliens")]
    [InlineData("nom", "export")]
    [InlineData("--out", "export", "--all")]
    [InlineData("nope", "export", "clients", "--query", "nope=eq.1")]
    public async Task What_cannot_be_exported_is_refused(string word, params string[] arguments)
    {
        using var data = await DataFolder.WithWashgo();
        var ended = await SocleProgram.Run([("DATA_DIR", data.FolderPath), ("LANG", "fr_FR.UTF-8")], arguments);
        Assert.Equal(1, ended.ExitCode);
        Assert.Empty(ended.Output);
        Assert.Contains(word, ended.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_export_leaves_the_file_as_it_was()
    {
        using var data = await DataFolder.WithWashgo();
        var file = Path.Combine(data.FolderPath, "clients.xlsx");
        await File.WriteAllTextAsync(file, "mine", TestContext.Current.CancellationToken);
        var ended = await SocleProgram.Run([("DATA_DIR", data.FolderPath)], "export", "clients", "--out", file, "--query", "nope=eq.1");
        Assert.Equal(1, ended.ExitCode);
        Assert.Equal("mine", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        var refused = await SocleProgram.Run([("DATA_DIR", data.FolderPath)], "export", "clients", "--out", Path.Combine(data.FolderPath, "nowhere", "clients.csv"));
        Assert.Equal(1, refused.ExitCode);
        Assert.DoesNotContain(Directory.GetFiles(data.FolderPath), name => name.EndsWith(".unfinished", StringComparison.Ordinal));
    }

    private static async Task<string> Run(DataFolder data, string language, params string[] arguments)
    {
        var ended = await SocleProgram.Run([("DATA_DIR", data.FolderPath), ("LANG", language)], arguments);
        Assert.True(ended.ExitCode == 0, ended.Errors);
        return ended.Output;
    }
}
