using System.Diagnostics;
using Npgsql;

namespace Socle.Bench;

/// <summary>
/// One run: Socle on a new data folder, the rows, the other servers on the same PostgreSQL, then every workload turn
/// by turn. Gives the report; whatever it started and made is gone afterwards.
/// </summary>
internal sealed class BenchRun(BenchOptions options, CancellationToken cancel)
{
    private readonly string _folder = Path.GetFullPath(Path.Combine(options.Data, $"run-{Environment.ProcessId}"));
    private readonly Report _report = new();
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    public async Task<Report> RunAsync()
    {
        Directory.CreateDirectory(_folder);
        var installation = new Installation(Path.Combine(_folder, "socle"), _folder, cancel);
        try
        {
            await PrepareAsync(installation);
            if (options.Workload is null)
                await MeasureAloneAsync(installation);

            await CompareAsync(installation);
            return _report;
        }
        finally
        {
            await installation.EnsurePostgresStoppedAsync();
            Directory.Delete(_folder, recursive: true);
        }
    }

    private async Task PrepareAsync(Installation installation)
    {
        Say($"loading {options.Clients} clients and {options.Engagements} engagements");
        await using (await installation.StartSocleAsync())
        {
            await using var database = NpgsqlDataSource.Create(installation.Connection());
            var dataset = new Dataset(database, cancel);
            await dataset.LoadAsync(options.Clients, options.Engagements);
            await installation.AddCallerAsync();
            await dataset.BindCallersAsync(options.Policy);
        }

        await installation.EnsurePostgresStoppedAsync();
    }

    /// <summary>What concerns Socle by itself; a fault here does not keep the comparison from being made.</summary>
    private async Task MeasureAloneAsync(Installation installation)
    {
        try
        {
            Say("start-up times");
            _report.Startup = await Startup.MeasureAsync(installation, options.Starts);
            Say("memory while streaming");
            _report.Streaming = await Streaming.MeasureAsync(installation, options.Clients, cancel);
        }
        catch (BenchException fault)
        {
            _report.Faults.Add(fault.Message);
        }

        await installation.EnsurePostgresStoppedAsync();
    }

    private async Task CompareAsync(Installation installation)
    {
        // Socle first: its PostgreSQL serves them all, so it is stopped last.
        await using var socle = await installation.StartSocleAsync();
        await Installation.SignInAsync(socle, cancel);
        await using var database = NpgsqlDataSource.Create(installation.Connection());
        var dataset = new Dataset(database, cancel);
        await using var others = new OtherServers(installation, _folder, cancel);
        List<Target> targets = [await others.StartLimitAsync(), socle];
        if (options.Peers)
        {
            Say("starting the peers");
            targets.Add(await others.StartFastApiAsync());
            targets.Add(await others.StartDirectusAsync(dataset));
        }

        await Task.Delay(1500, cancel);
        foreach (var target in targets)
            target.IdleMegabytes = target.Process.ResidentMegabytes();
        var turns = new Turns(options, targets, dataset, installation.Postmaster, Path.Combine(_folder, "ids"), Say, cancel);
        _report.Workloads.AddRange(await turns.RunAsync());
        _report.Memory = [.. targets.Select(target => new Memory(target.Name, target.IdleMegabytes, target.Process.ResidentMegabytes()))];
    }

    private void Say(string what) => Console.Error.WriteLine($"{_clock.Elapsed.TotalSeconds,5:F0} s  {what}");
}
