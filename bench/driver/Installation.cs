using System.Diagnostics;
using Npgsql;

namespace Socle.Bench;

/// <summary>
/// Socle's program and the data folder of this run. Gives running servers on it, and the way to its PostgreSQL.
/// After a stop it sees to it that PostgreSQL has gone too.
/// </summary>
internal sealed class Installation(string folder, string logs, CancellationToken cancel)
{
    // As Socle starts it: the options are in postmaster.opts, and name the folder by descriptor 9. Never as root.
    private const string PostgresAlone = """
        exec 9<"$1"
        command="exec $(cat "$1/postmaster.opts")"
        if [ "$(id -u)" = 0 ]; then
          exec setpriv --reuid "$(stat -c %u "$1")" --regid "$(stat -c %g "$1")" --clear-groups sh -c "$command"
        fi
        exec sh -c "$command"
        """;

    private const string Caller = "bench@example.org";

    private const string CallerPassword = "trois girafes boudent le tramway";

    /// <summary>PostgreSQL's data and its socket.</summary>
    public string PostgresFolder { get; } = Path.Combine(folder, "postgres");

    /// <summary>The process id of the PostgreSQL that runs.</summary>
    public int Postmaster => int.Parse(File.ReadLines(PidFile).First());

    private string PidFile => Path.Combine(PostgresFolder, ".s.PGSQL.5432.lock");

    public string Password => File.ReadAllText(Path.Combine(folder, "secrets", "postgres")).Trim();

    public string Connection(bool pooled = true) => new NpgsqlConnectionStringBuilder
    {
        Host = PostgresFolder,
        Username = "socle",
        Password = Password,
        Database = "socle",
        Pooling = pooled,
        CommandTimeout = 300,
    }.ConnectionString;

    public async Task<Target> StartSocleAsync(IReadOnlyDictionary<string, string>? environment = null)
    {
        var port = ServerProcess.FreePort();
        var process = ServerProcess.Start(
            Path.Combine(logs, "socle.log"), environment ?? new Dictionary<string, string>(),
            "out/socle", "serve", "--data", folder, "--port", $"{port}", "--host", "127.0.0.1", "--blueprint", "washgo");
        return await Target.StartAsync("socle", process, port, "/health", workload => workload.Api, cancel);
    }

    /// <summary>An account whose role sees and writes what a policy lets it, and not every record there might be.</summary>
    public async Task AddCallerAsync()
    {
        using var added = Process.Start(new ProcessStartInfo("out/socle", ["user", "add", Caller, "--role", "member", "--password-stdin", "--data", folder]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true })!;
        await added.StandardInput.WriteLineAsync(CallerPassword);
        added.StandardInput.Close();
        await added.StandardOutput.ReadToEndAsync(cancel);
        await added.WaitForExitAsync(cancel);
        if (added.ExitCode != 0)
            throw new BenchException("socle user add failed.");
    }

    /// <summary>An access token, which lasts for a quarter of an hour.</summary>
    public static async Task SignInAsync(Target socle, CancellationToken cancel)
    {
        var answer = await socle.SendAsync(new Call("POST", "/api/auth/login", $$"""{"email":"{{Caller}}","password":"{{CallerPassword}}"}"""), "", "", cancel);
        socle.Authorize($"Bearer {answer.GetProperty("data").GetProperty("accessToken").GetString()}");
    }

    /// <summary>Socle stopped, its PostgreSQL alone: the time until it accepts a connection.</summary>
    public async Task<TimeSpan> TimePostgresAsync()
    {
        await using var postgres = ServerProcess.Start(
            Path.Combine(logs, "postgres.log"), new Dictionary<string, string>(), "sh", "-c", PostgresAlone, "sh", PostgresFolder);
        await postgres.WaitForAsync(async () =>
        {
            try
            {
                await using var connection = new NpgsqlConnection(Connection(pooled: false));
                await connection.OpenAsync(cancel);
                return true;
            }
            catch (NpgsqlException)
            {
                return false;
            }
        }, cancel);
        return postgres.Age;
    }

    /// <summary>Waits for PostgreSQL to leave after Socle; ends it by its pid, and says so, when it does not.</summary>
    public async Task EnsurePostgresStoppedAsync()
    {
        var pidFile = PidFile;
        for (var i = 0; i < 100 && File.Exists(pidFile); i++)
            await Task.Delay(100, CancellationToken.None);
        if (!File.Exists(pidFile))
            return;
        var pid = Postmaster;
        if (!Directory.Exists($"/proc/{pid}"))
            return;
        using var postgres = Process.GetProcessById(pid);
        postgres.Kill(entireProcessTree: true);
        await Console.Error.WriteLineAsync("bench: Socle stopped but left its PostgreSQL running; it was ended.");
    }
}
