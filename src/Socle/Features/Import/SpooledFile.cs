namespace Socle.Features.Import;

/// <summary>A file on disk without a name: what it holds goes when it is closed, also by a crash.</summary>
internal sealed class SpooledFile : IAsyncDisposable
{
    private const int BufferBytes = 65_536;

    public SpooledFile(string folder)
    {
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var path = Path.Combine(folder, $"{Guid.NewGuid():N}.part");
        Stream = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.Delete,
            BufferSize = BufferBytes,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        File.Delete(path);
    }

    public FileStream Stream { get; }

    public ValueTask DisposeAsync() => Stream.DisposeAsync();
}
