using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Socle.Bench;

/// <summary>A program that was started and will be stopped: by its pid, SIGTERM first. Its output goes to a log file.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const int SigTerm = 15;
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(2) };
    private readonly Process _process;
    private readonly string _log;
    private readonly long _started;

    private ServerProcess(Process process, string log, long started) => (_process, _log, _started) = (process, log, started);

    public TimeSpan Age => Stopwatch.GetElapsedTime(_started);

    public static ServerProcess Start(string log, IReadOnlyDictionary<string, string> environment, params string[] command)
    {
        // exec keeps the pid: what is measured and stopped is the program, not a shell.
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec \"$@\" >>\"$BENCH_LOG\" 2>&1 </dev/null", "sh", .. command]);
        // Socle must make its own PostgreSQL here, never use the one of whoever runs this.
        start.Environment.Remove("DATABASE_URL");
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        start.Environment["BENCH_LOG"] = log;
        var started = Stopwatch.GetTimestamp();
        return new ServerProcess(Process.Start(start)!, log, started);
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Asks until the address answers 2xx.</summary>
    public Task WaitForAsync(Uri address, CancellationToken cancel) => WaitForAsync(async () =>
    {
        try
        {
            using var answer = await Http.GetAsync(address, cancel);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }, cancel);

    /// <summary>Asks every 5 ms, for 60 s at most, while the program lives.</summary>
    public async Task WaitForAsync(Func<Task<bool>> isReady, CancellationToken cancel)
    {
        var waited = Stopwatch.StartNew();
        while (!await isReady())
        {
            if (_process.HasExited || waited.Elapsed > TimeSpan.FromSeconds(60))
                throw Refusal("A server did not start");
            await Task.Delay(5, cancel);
        }
    }

    /// <summary>For a program that ends by itself; another end than success is refused.</summary>
    public async Task WaitForExitAsync(CancellationToken cancel)
    {
        await _process.WaitForExitAsync(cancel);
        if (_process.ExitCode != 0)
            throw Refusal("A step of the preparation failed");
    }

    /// <summary>Resident memory in MB of the program and its children, without PostgreSQL's processes.</summary>
    public double ResidentMegabytes() => Kilobytes(Family(), "VmRSS:") / 1024.0;

    /// <summary>The program and its children, without PostgreSQL's processes.</summary>
    public List<int> Family() => Family(_process.Id);

    /// <summary>Forgets the peak so far, so that the next peak is that of what comes now.</summary>
    public void ResetPeak() => File.WriteAllText($"/proc/{_process.Id}/clear_refs", "5");

    public double PeakMegabytes() => Kilobytes([_process.Id], "VmHWM:") / 1024.0;

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _ = Kill(_process.Id, SigTerm);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }

    private BenchException Refusal(string what) =>
        new($"{what}. The end of its log:\n{string.Join('\n', File.ReadLines(_log).TakeLast(20))}");

    private static List<int> Family(int root)
    {
        var parents = Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), out var pid) ? pid : 0)
            .Where(pid => pid > 0)
            .Select(pid => (Pid: pid, Status: Status(pid)))
            .Where(process => process.Status.Length > 0 && Value(process.Status, "Name:") != "postgres")
            .ToLookup(process => int.Parse(Value(process.Status, "PPid:")), process => process.Pid);
        List<int> family = [root];
        for (var i = 0; i < family.Count; i++)
            family.AddRange(parents[family[i]]);
        return family;
    }

    private static long Kilobytes(IEnumerable<int> pids, string field) => pids
        .Select(pid => Value(Status(pid), field))
        .Sum(value => value.Length == 0 ? 0 : long.Parse(value.Split(' ')[0]));

    private static string[] Status(int pid)
    {
        try
        {
            return File.ReadAllLines($"/proc/{pid}/status");
        }
        catch (IOException)
        {
            return [];
        }
    }

    private static string Value(string[] status, string field) =>
        status.FirstOrDefault(line => line.StartsWith(field, StringComparison.Ordinal))?[field.Length..].Trim() ?? "";

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int pid, int signal);
}
