using System.Diagnostics;
using System.Text.Json;

namespace Socle.Tests.Access;

/// <summary>Runs the distribution's Python, whose libraries made the hashes that people bring.</summary>
internal static class Python
{
    /// <param name="script">Finds <paramref name="input"/> as <c>given</c>, and leaves its answer as <c>answer</c>.</param>
    public static async Task<T> Run<T>(string script, object input)
    {
        var start = new ProcessStartInfo("/usr/bin/python3", ["-c", $"import json, sys\ngiven = json.load(sys.stdin)\n{script}\njson.dump(answer, sys.stdout)"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        await process.StandardInput.WriteAsync(JsonSerializer.Serialize(input));
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? JsonSerializer.Deserialize<T>(await output)! : throw new InvalidOperationException($"Python failed: {await errors}");
    }
}
