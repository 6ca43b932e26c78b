namespace Socle.Bench;

/// <summary>
/// Starts the limit program and the peers on Socle's PostgreSQL, over the same Unix socket and on the same rows.
/// Stops those it started.
/// </summary>
internal sealed class OtherServers(Installation installation, string logs, CancellationToken cancel) : IAsyncDisposable
{
    private const string DirectusToken = "bench-token-on-loopback-only";
    private readonly List<Target> _started = [];

    public Task<Target> StartLimitAsync()
    {
        var port = ServerProcess.FreePort();
        // ASP.NET watches the folder of its content, and the data folder must not lie in there: each write would wake it.
        var process = Start("limit", new() { ["DATABASE"] = installation.Connection() }, "out/bench/limit/limit", "--contentRoot", Path.GetFullPath("out/bench/limit"), "--urls", $"http://127.0.0.1:{port}");
        return KeepAsync(Target.StartAsync("limit", process, port, "/health", workload => workload.Api, cancel));
    }

    public Task<Target> StartFastApiAsync()
    {
        var port = ServerProcess.FreePort();
        var process = Start(
            "fastapi",
            new() { ["DATABASE_URL"] = $"postgresql+psycopg2://socle:{Uri.EscapeDataString(installation.Password)}@/socle?host={installation.PostgresFolder}" },
            "/usr/bin/python3", "-m", "gunicorn", "--chdir", "bench/peers/fastapi", "--workers", "2",
            "--worker-class", "uvicorn.workers.UvicornWorker", "--bind", $"127.0.0.1:{port}", "--graceful-timeout", "3", "--log-level", "warning", "app:app");
        return KeepAsync(Target.StartAsync("fastapi", process, port, "/health", workload => workload.FastApi, cancel));
    }

    /// <summary>Its own tables go into a schema of their own; clients and engagements it finds in public.</summary>
    public async Task<Target> StartDirectusAsync(Dataset dataset)
    {
        await dataset.ExecuteAsync("CREATE SCHEMA directus");
        var port = ServerProcess.FreePort();
        var environment = new Dictionary<string, string>
        {
            ["HOST"] = "127.0.0.1",
            ["PORT"] = $"{port}",
            ["SECRET"] = Guid.NewGuid().ToString(),
            ["DB_CLIENT"] = "pg",
            ["DB_HOST"] = installation.PostgresFolder,
            ["DB_PORT"] = "5432",
            ["DB_DATABASE"] = "socle",
            ["DB_USER"] = "socle",
            ["DB_PASSWORD"] = installation.Password,
            ["DB_POOL__MAX"] = "8",
            ["DB_SEARCH_PATH"] = "array:directus,public",
            ["ADMIN_EMAIL"] = "bench@example.com",
            ["ADMIN_PASSWORD"] = Guid.NewGuid().ToString(),
            ["ADMIN_TOKEN"] = DirectusToken,
            ["TELEMETRY"] = "false",
            ["LOG_LEVEL"] = "warn",
            ["NODE_ENV"] = "production",
        };
        const string program = "bench/peers/node_modules/directus/cli.js";
        await using (var bootstrap = Start("directus", environment, "node", program, "bootstrap"))
            await bootstrap.WaitForExitAsync(cancel);
        var process = Start("directus", environment, "node", program, "start");
        return await KeepAsync(Target.StartAsync(
            "directus", process, port, "/server/ping", workload => workload.Directus, cancel, $"Bearer {DirectusToken}"));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var target in _started)
            await target.DisposeAsync();
    }

    private ServerProcess Start(string name, Dictionary<string, string> environment, params string[] command) =>
        ServerProcess.Start(Path.Combine(logs, $"{name}.log"), environment, command);

    private async Task<Target> KeepAsync(Task<Target> starting)
    {
        var target = await starting;
        _started.Add(target);
        return target;
    }
}
