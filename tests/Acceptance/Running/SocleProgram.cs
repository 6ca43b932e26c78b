using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Socle.Tests.Acceptance.Running;

/// <summary>How a program that was run to its end ended.</summary>
public sealed record Ended(int ExitCode, string Output, string Errors);

/// <summary>The published program <c>out/socle</c>, with an environment that holds only what a test gives it.</summary>
public static class SocleProgram
{
    private static readonly string[] Inherited = ["PATH", "HOME", "DOTNET_ROOT", "TMPDIR"];

    /// <summary>This project's folder in the repository, with the files that tests read.</summary>
    public static string TestFolder { get; } = Path.GetDirectoryName(Path.GetDirectoryName(ThisFile()))!;

    public static string FilePath { get; } = Path.GetFullPath(Path.Combine(TestFolder, "..", "..", "out", "socle"));

    /// <summary>Shared code that runs the program runs this one too.</summary>
    [ModuleInitializer]
    internal static void Choose() => Environment.SetEnvironmentVariable("SOCLE_PROGRAM", FilePath);

    /// <param name="settings">Environment variables.</param>
    public static ProcessStartInfo Command(IEnumerable<(string Name, string Value)> settings, params IEnumerable<string> arguments)
    {
        Assert.True(File.Exists(FilePath), $"{FilePath} is missing: run script/build first.");
        var start = Programs.Command(FilePath, arguments);
        start.Environment.Clear();
        foreach (var name in Inherited)
        {
            if (Environment.GetEnvironmentVariable(name) is { } value)
                start.Environment[name] = value;
        }

        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        return start;
    }

    public static Task<Ended> Run(IEnumerable<(string Name, string Value)> settings, params IEnumerable<string> arguments) =>
        Programs.Run(Command(settings, arguments));

    private static string ThisFile([CallerFilePath] string path = "") => path;
}

/// <summary>Other programs that the tests run.</summary>
public static class Programs
{
    public static ProcessStartInfo Command(string program, params IEnumerable<string> arguments) => new(program, arguments)
    {
        UseShellExecute = false,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        WorkingDirectory = "/",
    };

    public static async Task<Ended> Run(ProcessStartInfo command)
    {
        using var process = Process.Start(command)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new Ended(process.ExitCode, await output, errors);
    }

    /// <summary>The output of a program that must succeed.</summary>
    public static async Task<string> Read(string program, params IEnumerable<string> arguments)
    {
        var ended = await Run(Command(program, arguments));
        Assert.True(ended.ExitCode == 0, $"{program} ended with {ended.ExitCode}: {ended.Errors}{ended.Output}");
        return ended.Output;
    }
}
