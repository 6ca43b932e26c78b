using System.Net;
using System.Text.Json.Nodes;
using Socle.Testing;

namespace Socle.Tests.Acceptance.Running;

/// <summary>What these tests ask of a running server.</summary>
public static class Serving
{
    /// <summary>On a data folder to keep.</summary>
    public static Task<RunningServer> Start(DataFolder data, string? blueprint = "washgo", bool sample = false, params (string Name, string Value)[] env) =>
        RunningServer.Start(blueprint, sample, env.ToDictionary(), data.FolderPath);

    /// <summary>On a PostgreSQL that somebody else runs.</summary>
    public static Task<RunningServer> Start(string databaseUrl, bool untilReady = true) =>
        RunningServer.Start("washgo", env: new Dictionary<string, string> { ["DATABASE_URL"] = databaseUrl }, untilReady: untilReady);

    public static Task WaitUntilHealthy(this RunningServer server, TimeSpan within) => Polling.Until("/health answers 200", within, async () =>
    {
        Assert.True(server.IsRunning, $"socle ended: {server.Terminal}");
        return await server.HealthStatus() == HttpStatusCode.OK;
    });

    /// <summary>Null while nobody listens.</summary>
    public static async Task<HttpStatusCode?> HealthStatus(this RunningServer server)
    {
        try
        {
            return (await server.Http.Get("/health")).Status;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>What psql, called as users call it, prints for a statement.</summary>
    public static async Task<string> Ask(this RunningServer server, string sql) => (await server.Psql("-At", "-c", sql)).TrimEnd('\n');

    /// <summary>The log's whole lines: one may be half written.</summary>
    public static string[] LogLines(this RunningServer server) => server.Log.Split('\n')[..^1];

    /// <summary>The time of the log's last line that holds these words.</summary>
    public static DateTime FindLogTime(this RunningServer server, string words) =>
        JsonNode.Parse(server.LogLines().Last(line => line.Contains(words, StringComparison.Ordinal)))!["time"]!.GetValue<DateTime>();

    /// <summary>A line of /proc/PID/status in bytes: VmRSS, VmHWM.</summary>
    public static long ReadMemory(this RunningServer server, string line) => File.ReadLines($"/proc/{server.ProcessId}/status")
        .Where(text => text.StartsWith(line + ":", StringComparison.Ordinal))
        .Select(text => long.Parse(text.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2]) * 1024)
        .Single();
}
