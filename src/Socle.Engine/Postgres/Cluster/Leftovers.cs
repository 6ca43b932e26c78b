using System.Diagnostics;
using System.Globalization;

namespace Socle.Postgres.Cluster;

/// <summary>
/// Clears what an earlier run left in a cluster whose lock we hold: a server that outlived its socle, and the files
/// that would make PostgreSQL believe that one still runs. Which processes belong to the cluster is asked of the kernel
/// (their working folder), never of postmaster.pid, which may be stale, garbage, or name a stranger.
/// </summary>
internal static class Leftovers
{
    private static readonly TimeSpan ShutdownTime = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan QuitTime = TimeSpan.FromSeconds(10);

    public static async Task Clear(ClusterFolder folder, Action<string> log, CancellationToken cancel)
    {
        var marker = Path.Combine(folder.Cluster, $"socle.marker.{Guid.NewGuid():N}");
        await File.WriteAllBytesAsync(marker, [], cancel);
        try
        {
            await EndProcesses(Path.GetFileName(marker), log, cancel);
        }
        finally
        {
            File.Delete(marker);
        }

        File.Delete(Path.Combine(folder.Cluster, "postmaster.pid"));
        File.Delete(folder.Socket);
        File.Delete(folder.Socket + ".lock");
    }

    private static async Task EndProcesses(string marker, Action<string> log, CancellationToken cancel)
    {
        if (List(marker) is not [_, ..] found)
            return;
        log($"Stopping a PostgreSQL that an earlier run left behind (process {string.Join(", ", found.Select(process => process.Id))}).");

        _ = await End(marker, Posix.Interrupt, ShutdownTime, cancel)
            || await End(marker, Posix.Quit, QuitTime, cancel)
            || await End(marker, Posix.Kill, QuitTime, cancel);
    }

    /// <summary>True when all are gone in time. A polite signal goes to the postmaster alone, which passes it on; without one, nobody is left to ask politely.</summary>
    private static async Task<bool> End(string marker, int signal, TimeSpan time, CancellationToken cancel)
    {
        foreach (var process in List(marker).Where(process => process.IsPostmaster || signal != Posix.Interrupt))
            Posix.Signal(process.Id, signal);
        var clock = Stopwatch.StartNew();
        while (List(marker) is { Count: > 0 } left)
        {
            if (clock.Elapsed > time || (signal == Posix.Interrupt && !left.Exists(process => process.IsPostmaster)))
                return false;
            await Task.Delay(20, cancel);
        }

        return true;
    }

    /// <summary>
    /// The postgres processes that work in this cluster. The marker file, seen through a process's working folder, proves
    /// that it is this very folder, whatever links and mounts lead to it.
    /// </summary>
    private static List<ClusterProcess> List(string marker) =>
    [
        .. Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id > 0 && Read($"/proc/{id}/comm") == "postgres\n" && File.Exists($"/proc/{id}/cwd/{marker}"))
            .Select(id => new ClusterProcess(id, IsPostmaster(id))),
    ];

    /// <summary>Its children title themselves "postgres: checkpointer" and the like.</summary>
    private static bool IsPostmaster(int id) => !Read($"/proc/{id}/cmdline").StartsWith("postgres: ", StringComparison.Ordinal);

    /// <summary>Empty when the process is gone or not ours to look at.</summary>
    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private readonly record struct ClusterProcess(int Id, bool IsPostmaster);
}
