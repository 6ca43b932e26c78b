using System.Buffers;
using System.Security.Cryptography;
using Socle.Kernel;

namespace Socle.Files;

/// <summary>How a body became bytes on disk.</summary>
/// <param name="Written">The bytes that came.</param>
/// <param name="IsTooLong">More came than were wanted; what was wanted is written.</param>
/// <param name="IsCutOff">The sender left in the middle.</param>
internal readonly record struct Received(long Written, bool IsTooLong, bool IsCutOff);

/// <summary>Streams bodies to disk and hashes them on their way, with one small buffer each.</summary>
internal static class Receiving
{
    private const int BufferBytes = 131_072;

    /// <param name="body">What is sent.</param>
    /// <param name="file">Where it goes, from where the stream stands.</param>
    /// <param name="most">The most bytes that are wanted.</param>
    /// <param name="hashes">What every byte goes through.</param>
    /// <param name="cancellation">The sender left.</param>
    public static async Task<Received> Copy(Stream body, FileStream file, long most, IReadOnlyList<IncrementalHash> hashes, CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        var written = 0L;
        try
        {
            while (true)
            {
                int read;
                try
                {
                    read = await body.ReadAsync(buffer, cancellation);
                }
                catch (Exception exception) when (exception is IOException or OperationCanceledException)
                {
                    return new Received(written, IsTooLong: false, IsCutOff: true);
                }

                if (read == 0)
                    return new Received(written, IsTooLong: false, IsCutOff: false);
                var wanted = (int)Math.Min(read, most - written);
                foreach (var hash in hashes)
                    hash.AppendData(buffer, 0, wanted);
                // What has arrived is kept, so that nobody need send it again.
                await file.WriteAsync(buffer.AsMemory(0, wanted), CancellationToken.None);
                written += wanted;
                if (wanted < read)
                    return new Received(written, IsTooLong: true, IsCutOff: false);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public static async Task<string> Hash(FileStream file, CancellationToken cancellation)
    {
        file.Position = 0;
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            for (int read; (read = await file.ReadAsync(buffer, cancellation)) > 0;)
                sha256.AppendData(buffer, 0, read);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return Convert.ToHexStringLower(sha256.GetHashAndReset());
    }

    /// <summary>A disk that took no more, as a fault; null for what is none.</summary>
    public static Fault? FindFault(IOException exception) =>
        (exception.HResult & 0xffff) is NoSpace or OverDiskQuota ? FileFaults.DiskFull : null;

    // errno's ENOSPC and EDQUOT.
    private const int NoSpace = 28;
    private const int OverDiskQuota = 122;
}
