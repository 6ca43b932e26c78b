namespace Socle.Files;

/// <summary>An upload in parts.</summary>
/// <param name="Size">What was announced, in bytes.</param>
/// <param name="Metadata">As the client sent it.</param>
/// <param name="Owner">Who began it.</param>
/// <param name="Offset">The bytes that are there.</param>
/// <param name="IsFinished">It is a file by now.</param>
public sealed record Upload(Guid Id, string Name, long Size, string? Metadata, (Guid? UserId, string? Name) Owner, DateTimeOffset ExpiresAt, long Offset = 0, bool IsFinished = false);

/// <summary>The hash of one part, which the client sends along.</summary>
/// <param name="Algorithm"><c>sha1</c>, <c>sha256</c> or <c>md5</c>.</param>
public sealed record PartChecksum(string Algorithm, byte[] Hash)
{
    public static IReadOnlyList<string> Algorithms { get; } = ["sha1", "sha256", "md5"];
}
