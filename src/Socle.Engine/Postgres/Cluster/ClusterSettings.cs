using System.Text;

namespace Socle.Postgres.Cluster;

/// <summary>
/// <c>socle.conf</c>, written anew at each start: the settings of a small server's database.
/// The operator's <c>user.conf</c> is read after it and wins.
/// </summary>
internal static class ClusterSettings
{
    private const long Megabyte = 1024 * 1024;

    private const string Includes = """

        # Socle writes socle.conf at each start. Put your own settings into user.conf: they win.
        include_if_exists = 'socle.conf'
        include_if_exists = 'user.conf'

        """;

    /// <summary>These the operator cannot change: Socle would not find the server again.</summary>
    public static IEnumerable<string> Fixed { get; } = ["-c", "port=5432", "-c", "unix_socket_directories=."];

    /// <summary>The end of a new cluster's postgresql.conf, and an empty user.conf; on disk before the cluster takes its place.</summary>
    public static void Include(string cluster)
    {
        using var file = new FileStream(Path.Combine(cluster, "postgresql.conf"), FileMode.Append);
        file.Write(Encoding.UTF8.GetBytes(Includes));
        file.Flush(flushToDisk: true);
        File.WriteAllText(Path.Combine(cluster, "user.conf"), "# Your own PostgreSQL settings: they win over socle.conf and are read when socle starts.\n");
    }

    /// <summary>The new file takes the old one's place in one step, so no reader sees half of it and no link is followed.</summary>
    public static void Write(ClusterFolder folder)
    {
        var path = Path.Combine(folder.Cluster, "socle.conf");
        var draft = path + ".new";
        File.Delete(draft);
        using (var file = new StreamWriter(draft, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write }))
            file.Write(Settings(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes));

        // Written by root under whatever umask, read by an unprivileged user.
        File.SetUnixFileMode(draft, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        File.Move(draft, path, overwrite: true);
    }

    private static string Settings(long memory) => $"""
        # Written by Socle at each start: changes here are lost. Put yours into user.conf beside it.

        # A Unix socket in this folder is the only way in.
        listen_addresses = ''
        unix_socket_permissions = 0700
        password_encryption = 'scram-sha-256'
        max_connections = {60 + (20 * Math.Max(4, Environment.ProcessorCount))}

        shared_buffers = {Math.Clamp(memory / Megabyte / 4, 32, 256)}MB
        effective_cache_size = {Math.Max(memory / Megabyte / 2, 64)}MB
        random_page_cost = 1.1
        fsync = on
        synchronous_commit = on
        full_page_writes = on

        # Exact counts are fast while the visibility map is fresh.
        autovacuum = on
        autovacuum_naptime = 15s
        autovacuum_vacuum_scale_factor = 0.02
        autovacuum_vacuum_insert_scale_factor = 0.02
        autovacuum_analyze_scale_factor = 0.02

        # Statements are short: compiling them costs more than it gives.
        jit = off
        timezone = 'UTC'
        log_timezone = 'UTC'
        shared_preload_libraries = ''
        session_preload_libraries = ''
        local_preload_libraries = ''

        # What callers got wrong holds people's data and is answered to them; the log is about the server itself.
        log_destination = 'stderr'
        logging_collector = off
        log_line_prefix = '[%p] '
        log_error_verbosity = terse
        log_min_error_statement = panic
        log_min_messages = log
        log_checkpoints = off
        cluster_name = 'socle'

        """;
}
