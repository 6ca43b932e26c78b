using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Socle.Files;

/// <summary>
/// Where files lie on disk: <c>files/ab/cd/{sha256}</c>, previews beside as <c>{sha256}.{kind}</c>, unfinished uploads in <c>files/partial/{id}</c>.
/// Content appears under its name whole or not at all: written elsewhere, flushed, renamed.
/// </summary>
public sealed class FileFolder(string dataFolder)
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const int ReadOnly = 0;

    private readonly string _root = Path.Combine(dataFolder, "files");

    private string Partials => Path.Combine(_root, "partial");

    public string PathOf(string sha256) => Path.Combine(_root, sha256[..2], sha256[2..4], sha256);

    /// <param name="kind">What it shows, and how it ends: <c>256.webp</c>.</param>
    public string PreviewOf(string sha256, string kind) => $"{PathOf(sha256)}.{kind}";

    public string PartialOf(Guid id) => Path.Combine(Partials, id.ToString("N"));

    /// <summary>How much of the disk is free.</summary>
    public long FreeBytes
    {
        get
        {
            Directory.CreateDirectory(_root, Private);
            return new DriveInfo(_root).AvailableFreeSpace;
        }
    }

    /// <summary>An unfinished upload, open to be written by one at a time; an IOException when another one does.</summary>
    public FileStream OpenPartial(Guid id, bool isNew = false)
    {
        Directory.CreateDirectory(Partials, Private);
        return new FileStream(PartialOf(id), new FileStreamOptions
        {
            Mode = isNew ? FileMode.CreateNew : FileMode.Open,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            BufferSize = 0,
            UnixCreateMode = isNew ? UnixFileMode.UserRead | UnixFileMode.UserWrite : null,
        });
    }

    /// <summary>An unfinished upload becomes content. What was there under the same hash is the same.</summary>
    public void Keep(Guid id, string sha256)
    {
        var path = PathOf(sha256);
        var folder = Path.GetDirectoryName(path)!;
        var above = Path.GetDirectoryName(folder)!;
        var isNew = !Directory.Exists(folder);
        Directory.CreateDirectory(folder, Private);
        File.Move(PartialOf(id), path, overwrite: true);
        Flush(folder);
        if (!isNew)
            return;
        Flush(above);
        Flush(_root);
    }

    /// <summary>Content, and the previews of it.</summary>
    public void Remove(string sha256)
    {
        var path = PathOf(sha256);
        if (!Directory.Exists(Path.GetDirectoryName(path)))
            return;
        foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(path)!, sha256 + "*").ToList())
            File.Delete(file);
    }

    public void RemovePartial(Guid id)
    {
        if (Directory.Exists(Partials))
            File.Delete(PartialOf(id));
    }

    /// <summary>The unfinished uploads that nobody wrote to since.</summary>
    public IEnumerable<Guid> ListPartials(DateTime untouchedSince) =>
        from path in Directory.Exists(Partials) ? Directory.EnumerateFiles(Partials) : []
        where File.GetLastWriteTimeUtc(path) < untouchedSince
        let id = Guid.TryParseExact(Path.GetFileName(path), "N", out var parsed) ? parsed : default(Guid?)
        where id is not null
        select id.Value;

    /// <summary>The hashes of all content that was there already then.</summary>
    public IEnumerable<string> ListContent(DateTime before) =>
        from first in Directory.Exists(_root) ? Directory.EnumerateDirectories(_root, "??") : []
        from second in Directory.EnumerateDirectories(first, "??")
        from path in Directory.EnumerateFiles(second)
        let name = Path.GetFileName(path)
        where name.Length == 64 && File.GetLastWriteTimeUtc(path) < before
        select name;

    /// <summary>A name survives a power cut when its folder is flushed too.</summary>
    private static void Flush(string folder)
    {
        var descriptor = open(folder, ReadOnly);
        if (descriptor < 0)
            throw new IOException($"{folder}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
        _ = fsync(descriptor);
        _ = close(descriptor);
    }

    [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern int open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern int fsync(int descriptor);

    [DllImport("libc", SetLastError = true)]
    private static extern int close(int descriptor);
}
