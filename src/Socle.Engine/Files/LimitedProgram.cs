using System.Diagnostics;
using System.Globalization;

namespace Socle.Files;

/// <summary>What a program may use up.</summary>
/// <param name="Time">From start to end; then it is killed.</param>
/// <param name="Memory">Of address space, in bytes.</param>
/// <param name="Output">Of what it says, in bytes.</param>
internal sealed record ProgramLimits(TimeSpan Time, long Memory, long Output);

/// <summary>
/// Runs a program on a file that may be hostile: without network, with limits (prlimit), as nobody where the server is root, with the file
/// as its input and nothing of our environment. Gives whether it ended well and what it said. Refuses nothing: a program that is missing ended badly.
/// </summary>
internal static class LimitedProgram
{
    private const string OpenThenRun = "exec <\"$1\" || exit 126; shift; exec \"$@\"";
    private const string Nobody = "65534";

    /// <summary>Decoders keep small files for code that they make as they go.</summary>
    private const int LargestTemporaryFile = 1_000_000;

    private static readonly Lazy<Task<string[]>> Confinement = new(FindConfinement);

    /// <param name="input">The file.</param>
    /// <param name="output">Where to write what it says.</param>
    /// <param name="limits">What it may use up.</param>
    /// <param name="command">The program and its arguments; the file is its standard input.</param>
    /// <param name="cancellation">Kills it.</param>
    public static async Task<bool> Run(string input, Stream output, ProgramLimits limits, string[] command, CancellationToken cancellation)
    {
        string[] limited =
        [
            .. await Confinement.Value,
            "prlimit", $"--as={Number(limits.Memory)}", $"--cpu={Number(Math.Max(1, (long)limits.Time.TotalSeconds))}", $"--fsize={LargestTemporaryFile}", "--core=0", "--nofile=64",
            .. command,
        ];
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        end.CancelAfter(limits.Time);
        using var process = Process.Start(Describe("/bin/sh", ["-c", OpenThenRun, "sh", input, .. limited]))!;
        try
        {
            process.StandardInput.Close();
            var errors = Drain(process.StandardError.BaseStream, end.Token);
            var isWhole = await Copy(process.StandardOutput.BaseStream, output, limits.Output, end.Token);
            if (!isWhole)
                process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(end.Token);
            await errors;
            return isWhole && process.ExitCode == 0;
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            cancellation.ThrowIfCancellationRequested();
            return false;
        }
    }

    /// <summary>A network of its own, which has no way out, where the machine lets us; and another user than root.</summary>
    private static async Task<string[]> FindConfinement()
    {
        string[] user = Environment.IsPrivilegedProcess ? ["setpriv", $"--reuid={Nobody}", $"--regid={Nobody}", "--clear-groups", "--no-new-privs", "--"] : ["setpriv", "--no-new-privs", "--"];
        foreach (string[] network in (string[][])[["unshare", "--net", "--"], ["unshare", "--user", "--net", "--"], []])
        {
            string[] words = [.. network, .. user];
            using var process = Process.Start(Describe(words[0], [.. words.Skip(1), "true"]))!;
            process.StandardInput.Close();
            await process.WaitForExitAsync();
            if (process.ExitCode == 0)
                return words;
        }

        return [];
    }

    private static ProcessStartInfo Describe(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = "/", UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
        start.Environment["LC_ALL"] = "C.UTF-8";
        start.Environment["VIPS_BLOCK_UNTRUSTED"] = "1";
        start.Environment["VIPS_CONCURRENCY"] = "1";
        start.Environment["MALLOC_ARENA_MAX"] = "1";
        return start;
    }

    private static async Task<bool> Copy(Stream from, Stream to, long most, CancellationToken cancellation)
    {
        var buffer = new byte[32_768];
        for (int read; (read = await from.ReadAsync(buffer, cancellation)) > 0;)
        {
            if ((most -= read) < 0)
                return false;
            await to.WriteAsync(buffer.AsMemory(0, read), cancellation);
        }

        return true;
    }

    private static async Task Drain(Stream from, CancellationToken cancellation)
    {
        var buffer = new byte[4096];
        while (await from.ReadAsync(buffer, cancellation) > 0)
        {
        }
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
