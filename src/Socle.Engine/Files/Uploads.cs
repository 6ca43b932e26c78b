using System.Security.Cryptography;
using Npgsql;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.Files;

/// <summary>
/// Uploads in parts, which survive broken connections and crashes: what is announced is a row, what has arrived are bytes in the folder,
/// and how far it is, is their number. The last part makes it a file. Only who began it goes on.
/// </summary>
public sealed class Uploads(Database database, FileStore store)
{
    /// <summary>Until an upload that is not finished is thrown away.</summary>
    public static TimeSpan Lifetime { get; } = TimeSpan.FromDays(1);

    public async Task<Result<Upload>> Begin(string? name, long size, string? metadata, FileCaller caller, CancellationToken cancellation)
    {
        if (await store.Refuse(size, cancellation) is { } fault)
            return fault;
        var upload = new Upload(Guid.NewGuid(), FileName.Clean(name), size, metadata, (caller.UserId, caller.Name), DateTimeOffset.UtcNow + Lifetime);
        await using (store.Folder.OpenPartial(upload.Id, isNew: true))
        {
        }

        await UploadRows.Add(database.Maintenance, upload, cancellation);
        return size == 0 ? await Finish(upload, null, cancellation) : upload;
    }

    /// <summary>How far it is; one whose bytes are all there, but which a crash kept from being finished, is finished now.</summary>
    public async Task<Result<Upload>> Get(Guid id, FileCaller caller, CancellationToken cancellation)
    {
        if (await Find(id, caller, cancellation) is not { } upload)
            return FileFaults.NoUpload;
        if (upload.IsFinished || upload.Offset < upload.Size)
            return upload;
        try
        {
            return await Finish(upload, null, cancellation);
        }
        catch (IOException)
        {
            return FileFaults.Busy;
        }
    }

    /// <summary>Adds a part at the offset at which the client believes the upload to be.</summary>
    public async Task<Result<Upload>> Append(Guid id, long offset, Stream body, PartChecksum? checksum, FileCaller caller, CancellationToken cancellation)
    {
        if (await Find(id, caller, cancellation) is not { IsFinished: false } upload)
            return FileFaults.NoUpload;
        try
        {
            using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var written = await Write(upload, offset, body, checksum, sha256, cancellation);
            if (written.IsFault || written.Value.Offset < upload.Size)
                return written;
            return await Finish(written.Value, offset == 0 ? Convert.ToHexStringLower(sha256.GetHashAndReset()) : null, CancellationToken.None);
        }
        catch (FileNotFoundException)
        {
            return FileFaults.NoUpload;
        }
        catch (IOException exception)
        {
            // The other reason not to get at it is that somebody else writes to it.
            return Receiving.FindFault(exception) ?? FileFaults.Busy;
        }
    }

    public async Task<Result<Upload>> Cancel(Guid id, FileCaller caller, CancellationToken cancellation)
    {
        if (await Find(id, caller, cancellation) is not { IsFinished: false } upload)
            return FileFaults.NoUpload;
        await UploadRows.Remove(database.Maintenance, id, cancellation);
        store.Folder.RemovePartial(id);
        return upload;
    }

    private async Task<Upload?> Find(Guid id, FileCaller caller, CancellationToken cancellation)
    {
        if (await UploadRows.Find(database.Maintenance, id, cancellation) is not { } upload || !(caller.IsAdministrator || IsOwner(caller, upload)))
            return null;
        if (upload.IsFinished)
            return upload with { Offset = upload.Size };
        var partial = new FileInfo(store.Folder.PartialOf(id));
        return partial.Exists ? upload with { Offset = partial.Length } : null;
    }

    /// <summary>Names of accounts change; programs have nothing else.</summary>
    private static bool IsOwner(FileCaller caller, Upload upload) =>
        caller.UserId == upload.Owner.UserId && (caller.UserId is not null || caller.Name == upload.Owner.Name);

    private async Task<Result<Upload>> Write(Upload upload, long offset, Stream body, PartChecksum? checksum, IncrementalHash sha256, CancellationToken cancellation)
    {
        await using var file = store.Folder.OpenPartial(upload.Id);
        if (file.Length != offset)
            return FileFaults.WrongOffset(file.Length);
        if (store.Folder.FreeBytes - (upload.Size - offset) < StorageLimits.KeptFree)
            return FileFaults.DiskFull;
        file.Position = offset;
        using var part = checksum is null ? null : IncrementalHash.CreateHash(new HashAlgorithmName(checksum.Algorithm.ToUpperInvariant()));
        var received = await Receiving.Copy(body, file, upload.Size - offset, part is null ? [sha256] : [sha256, part], cancellation);
        var isWrong = checksum is not null && (received.IsCutOff || !CryptographicOperations.FixedTimeEquals(part!.GetHashAndReset(), checksum.Hash));
        if (isWrong || received.IsTooLong)
        {
            file.SetLength(offset);
            return received.IsTooLong ? FileFaults.TooLong : FileFaults.WrongChecksum;
        }

        // What is told to have arrived is there after a power cut too.
        file.Flush(flushToDisk: true);
        return upload with { Offset = offset + received.Written };
    }

    private async Task<Result<Upload>> Finish(Upload upload, string? sha256, CancellationToken cancellation)
    {
        var path = store.Folder.PartialOf(upload.Id);
        // While it is held nobody else finishes it too; the rename does not mind.
        await using var file = store.Folder.OpenPartial(upload.Id);
        sha256 ??= await Receiving.Hash(file, cancellation);
        file.Flush(flushToDisk: true);
        var type = await ContentType.Detect(path, cancellation);
        var kept = await store.Keep(upload.Id, (upload.Name, upload.Size, type, sha256), upload.Owner);
        if (kept.IsFault)
            return kept.Faults;
        return upload with { IsFinished = true, Offset = upload.Size };
    }
}
