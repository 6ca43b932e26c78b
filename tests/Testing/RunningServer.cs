using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Reflection;

namespace Socle.Testing;

/// <summary>
/// The built program as users run it: a process of its own with its private cluster, on a data folder and a port of
/// its own. A shell holds it and ends it with SIGTERM when the tests' end of a pipe closes, even if they are killed.
/// The program is the one built beside the tests, or the one that SOCLE_PROGRAM names.
/// </summary>
public sealed class RunningServer : IAsyncDisposable
{
    private static readonly IReadOnlyDictionary<string, string> Nothing = new Dictionary<string, string>();
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>$1 is the log's file, the rest the command. The server's id is the one line it says.</summary>
    private const string Holder = """
        log=$1; shift
        "$@" </dev/null >>"$log" 2>>"$log.terminal" &
        server=$!
        echo $server
        cat >/dev/null
        kill -TERM $server 2>/dev/null
        wait $server
        """;

    private readonly Process _holder;
    private readonly DirectoryInfo? _ownFolder;
    private readonly string _logFile;
    private readonly IReadOnlyDictionary<string, string> _env;

    private RunningServer(Process holder, DirectoryInfo? ownFolder, string dataFolder, string logFile, IReadOnlyDictionary<string, string> env, int port)
    {
        _holder = holder;
        _ownFolder = ownFolder;
        _logFile = logFile;
        _env = env;
        DataFolder = dataFolder;
        Address = new Uri($"http://127.0.0.1:{port}");
        Http = new HttpClient { BaseAddress = Address };
    }

    public Uri Address { get; }

    public HttpClient Http { get; }

    public string DataFolder { get; }

    /// <summary>The server's own process, for tests that kill it.</summary>
    public int ProcessId { get; private init; }

    /// <summary>Whether its process lives: one that ended waits as a zombie until the holder is told to end.</summary>
    public bool IsRunning
    {
        get
        {
            try
            {
                return !File.ReadAllText($"/proc/{ProcessId}/stat").Contains(") Z ", StringComparison.Ordinal);
            }
            catch (IOException)
            {
                return false;
            }
        }
    }

    /// <summary>The server's log.</summary>
    public string Log => File.ReadAllText(_logFile);

    /// <summary>The server's words for people.</summary>
    public string Terminal => File.ReadAllText($"{_logFile}.terminal");

    /// <param name="env">More environment variables; the tests' own do not reach the server.</param>
    /// <param name="dataFolder">A data folder to keep; by default one of its own, which goes with the server.</param>
    /// <param name="untilReady">Whether to wait until it serves, or only until it answers.</param>
    /// <param name="port">The port to listen on; by default a free one.</param>
    public static async Task<RunningServer> Start(
        string? blueprint = null,
        bool sample = false,
        IReadOnlyDictionary<string, string>? env = null,
        string? dataFolder = null,
        bool untilReady = true,
        int? port = null)
    {
        var ownFolder = dataFolder is null ? Directory.CreateTempSubdirectory("socle-") : null;
        var data = dataFolder ?? Path.Combine(ownFolder!.FullName, "data");
        var log = ownFolder is null ? $"{data}.log" : Path.Combine(ownFolder.FullName, "server.log");
        port ??= FreePort();
        string[] command = [Program, "serve", "--data", data, "--port", $"{port}", .. blueprint is null ? Array.Empty<string>() : ["--blueprint", blueprint], .. sample ? ["--sample"] : Array.Empty<string>()];
        var start = Clean(new ProcessStartInfo("/bin/sh", ["-c", Holder, "sh", log, .. command]), env ?? Nothing);
        start.RedirectStandardInput = true;
        var holder = Process.Start(start)!;
        var id = await holder.StandardOutput.ReadLineAsync();
        var server = new RunningServer(holder, ownFolder, data, log, env ?? Nothing, port.Value) { ProcessId = int.Parse(id!) };
        try
        {
            await server.WaitUntil(untilReady);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs the program's own psql on the server's database; gives what it prints.</summary>
    public async Task<string> Psql(params string[] arguments)
    {
        var start = Clean(new ProcessStartInfo(Program, ["psql", "--data", DataFolder, "--", "-X", "-q", "-v", "ON_ERROR_STOP=1", .. arguments]), _env);
        start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"psql failed: {await errors}");
    }

    /// <summary>Runs one of the program's commands on the server's data folder and database, with a text as its input; gives its exit code and all that it says.</summary>
    public async Task<(int ExitCode, string Output)> Command(string input, params string[] arguments)
    {
        var start = Clean(new ProcessStartInfo(Program, arguments), _env);
        start.Environment["DATA_DIR"] = DataFolder;
        start.RedirectStandardError = start.RedirectStandardInput = true;
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output + await errors);
    }

    /// <summary>Ends the server as systemd would, and gives its exit code.</summary>
    public async Task<int> Stop()
    {
        _holder.StandardInput.Close();
        await _holder.WaitForExitAsync();
        return _holder.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Stop();
        _holder.Dispose();
        _ownFolder?.Delete(recursive: true);
    }

    private static string Program { get; } =
        Environment.GetEnvironmentVariable("SOCLE_PROGRAM")
        ?? typeof(RunningServer).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(item => item.Key == "SocleProgram").Value!;

    /// <summary>Nothing of the tests' own environment reaches the program but what it needs to run.</summary>
    private static ProcessStartInfo Clean(ProcessStartInfo start, IReadOnlyDictionary<string, string> env)
    {
        start.RedirectStandardOutput = true;
        foreach (var name in start.Environment.Keys.Where(name => name is not ("PATH" or "HOME") && !name.StartsWith("DOTNET_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        start.Environment["LC_ALL"] = "C.UTF-8";
        // Tests that are not about access call without credentials.
        start.Environment["ANONYMOUS_ROLE"] = "admin";
        foreach (var (name, value) in env)
            start.Environment[name] = value;
        return start;
    }

    private async Task WaitUntil(bool ready)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            if (_holder.HasExited || clock.Elapsed > Patience || !IsRunning)
                throw new InvalidOperationException($"The server did not come up:\n{Terminal}{Log}");
            try
            {
                using var answer = await Http.GetAsync(new Uri("/health", UriKind.Relative));
                if (!ready || answer.StatusCode == HttpStatusCode.OK)
                    return;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(30);
        }
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
