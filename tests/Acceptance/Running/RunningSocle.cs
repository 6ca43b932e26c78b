using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Socle.Tests.Acceptance.Running;

/// <summary>
/// <c>out/socle serve</c>, a process of its own. Takes its settings as environment variables (a free PORT unless given); gives its door,
/// its process and its log. Ended by SIGTERM, as systemd does it.
/// </summary>
public sealed class RunningSocle : IAsyncDisposable
{
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(20);

    private readonly Process _process;
    private readonly Guard _guard;
    private readonly (string Name, string Value)[] _settings;
    private readonly List<string> _output = [];
    private readonly List<string> _errors = [];

    private RunningSocle(Process process, (string Name, string Value)[] settings)
    {
        (_process, _settings, _guard) = (process, settings, new Guard(process.Id));
        Http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{settings.Single(setting => setting.Name == "PORT").Value}"), Timeout = TimeSpan.FromSeconds(60) };
        process.OutputDataReceived += (_, line) => Note(_output, line.Data);
        process.ErrorDataReceived += (_, line) => Note(_errors, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public HttpClient Http { get; }

    public int ProcessId => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Starts it and waits until it answers 200.</summary>
    public static async Task<RunningSocle> Start(params (string Name, string Value)[] settings)
    {
        var server = Launch(settings);
        try
        {
            await server.WaitUntilHealthy(TimeSpan.FromSeconds(60));
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public static Task<RunningSocle> Start(DataFolder data, params (string Name, string Value)[] settings) =>
        Start([("DATA_DIR", data.FolderPath), .. settings]);

    /// <summary>Starts it and waits for nothing.</summary>
    public static RunningSocle Launch(params (string Name, string Value)[] settings)
    {
        if (!settings.Any(setting => setting.Name == "PORT"))
            settings = [("PORT", $"{FreePort()}"), .. settings];
        return new RunningSocle(Process.Start(SocleProgram.Command(settings, "serve"))!, settings);
    }

    /// <summary>Starts it with flags.</summary>
    public static RunningSocle Launch(ProcessStartInfo command, int port) => new(Process.Start(command)!, [("PORT", $"{port}")]);

    public async Task WaitUntilHealthy(TimeSpan within) => await Polling.Until("/health answers 200", within, async () =>
    {
        Assert.False(_process.HasExited, $"socle ended: {string.Join('\n', Errors())}");
        return await HealthStatus() == HttpStatusCode.OK;
    });

    /// <summary>Null while nobody listens.</summary>
    public async Task<HttpStatusCode?> HealthStatus()
    {
        try
        {
            return (await Http.Get("/health")).Status;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>The lines of the log on standard output.</summary>
    public string[] Log() => Copy(_output);

    /// <summary>The time of the log's last line that holds these words.</summary>
    public DateTime FindLogTime(string words) =>
        JsonNode.Parse(Log().Last(line => line.Contains(words, StringComparison.Ordinal)))!["time"]!.GetValue<DateTime>();

    /// <summary>What a person at the terminal reads.</summary>
    public string[] Errors() => Copy(_errors);

    /// <summary>What psql, called as users call it, prints for a statement.</summary>
    public async Task<string> Psql(string sql)
    {
        var ended = await SocleProgram.Run(_settings, "psql", "--", "-X", "-q", "-At", "-v", "ON_ERROR_STOP=1", "-c", sql);
        Assert.True(ended.ExitCode == 0, $"{sql}\n{ended.Errors}");
        return ended.Output.TrimEnd('\n');
    }

    /// <summary>A line of /proc/PID/status in bytes: VmRSS, VmHWM.</summary>
    public long ReadMemory(string line) => File.ReadLines($"/proc/{ProcessId}/status")
        .Where(text => text.StartsWith(line + ":", StringComparison.Ordinal))
        .Select(text => long.Parse(text.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2]) * 1024)
        .Single();

    /// <returns>The exit code.</returns>
    public async Task<int> Stop()
    {
        using var patience = new CancellationTokenSource(StopTime);
        await Programs.Read("kill", "-TERM", $"{ProcessId}");
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        try
        {
            if (!_process.HasExited)
                await Stop();
        }
        finally
        {
            _guard.Dispose();
            _process.Dispose();
        }
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static void Note(List<string> lines, string? line)
    {
        if (line is null)
            return;
        lock (lines)
            lines.Add(line);
    }

    private static string[] Copy(List<string> lines)
    {
        lock (lines)
            return [.. lines];
    }
}
