using System.Security.Cryptography;
using Socle.Kernel;

namespace Socle.Files;

/// <summary>Files that come in one request: streamed to disk, hashed on the way, flushed, then known. One that breaks off leaves nothing.</summary>
public sealed class DirectUploads(FileStore store)
{
    /// <param name="body">The content.</param>
    /// <param name="name">As the client calls it.</param>
    /// <param name="caller">Who uploads it.</param>
    /// <param name="cancellation">The caller left.</param>
    public async Task<Result<StoredFile>> Receive(Stream body, string? name, FileCaller caller, CancellationToken cancellation)
    {
        var id = Guid.NewGuid();
        var isKept = false;
        try
        {
            var received = await Write(id, body, cancellation);
            if (received.IsFault)
                return received.Faults;
            var type = await ContentType.Detect(store.Folder.PartialOf(id), cancellation);
            var kept = await store.Keep(id, (FileName.Clean(name), received.Value.Size, type, received.Value.Sha256), (caller.UserId, caller.Name));
            isKept = !kept.IsFault;
            return kept;
        }
        catch (IOException exception) when (Receiving.FindFault(exception) is { } fault)
        {
            return fault;
        }
        finally
        {
            if (!isKept)
                store.Folder.RemovePartial(id);
        }
    }

    private async Task<Result<(long Size, string Sha256)>> Write(Guid id, Stream body, CancellationToken cancellation)
    {
        await using var file = store.Folder.OpenPartial(id, isNew: true);
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var most = Math.Min(store.Limits.MaxSize, Math.Max(0, store.Folder.FreeBytes - StorageLimits.KeptFree));
        var received = await Receiving.Copy(body, file, most, [sha256], cancellation);
        if (received.IsCutOff)
            return CutOff;
        if (received.IsTooLong)
            return most < store.Limits.MaxSize ? FileFaults.DiskFull : FileFaults.TooLarge(store.Limits.MaxSize);
        file.Flush(flushToDisk: true);
        return (received.Written, Convert.ToHexStringLower(sha256.GetHashAndReset()));
    }

    private static Fault CutOff { get; } = new(
        FaultCode.InvalidRequest,
        "The file is cut off: the connection broke. To go on where it broke, upload it by /api/files/uploads.",
        "Le fichier est tronqué : la connexion s'est rompue. Pour reprendre là où elle s'est rompue, envoyez-le par /api/files/uploads.");
}
