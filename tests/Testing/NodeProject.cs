using System.Diagnostics;
using System.Reflection;

namespace Socle.Testing;

/// <summary>The npm project beside some tests, with the public tools that they hold us against. Installed when they are missing.</summary>
public sealed class NodeProject
{
    private readonly string _folder;
    private readonly Lazy<Task> _installed;

    private NodeProject(string folder)
    {
        _folder = folder;
        _installed = new(Install);
    }

    /// <param name="tests">A type of the tests; their project names its folder in the assembly's metadata.</param>
    public static NodeProject Beside(Type tests) =>
        new(tests.Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(item => item.Key == "NodeProject").Value!);

    /// <summary>Runs a script of the project, and gives what it prints; what it says is the reason of a failure.</summary>
    public async Task<string> Run(string script, params string[] arguments)
    {
        await _installed.Value;
        return await Execute("node", [script, .. arguments]);
    }

    private async Task Install()
    {
        var installed = Path.Combine(_folder, "node_modules", ".package-lock.json");
        if (!File.Exists(installed) || File.GetLastWriteTimeUtc(installed) < File.GetLastWriteTimeUtc(Path.Combine(_folder, "package-lock.json")))
            await Execute("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
    }

    private async Task<string> Execute(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = _folder, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}\n{output}{await errors}");
    }
}
