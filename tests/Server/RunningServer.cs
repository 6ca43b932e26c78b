using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;
using Socle.Tests.Postgres;

namespace Socle.Tests.Server;

/// <summary>
/// The built program as users run it: a process of its own on a port of its own, on a database of its own that psql
/// filled with the fixture while it was running. Gone with the tests.
/// </summary>
public sealed class RunningServer : IAsyncDisposable
{
    private readonly Process _process;
    private readonly List<string> _log = [];

    private RunningServer(NpgsqlDataSource database, Process process, int port)
    {
        Database = database;
        _process = process;
        Address = new Uri($"http://127.0.0.1:{port}");
        Http = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) }) { BaseAddress = Address };
    }

    public Uri Address { get; }

    public HttpClient Http { get; }

    /// <summary>The server's database, reached past it.</summary>
    public NpgsqlDataSource Database { get; }

    /// <param name="settings">Environment variables of the server.</param>
    public static async Task<RunningServer> Start(TestServer postgres, params (string Name, string Value)[] settings)
    {
        var database = await postgres.CreateDatabase();
        var port = FreePort();
        var process = Process.Start(Command(database, settings, "serve", "--port", $"{port}"))!;
        var server = new RunningServer(database, process, port);
        process.OutputDataReceived += (_, line) => server.Note(line.Data);
        process.ErrorDataReceived += (_, line) => server.Note(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await server.WaitFor("/health");
        await Psql(database, settings);
        await server.WaitFor("/api/fixture_is_loaded");
        return server;
    }

    /// <summary>What the server said on its terminal and in its log.</summary>
    public string Log()
    {
        lock (_log)
            return string.Join('\n', _log);
    }

    public async Task<T> Ask<T>(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        await Database.DisposeAsync();
    }

    private void Note(string? line)
    {
        if (line is null)
            return;
        lock (_log)
            _log.Add(line);
    }

    private async Task WaitFor(string address)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            if (_process.HasExited || clock.Elapsed > TimeSpan.FromSeconds(60))
                throw new InvalidOperationException($"The server did not come up:\n{Log()}");
            try
            {
                using var answer = await Http.GetAsync(new Uri(address, UriKind.Relative));
                if (answer.StatusCode == HttpStatusCode.OK)
                    return;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(30);
        }
    }

    /// <summary>Loads the fixture with the program's own psql.</summary>
    private static async Task Psql(NpgsqlDataSource database, (string, string)[] settings)
    {
        var fixture = Path.Combine(AppContext.BaseDirectory, "fixture.sql");
        using var process = Process.Start(Command(database, settings, "psql", "--", "-q", "-1", "-v", "ON_ERROR_STOP=1", "-f", fixture))!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, errors + await output);
    }

    private static ProcessStartInfo Command(NpgsqlDataSource database, (string Name, string Value)[] settings, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "socle"), arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["DATABASE_URL"] = database.ConnectionString, ["LOG_LEVEL"] = "warning" },
        };
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        return start;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
