namespace Socle.Bench;

/// <summary>Something outside the benchmark is not as it must be; the message says what.</summary>
internal sealed class BenchException(string message) : Exception(message);

/// <summary>What a run is asked to do. Read from the command line; refuses unknown arguments with the usage.</summary>
internal sealed record BenchOptions
{
    private const string Usage = """
        script/bench [--quick] [--json] [--peers] [--workload NAME] [--policy FILTER] [--data DIR]
          --quick          small data, short turns: about a minute
          --json           the result as JSON on standard output
          --peers          also FastAPI with SQLAlchemy, and Directus
          --workload NAME  only this one, without start-up times and streaming
          --policy FILTER  which records callers see and write (default status=neq.blocked)
          --data DIR       where the run makes its folder (default .data-bench); the folder is removed afterwards
        """;

    public bool Quick { get; init; }

    public bool Json { get; init; }

    public bool Peers { get; init; }

    public string? Workload { get; init; }

    /// <summary>In the query grammar; of clients and of engagements.</summary>
    public string Policy { get; init; } = "status=neq.blocked";

    public string Data { get; init; } = ".data-bench";

    public int Clients => Quick ? 20_000 : 200_000;

    public int Engagements => Clients / 2;

    public int Turns => Quick ? 3 : 5;

    public int TurnSeconds => Quick ? 1 : 4;

    public int WarmUpSeconds => Quick ? 1 : 3;

    public int Starts => Quick ? 1 : 3;

    public IReadOnlyList<Workload> Workloads =>
        [.. Bench.Workload.All.Where(workload => Workload is null || workload.Name == Workload)];

    public static BenchOptions? Read(string[] arguments, TextWriter errors)
    {
        var options = new BenchOptions();
        for (var i = 0; i < arguments.Length; i++)
        {
            var value = i + 1 < arguments.Length ? arguments[i + 1] : null;
            switch (arguments[i])
            {
                case "--quick":
                    options = options with { Quick = true };
                    break;
                case "--json":
                    options = options with { Json = true };
                    break;
                case "--peers":
                    options = options with { Peers = true };
                    break;
                case "--workload" when Bench.Workload.All.Any(workload => workload.Name == value):
                    options = options with { Workload = value };
                    i++;
                    break;
                case "--policy" when value is not null:
                    options = options with { Policy = value };
                    i++;
                    break;
                case "--data" when value is not null:
                    options = options with { Data = value };
                    i++;
                    break;
                default:
                    errors.WriteLine(Usage);
                    errors.WriteLine($"  workloads: {string.Join(", ", Bench.Workload.All.Select(workload => workload.Name))}");
                    return null;
            }
        }

        return options;
    }
}
