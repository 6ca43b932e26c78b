using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Socle.Kernel;

namespace Socle.Cochin;

/// <summary>
/// An SQLite file of somebody else's, read by the program sqlite3 from a private copy, so that the file itself is neither locked nor
/// changed. Takes a path; gives rows as they come. Refuses what is no SQLite database, is damaged, or changes meanwhile.
/// </summary>
public sealed class SqliteFile : IDisposable
{
    /// <summary>No query here needs more; a file made to exhaust the machine gets no further.</summary>
    private const string Limits = "PRAGMA hard_heap_limit=536870912; PRAGMA trusted_schema=OFF; PRAGMA query_only=ON;";

    private readonly DirectoryInfo _folder;

    private SqliteFile(DirectoryInfo folder) => _folder = folder;

    private string Copy => Path.Combine(_folder.FullName, "copy.sqlite3");

    public static async Task<Result<SqliteFile>> Open(string path, CancellationToken cancellation)
    {
        if (!File.Exists(path))
            return SqliteFaults.Missing(path);
        // A file opened for reading only is left alone; what would be rolled back first is not ours to do, nor safe to follow.
        if (new FileInfo($"{path}-journal") is { Exists: true, Length: > 0 })
            return SqliteFaults.Unfinished(path);
        var file = new SqliteFile(Directory.CreateTempSubdirectory("socle-cochin-"));
        try
        {
            if ((await file.Take(path, cancellation) ?? await file.FindDamage(path, cancellation)) is not { } fault)
                return file;
            file.Dispose();
            return fault;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The rows of a query that gives one JSON array a row; an array lives until the next.</summary>
    public async IAsyncEnumerable<JsonElement> Rows(string sql, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var process = Start($"{Limits} {sql};");
        try
        {
            var errors = process.StandardError.ReadToEndAsync(cancellation);
            // The first line is what the limit was set to.
            await process.StandardOutput.ReadLineAsync(cancellation);
            while (await process.StandardOutput.ReadLineAsync(cancellation) is { } line)
            {
                using var row = JsonDocument.Parse(line);
                yield return row.RootElement;
            }

            await process.WaitForExitAsync(cancellation);
            if (process.ExitCode != 0)
                throw new UnreadableSqliteException(SqliteFaults.Damaged(await errors));
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }

    public async Task<List<T>> List<T>(string sql, Func<JsonElement, T> read, CancellationToken cancellation)
    {
        var rows = new List<T>();
        await foreach (var row in Rows(sql, cancellation))
            rows.Add(read(row));
        return rows;
    }

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>Copies the file, and the log of newer pages beside it, where nobody else writes.</summary>
    private async Task<Fault?> Take(string path, CancellationToken cancellation)
    {
        var log = new FileInfo($"{path}-wal");
        var before = (Stamp(path), Stamp(log.FullName));
        await Copied(path, Copy, cancellation);
        if (log.Exists)
            await Copied(log.FullName, $"{Copy}-wal", cancellation);
        return before == (Stamp(path), Stamp(log.FullName)) ? null : SqliteFaults.Changing(path);
    }

    private static (long Length, DateTime Written) Stamp(string path) => new FileInfo(path) is { Exists: true } file ? (file.Length, file.LastWriteTimeUtc) : default;

    private static async Task Copied(string from, string to, CancellationToken cancellation)
    {
        await using var source = File.OpenRead(from);
        await using var target = File.Create(to);
        await source.CopyToAsync(target, cancellation);
    }

    private async Task<Fault?> FindDamage(string path, CancellationToken cancellation)
    {
        await using (var file = File.OpenRead(Copy))
        {
            var head = new byte[16];
            if (await file.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellation) < head.Length || !head.AsSpan().SequenceEqual("SQLite format 3\0"u8))
                return SqliteFaults.NotADatabase(path);
        }

        try
        {
            var said = await List("SELECT json_array(quick_check) FROM pragma_quick_check(1)", row => row[0].GetString(), cancellation);
            return said is ["ok"] ? null : SqliteFaults.Damaged(said.FirstOrDefault() ?? "");
        }
        catch (UnreadableSqliteException exception)
        {
            return exception.Fault;
        }
    }

    private Process Start(string sql)
    {
        // Without the caller's settings; -safe shuts the ways to other files and programs.
        var start = new ProcessStartInfo("sqlite3", ["-safe", "-batch", "-bail", Copy, sql])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        start.Environment.Clear();
        start.Environment["PATH"] = Environment.GetEnvironmentVariable("PATH");
        start.Environment["HOME"] = start.Environment["TMPDIR"] = _folder.FullName;
        try
        {
            var process = Process.Start(start)!;
            process.StandardInput.Close();
            return process;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw new UnreadableSqliteException(SqliteFaults.NoProgram);
        }
    }
}

/// <summary>The file cannot be read on; the fault says why.</summary>
public sealed class UnreadableSqliteException(Fault fault) : Exception(fault.Message.English)
{
    public Fault Fault { get; } = fault;
}
