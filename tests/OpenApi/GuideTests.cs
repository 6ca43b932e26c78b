using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Socle.Tests.OpenApi;

/// <summary>The guide that the server carries tells the truth.</summary>
public sealed class GuideTests(ServedTables tables)
{
    [Fact]
    public async Task Every_command_of_the_guide_works()
    {
        var guide = await tables.Server.Http.GetStringAsync(new Uri("/docs/api.md", UriKind.Relative));
        var commands = Regex.Matches(guide, "^```bash\n(?<commands>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture)
            .SelectMany(block => Regex.Split(block.Groups["commands"].Value.Replace("\\\n", "", StringComparison.Ordinal), "\n(?=curl)"))
            .ToList();
        Assert.True(commands.Count > 8);
        foreach (var command in commands)
        {
            var answer = await Run(command.Replace("http://127.0.0.1:8000/", tables.Server.Address.ToString(), StringComparison.Ordinal).Replace(" > clients.csv", "", StringComparison.Ordinal));
            Assert.True(answer.StartsWith("""{"success":true""", StringComparison.Ordinal) || answer.StartsWith("id,type,name", StringComparison.Ordinal), $"{command}\n{answer}");
        }
    }

    private static async Task<string> Run(string command)
    {
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", command]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = shell.StandardError.ReadToEndAsync();
        var output = await shell.StandardOutput.ReadToEndAsync();
        await shell.WaitForExitAsync();
        return shell.ExitCode == 0 ? output : await errors;
    }
}
