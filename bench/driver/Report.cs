using System.Text.Json;
using System.Text.Json.Serialization;

namespace Socle.Bench;

/// <summary>Resident memory in MB of a server at rest after its start, and after all the load.</summary>
internal sealed record Memory(string Name, double Idle, double Loaded);

/// <summary>Median of the turns, and of the ratio of each turn to its neighbour.</summary>
internal sealed record Spread(double Median, double Min, double Max)
{
    public static Spread Of(IReadOnlyList<double> values) => new(Report.Median(values), values.Min(), values.Max());
}

/// <summary>All turns of one workload by target; <paramref name="Wrong"/> says why it was not timed.</summary>
internal sealed record WorkloadResult(Workload Workload, string? Wrong, Dictionary<string, Turn[]> Turns)
{
    /// <summary>The turns of Socle on a table that keeps no history, where the workload writes.</summary>
    public const string WithoutHistory = "socle without history";

    public bool HasHistory => Turns.ContainsKey(WithoutHistory);

    public int Failures => Turns.Keys.Sum(FailuresOf);

    public int FailuresOf(string name) => Turns[name].Sum(turn => turn.Failures);

    /// <summary>How much of <paramref name="reference"/>'s speed <paramref name="name"/> has, each turn against its neighbour.</summary>
    public Spread Ratio(string name, string reference) =>
        Spread.Of([.. Turns[name].Zip(Turns[reference], (turn, other) => turn.PerSecond / other.PerSecond)]);

    /// <summary>How much of <paramref name="name"/>'s processor time for an answer <paramref name="reference"/> needs.</summary>
    public Spread WorkRatio(string name, string reference) =>
        Spread.Of([.. Turns[name].Zip(Turns[reference], (turn, other) => other.Microseconds / turn.Microseconds)]);

    public double Median(string name, Func<Turn, double> figure) => Report.Median([.. Turns[name].Select(figure)]);
}

/// <summary>What a run found. Written as text for people or as JSON for programs.</summary>
internal sealed class Report
{
    private static readonly JsonSerializerOptions JsonOptions = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    public List<WorkloadResult> Workloads { get; } = [];

    public Memory[] Memory { get; set; } = [];

    public StartupResult? Startup { get; set; }

    public StreamingResult[] Streaming { get; set; } = [];

    /// <summary>Parts that could not be measured, and why.</summary>
    public List<string> Faults { get; } = [];

    public bool Failed => Faults.Count > 0 || Workloads.Any(result => result.Wrong is not null || result.Failures > 0);

    private IEnumerable<string> Peers => Memory.Select(server => server.Name).Except(["limit", "socle"]);

    public static double Median(IReadOnlyList<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    public void WriteText(TextWriter output)
    {
        output.WriteLine($"{"workload",-22}{"limit /s",10}{"p50/p99 ms",15}{"socle /s",10}{"p50/p99 ms",15}  socle/limit (min–max)");
        foreach (var result in Workloads)
        {
            output.WriteLine(result.Wrong is { } wrong
                ? $"{result.Workload.Title,-22}  WRONG: {wrong}"
                : $"{result.Workload.Title,-22}{Figures(result, "limit")}{Figures(result, "socle")}  {Format(result.Ratio("socle", "limit"), "F2")}{Failures(result, "limit", "socle")}");
        }

        output.WriteLine();
        output.WriteLine($"{"processor µs/answer",-22}{"limit",18}{"socle",18}  limit/socle (min–max)");
        foreach (var result in Workloads.Where(result => result.Wrong is null))
            output.WriteLine($"{result.Workload.Title,-22}{Work(result, "limit")}{Work(result, "socle")}  {Format(result.WorkRatio("socle", "limit"), "F2")}");
        output.WriteLine();
        foreach (var result in Workloads.Where(result => result.HasHistory))
            output.WriteLine($"{result.Workload.Title,-22}with history {Format(result.Ratio("socle", WorkloadResult.WithoutHistory), "F2")} of the speed without it, which takes{Work(result, WorkloadResult.WithoutHistory)} µs{Failures(result, WorkloadResult.WithoutHistory)}");
        foreach (var peer in Peers)
        {
            output.WriteLine();
            output.WriteLine($"{peer,-22}{"/s",10}{"p50/p99 ms",15}  times slower than socle (min–max)");
            foreach (var result in Workloads.Where(result => result.Wrong is null))
                output.WriteLine($"{result.Workload.Title,-22}{Figures(result, peer)}  {Format(result.Ratio("socle", peer), "F1")}{Failures(result, peer)}");
        }

        WriteRest(output);
    }

    public void WriteJson(TextWriter output) => output.WriteLine(JsonSerializer.Serialize(
        new
        {
            failed = Failed,
            faults = Faults,
            workloads = Workloads.Select(result => new
            {
                name = result.Workload.Name,
                wrong = result.Wrong,
                failures = result.Failures,
                work = result.Wrong is null ? result.WorkRatio("socle", "limit") : null,
                ratio = result.Wrong is null ? result.Ratio("socle", "limit") : null,
                withHistory = result.HasHistory ? result.Ratio("socle", WorkloadResult.WithoutHistory) : null,
                slower = result.Wrong is null ? Peers.ToDictionary(peer => peer, peer => result.Ratio("socle", peer)) : null,
                turns = result.Turns,
            }),
            memory = Memory,
            startup = Startup,
            streaming = Streaming,
        },
        JsonOptions));

    private void WriteRest(TextWriter output)
    {
        foreach (var fault in Faults)
            output.WriteLine($"\nFAILED: {fault}");
        output.WriteLine();
        output.WriteLine($"{"resident memory, MB",-22}{"idle",10}{"after load",15}");
        foreach (var server in Memory)
            output.WriteLine($"{server.Name,-22}{server.Idle,10:F0}{server.Loaded,15:F0}");
        output.WriteLine();
        if (Startup is not null)
            output.WriteLine($"start on existing data: {Startup.Total:F2} s to the first answer; PostgreSQL alone {Startup.Postgres:F2} s, so {Startup.Own:F2} s of Socle's own");
        foreach (var answer in Streaming)
            output.WriteLine($"{answer.Rows} rows as {answer.Format}: {answer.Seconds:F1} s, socle from {answer.Before:F0} MB to {answer.Peak:F0} MB (+{answer.Peak - answer.Before:F0})");
    }

    private static string Figures(WorkloadResult result, string name) =>
        $"{result.Median(name, turn => turn.PerSecond),10:N0}{$"{result.Median(name, turn => turn.P50):F1}/{result.Median(name, turn => turn.P99):F1}",15}";

    /// <summary>The server's processor time and PostgreSQL's.</summary>
    private static string Work(WorkloadResult result, string name) =>
        $"{$"{result.Median(name, turn => turn.ServerMicroseconds):F0} + {result.Median(name, turn => turn.PostgresMicroseconds):F0}",18}";

    private static string Format(Spread spread, string format) =>
        $"{spread.Median.ToString(format)} ({spread.Min.ToString(format)}–{spread.Max.ToString(format)})";

    private static string Failures(WorkloadResult result, params string[] names) =>
        names.Sum(result.FailuresOf) is > 0 and var failures ? $"  {failures} FAILED ANSWERS" : "";
}
