using System.Diagnostics;
using System.Reflection;

namespace Socle.Tests.OpenApi;

/// <summary>The npm project beside these tests: public validators of OpenAPI. Installed when they are missing.</summary>
internal static class NodeProject
{
    private static readonly string Folder = typeof(NodeProject).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(item => item.Key == "OpenApiTests").Value!;
    private static readonly Lazy<Task> Installed = new(Install);

    /// <summary>Runs a script of the project; what it says is the reason of a failure.</summary>
    public static async Task Run(string script, params string[] arguments)
    {
        await Installed.Value;
        await Execute("node", [script, .. arguments]);
    }

    private static async Task Install()
    {
        var installed = Path.Combine(Folder, "node_modules", ".package-lock.json");
        if (!File.Exists(installed) || File.GetLastWriteTimeUtc(installed) < File.GetLastWriteTimeUtc(Path.Combine(Folder, "package-lock.json")))
            await Execute("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
    }

    private static async Task Execute(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = Folder, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}\n{output}{await errors}");
    }
}
