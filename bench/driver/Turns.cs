namespace Socle.Bench;

/// <summary>
/// Runs each workload on all targets, turn by turn, so that whatever else the machine does hits all alike. The first
/// target is the limit program: its answers are what the others must answer. A wrong answer is not timed.
/// </summary>
internal sealed class Turns(
    BenchOptions options, IReadOnlyList<Target> targets, Dataset dataset, int postmaster, string idsFile, Action<string> say, CancellationToken cancel)
{
    private int _texts;

    public async Task<List<WorkloadResult>> RunAsync()
    {
        var ids = await dataset.SampleIdsAsync(20_000);
        await File.WriteAllLinesAsync(idsFile, ids, cancel);
        var faults = new Dictionary<Workload, string?>();
        foreach (var workload in options.Workloads)
            faults[workload] = await CheckAsync(workload, ids[0]);
        await WarmUpAsync([.. options.Workloads.Where(workload => faults[workload] is null)]);
        var results = new List<WorkloadResult>();
        foreach (var workload in options.Workloads)
        {
            say(faults[workload] is { } fault ? $"{workload.Title}: WRONG, not timed: {fault}" : workload.Title);
            results.Add(new WorkloadResult(workload, faults[workload], faults[workload] is null ? await TimeAsync(workload) : []));
        }

        return results;
    }

    private async Task<string?> CheckAsync(Workload workload, string id)
    {
        try
        {
            var expected = await targets[0].SendAsync(targets[0].CallFor(workload), id, "check", cancel);
            await dataset.ForgetCheckAsync();
            foreach (var target in targets.Skip(1))
            {
                var actual = await target.SendAsync(target.CallFor(workload), id, "check", cancel);
                await dataset.ForgetCheckAsync();
                var difference = target.Name == "socle"
                    ? new AnswerCheck(workload.Changing).FindDifference(expected, actual, "answer")
                    : AnswerCheck.FindDifferenceInIds(expected, actual, workload.Changing);
                if (difference is not null)
                    return $"{target.Name}: {difference}";
            }

            return null;
        }
        catch (BenchException fault)
        {
            return fault.Message;
        }
    }

    /// <summary>All targets at once, for compiled code and filled caches; a quick run takes two workloads at a time.</summary>
    private async Task WarmUpAsync(Workload[] workloads)
    {
        say("warming up");
        foreach (var together in workloads.Chunk(options.Quick ? 2 : 1))
        {
            await Task.WhenAll(targets.SelectMany(
                target => together.Select(workload => TurnAsync(target, workload, options.WarmUpSeconds))));
        }
    }

    private async Task<Dictionary<string, Turn[]>> TimeAsync(Workload workload)
    {
        await dataset.SettleAsync();
        await Installation.SignInAsync(targets.First(target => target.Name == "socle"), cancel);
        var turns = targets.ToDictionary(target => target.Name, _ => new Turn[options.Turns]);
        if (workload.IsWrite)
            turns[WorkloadResult.WithoutHistory] = new Turn[options.Turns];
        for (var turn = 0; turn < options.Turns; turn++)
        {
            if (workload.IsWrite)
                turns[WorkloadResult.WithoutHistory][turn] = await TurnWithoutHistoryAsync(workload);
            foreach (var target in targets)
            {
                if (workload.IsWrite)
                    await dataset.KeepHistoryAsync(target.Name == "socle");
                turns[target.Name][turn] = await TurnAsync(target, workload, options.TurnSeconds);
                await dataset.WaitForSilenceAsync();
            }
        }

        return turns;
    }

    /// <summary>Socle on a table that opted out: what keeping history costs is the difference.</summary>
    private async Task<Turn> TurnWithoutHistoryAsync(Workload workload)
    {
        await dataset.KeepHistoryAsync(false);
        var turn = await TurnAsync(targets.First(target => target.Name == "socle"), workload, options.TurnSeconds);
        await dataset.WaitForSilenceAsync();
        return turn;
    }

    private async Task<Turn> TurnAsync(Target target, Workload workload, int seconds)
    {
        var prefix = $"{target.Name}-{Interlocked.Increment(ref _texts)}-";
        var (server, postgres) = (ProcessorTime.OfServer(target.Process), ProcessorTime.OfPostgres(postmaster));
        var turn = await Wrk.RunAsync(target, target.CallFor(workload), idsFile, prefix, seconds, cancel);
        var answers = Math.Max(1, turn.Answers);
        return turn with
        {
            ServerMicroseconds = (ProcessorTime.OfServer(target.Process) - server) / answers,
            PostgresMicroseconds = (ProcessorTime.OfPostgres(postmaster) - postgres) / answers,
        };
    }
}
