using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Socle.Postgres.Cluster;

/// <summary>Signals and one-off programs, which .NET does not offer by itself or not as briefly.</summary>
internal static class Posix
{
    public const int Interrupt = 2;
    public const int Quit = 3;
    public const int Kill = 9;
    public const int Terminate = 15;

    /// <summary>A process that is gone already is no error.</summary>
    public static void Signal(int process, int signal) => _ = kill(process, signal);

    public static string? FindProgram(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Concat(["/usr/bin", "/bin", "/usr/sbin", "/sbin"])
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);

    /// <summary>Runs a program to its end and gives its exit code and all that it wrote; exit code 127 when it cannot be started.</summary>
    public static async Task<(int ExitCode, string Output)> Run(ProcessStartInfo start, string input = "")
    {
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        try
        {
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = process.StandardError.ReadToEndAsync();
            await Write(process.StandardInput, input);
            await process.WaitForExitAsync();
            return (process.ExitCode, await errors + await output);
        }
        catch (Win32Exception missing)
        {
            return (127, missing.Message);
        }
    }

    public static async Task<string?> Read(string program, params string[] arguments)
    {
        var (exitCode, output) = await Run(new ProcessStartInfo(program, arguments) { WorkingDirectory = "/" });
        return exitCode == 0 ? output.Trim() : null;
    }

    private static async Task Write(StreamWriter to, string input)
    {
        try
        {
            await to.WriteAsync(input);
            to.Close();
        }
        catch (IOException)
        {
            // The program ended without reading; its exit code says why.
        }
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int kill(int process, int signal);
}
