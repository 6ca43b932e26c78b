namespace Socle.Files;

/// <summary>A file as it is known: its content is in the folder under its hash.</summary>
/// <param name="Name">Clean, but whatever its owner calls it: it says nothing of the content.</param>
/// <param name="Sha256">Of the content, in small hexadecimal figures.</param>
/// <param name="Uploader">How the history names who uploaded it; told to administrators.</param>
public sealed record StoredFile(Guid Id, string Name, long Size, ContentType Type, string Sha256, DateTimeOffset CreatedAt, string? Uploader = null)
{
    public string Url => $"/api/files/{Id}";
}

/// <summary>How much may be stored.</summary>
/// <param name="MaxSize">The largest file, in bytes (MAX_FILE_SIZE).</param>
/// <param name="Quota">All content together, in bytes (FILES_QUOTA); zero is as much as the disk takes.</param>
public sealed record StorageLimits(long MaxSize, long Quota)
{
    /// <summary>What stays free of the disk, so that the database goes on.</summary>
    public const long KeptFree = 500_000_000;
}
