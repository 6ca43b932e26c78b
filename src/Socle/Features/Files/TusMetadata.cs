using System.Text;
using Socle.Files;
using Socle.Kernel;

namespace Socle.Features.Files;

/// <summary>Reads tus's headers of words and base64: <c>filename Zm9v,filetype aW1n</c> and <c>sha1 …</c>.</summary>
internal static class TusMetadata
{
    /// <summary>The name that the client gives the file; null when it gives none that can be read.</summary>
    public static string? FindName(string? metadata)
    {
        foreach (var pair in (metadata ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var words = pair.Split(' ', 2);
            if (words is ["filename" or "name", var encoded] && FindBytes(encoded) is { } bytes)
                return Encoding.UTF8.GetString(bytes);
        }

        return null;
    }

    /// <summary>Null when there is none.</summary>
    public static Result<PartChecksum?> ReadChecksum(string? header)
    {
        if (string.IsNullOrEmpty(header))
            return (PartChecksum?)null;
        var words = header.Split(' ', 2);
        if (words.Length == 2 && PartChecksum.Algorithms.Contains(words[0]) && FindBytes(words[1]) is { } hash)
            return new PartChecksum(words[0], hash);
        return new Fault(
            FaultCode.InvalidRequest,
            $"Upload-Checksum is one of {string.Join(", ", PartChecksum.Algorithms)}, a blank, and the hash in base64.",
            $"Upload-Checksum est l'un de {string.Join(", ", PartChecksum.Algorithms)}, une espace, et l'empreinte en base64.",
            "Upload-Checksum");
    }

    private static byte[]? FindBytes(string base64)
    {
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var length) ? bytes[..length] : null;
    }
}
