using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Socle.Access.Tokens;

/// <summary>
/// Signed bytes as text: header, payload and signature in base64url, joined by dots (RFC 7515, 7.1). Takes one key and
/// the one header that goes with it. Refuses every other header without reading it, so that no token can choose an
/// algorithm, a key or an extension, and every spelling of the bytes but the canonical one.
/// </summary>
internal sealed class CompactJws(IJwsKey key, string header)
{
    private const int MaxLength = 4096;

    private readonly string _start = $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header))}.";

    public string Sign(ReadOnlySpan<byte> payload)
    {
        var input = _start + Base64Url.EncodeToString(payload);
        return $"{input}.{Base64Url.EncodeToString(key.Sign(Encoding.ASCII.GetBytes(input)))}";
    }

    /// <summary>The payload, or null when the text is not one that the key signed.</summary>
    public byte[]? Open(string text)
    {
        if (text.Length > MaxLength || !text.StartsWith(_start, StringComparison.Ordinal))
            return null;
        var end = text.LastIndexOf('.');
        if (end < _start.Length || Read(text.AsSpan(end + 1)) is not { } signature || Read(text.AsSpan(_start.Length..end)) is not { } payload)
            return null;
        return key.Verify(Encoding.ASCII.GetBytes(text, 0, end), signature) ? payload : null;
    }

    private static byte[]? Read(ReadOnlySpan<char> text)
    {
        var bytes = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        if (Base64Url.DecodeFromChars(text, bytes, out _, out var length) != OperationStatus.Done)
            return null;
        Array.Resize(ref bytes, length);
        // Padding, blanks and stray bits at the end would be other texts for the same bytes.
        return text.SequenceEqual(Base64Url.EncodeToString(bytes)) ? bytes : null;
    }
}
