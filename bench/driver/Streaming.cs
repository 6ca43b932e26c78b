using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Socle.Bench;

/// <summary>One long answer: how many rows came, how fast, and Socle's resident memory before it and at its peak (MB).</summary>
internal sealed record StreamingResult(string Format, int Rows, double Seconds, double Before, double Peak);

/// <summary>Reads all clients in one answer, as CSV and as JSON. Refuses an answer that lacks rows.</summary>
internal static class Streaming
{
    public static async Task<StreamingResult[]> MeasureAsync(Installation installation, int rows, CancellationToken cancel)
    {
        var allRows = new Dictionary<string, string> { ["MAX_ROWS"] = rows.ToString(CultureInfo.InvariantCulture) };
        await using var socle = await installation.StartSocleAsync(allRows);
        await Installation.SignInAsync(socle, cancel);
        for (var i = 0; i < 200; i++)
            await socle.SendAsync(Workload.All[1].Api, "", "", cancel);
        return
        [
            await MeasureAsync(socle, "CSV", "/api/clients", "text/csv", rows, CountLinesAsync, cancel),
            await MeasureAsync(socle, "JSON", $"/api/clients?limit={rows}", "application/json", rows, CountRecordsAsync, cancel),
        ];
    }

    private static async Task<StreamingResult> MeasureAsync(
        Target socle, string format, string path, string accept, int rows, Func<Stream, CancellationToken, Task<int>> count, CancellationToken cancel)
    {
        var before = socle.Process.ResidentMegabytes();
        socle.Process.ResetPeak();
        var started = Stopwatch.StartNew();
        await using var answer = await socle.OpenAsync(path, accept, cancel);
        var found = await count(answer, cancel);
        if (found != rows)
            throw new BenchException($"The {format} answer had {found} rows instead of {rows}.");
        return new StreamingResult(format, found, started.Elapsed.TotalSeconds, before, socle.Process.PeakMegabytes());
    }

    /// <summary>Lines outside quotes, without the heading.</summary>
    private static async Task<int> CountLinesAsync(Stream csv, CancellationToken cancel)
    {
        var (lines, quoted) = (0, false);
        var buffer = new byte[64 * 1024];
        for (int length; (length = await csv.ReadAsync(buffer, cancel)) > 0;)
        {
            foreach (var value in buffer.AsSpan(0, length))
            {
                quoted ^= value == '"';
                if (value == '\n' && !quoted)
                    lines++;
            }
        }

        return lines - 1;
    }

    private static async Task<int> CountRecordsAsync(Stream json, CancellationToken cancel)
    {
        using var answer = await JsonDocument.ParseAsync(json, cancellationToken: cancel);
        return answer.RootElement.GetProperty("data").GetArrayLength();
    }
}
