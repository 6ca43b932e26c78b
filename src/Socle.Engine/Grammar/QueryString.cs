using System.Buffers;
using System.Text;
using System.Text.Unicode;
using Socle.Kernel;

namespace Socle.Grammar;

/// <summary>
/// Takes a raw query string (with or without <c>?</c>) and gives its decoded pairs in order, and encodes the
/// other way. Refuses broken percent-escapes and bytes that are not UTF-8; plain characters need no escape.
/// </summary>
internal static class QueryString
{
    // What RFC 3986 allows in a query, without the signs that part parameters or read as a space.
    private static readonly SearchValues<char> Plain =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$'()*,;:@/?");

    public static List<KeyValuePair<string, string>> Decode(string text, Reading reading)
    {
        var pairs = new List<KeyValuePair<string, string>>();
        var rest = text.AsSpan(text.StartsWith('?') ? 1 : 0);
        foreach (var range in rest.Split('&'))
        {
            var part = rest[range];
            if (part.IsEmpty)
                continue;
            var equals = part.IndexOf('=');
            var rawKey = equals < 0 ? part : part[..equals];
            var key = DecodePart(rawKey, rawKey, reading);
            var value = equals < 0 ? "" : DecodePart(part[(equals + 1)..], rawKey, reading);
            if (key is not null && value is not null)
                pairs.Add(new(key, value));
        }

        return pairs;
    }

    public static void AppendEncoded(StringBuilder to, ReadOnlySpan<char> text)
    {
        Span<byte> bytes = stackalloc byte[4];
        while (true)
        {
            var plain = text.IndexOfAnyExcept(Plain);
            to.Append(plain < 0 ? text : text[..plain]);
            if (plain < 0)
                return;
            text = text[plain..];
            Rune.DecodeFromUtf16(text, out var rune, out var consumed);
            text = text[consumed..];
            foreach (var value in bytes[..rune.EncodeToUtf8(bytes)])
                to.Append('%').Append(value.ToString("X2"));
        }
    }

    /// <summary>Whether PostgreSQL can hold the text: no NUL, no half of a surrogate pair.</summary>
    public static bool IsStorable(string text) =>
        !text.Contains('\0') && (!text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') || IsWellFormed(text));

    private static bool IsWellFormed(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out _, out var consumed) != OperationStatus.Done)
                return false;
            text = text[consumed..];
        }

        return true;
    }

    private static string? DecodePart(ReadOnlySpan<char> part, ReadOnlySpan<char> rawKey, Reading reading)
    {
        if (!part.ContainsAny('%', '+'))
            return part.ToString();
        var bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(part.Length));
        try
        {
            var length = 0;
            while (!part.IsEmpty)
            {
                var special = part.IndexOfAny('%', '+');
                var plain = special < 0 ? part : part[..special];
                length += Encoding.UTF8.GetBytes(plain, bytes.AsSpan(length));
                part = part[plain.Length..];
                if (part.IsEmpty)
                    break;
                if (!TryTakeByte(ref part, out bytes[length++]))
                    return Refuse(rawKey, $"\"{TextCursor.Clip(part, 3)}\" is not a percent-escape; a percent sign is written %25", $"« {TextCursor.Clip(part, 3)} » n'est pas un échappement ; le signe pour cent s'écrit %25", reading);
            }

            var decoded = bytes.AsSpan(0, length);
            return Utf8.IsValid(decoded)
                ? Encoding.UTF8.GetString(decoded)
                : Refuse(rawKey, "the percent-escapes are not UTF-8; encode the text as UTF-8", "les échappements ne forment pas de l'UTF-8 ; encodez le texte en UTF-8", reading);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private static bool TryTakeByte(ref ReadOnlySpan<char> part, out byte value)
    {
        value = (byte)' ';
        if (part[0] == '%')
        {
            if (part.Length < 3 || !char.IsAsciiHexDigit(part[1]) || !char.IsAsciiHexDigit(part[2]))
                return false;
            value = (byte)((Hex(part[1]) << 4) | Hex(part[2]));
            part = part[3..];
            return true;
        }

        part = part[1..];
        return true;
    }

    private static int Hex(char digit) => char.IsAsciiDigit(digit) ? digit - '0' : (digit | 0x20) - 'a' + 10;

    private static string? Refuse(ReadOnlySpan<char> rawKey, string english, string french, Reading reading)
    {
        var name = TextCursor.Clip(rawKey, 60);
        reading.Add(new Fault(FaultCode.InvalidFilter, $"In the parameter \"{name}\": {english}.", $"Dans le paramètre « {name} » : {french}.", rawKey.ToString()));
        return null;
    }
}
