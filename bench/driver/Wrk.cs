using System.Diagnostics;

namespace Socle.Bench;

/// <summary>What one turn gave. Milliseconds. No answer at all counts as a failure.</summary>
/// <param name="ServerMicroseconds">Of processor time that the server used for one answer.</param>
/// <param name="PostgresMicroseconds">The same of PostgreSQL.</param>
internal sealed record Turn(
    double PerSecond, double P50, double P99, int Failures, long Answers, double ServerMicroseconds = 0, double PostgresMicroseconds = 0)
{
    public double Microseconds => ServerMicroseconds + PostgresMicroseconds;
}

/// <summary>Runs wrk: one thread, 32 connections. Gives the turn; refuses an unreadable end of wrk.</summary>
internal static class Wrk
{
    public static async Task<Turn> RunAsync(Target target, Call call, string idsFile, string prefix, int seconds, CancellationToken cancel)
    {
        using var wrk = Process.Start(new ProcessStartInfo("wrk")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            ArgumentList =
            {
                "-t", "1", "-c", "32", "-d", $"{seconds}s", "--timeout", "10s", "-s", "bench/driver/wrk.lua", target.Root.ToString(), "--",
                call.Method, call.Path, call.Body?.Trim() ?? "-", idsFile, prefix, target.Authorization ?? "-",
            },
        })!;
        try
        {
            var output = await wrk.StandardOutput.ReadToEndAsync(cancel);
            await wrk.WaitForExitAsync(cancel);
            return Read(output);
        }
        finally
        {
            if (!wrk.HasExited)
                wrk.Kill();
        }
    }

    private static Turn Read(string output)
    {
        var line = output.Split('\n').LastOrDefault(line => line.StartsWith("RESULT ", StringComparison.Ordinal))
            ?? throw new BenchException($"wrk gave no result:\n{output}");
        var numbers = line.Split(' ')[1..].Select(long.Parse).ToArray();
        return new Turn(
            PerSecond: numbers[0] / (numbers[1] / 1e6),
            P50: numbers[4] / 1e3,
            P99: numbers[5] / 1e3,
            Failures: numbers[0] == 0 ? 1 : (int)(numbers[2] + numbers[3]),
            Answers: numbers[0]);
    }
}
