namespace Socle.Imports.Values;

/// <summary>The blanks that French text has besides the plain one: no-break (U+00A0), narrow no-break (U+202F) and thin (U+2009).</summary>
internal static class Blanks
{
    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty && LengthAt(text) is > 0 and var length)
            text = text[length..];
        while (!text.IsEmpty && LengthAtEnd(text) is > 0 and var length)
            text = text[..^length];
        return text;
    }

    /// <summary>The length of what separates groups of digits, which begins here: a blank or the apostrophe of the Swiss, or the other of comma and point.</summary>
    public static int GroupLength(ReadOnlySpan<byte> text) =>
        text[0] is (byte)'.' or (byte)',' or (byte)'\'' ? 1 : text.StartsWith("’"u8) ? 3 : LengthAt(text);

    public static int LengthAt(ReadOnlySpan<byte> text) =>
        text[0] is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r' ? 1
        : text[0] < 0xC2 ? 0
        : text.StartsWith("\u00a0"u8) ? 2
        : text.StartsWith("\u202f"u8) || text.StartsWith("\u2009"u8) ? 3
        : 0;

    private static int LengthAtEnd(ReadOnlySpan<byte> text) =>
        text[^1] is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r' ? 1
        : text[^1] < 0x80 ? 0
        : text.EndsWith("\u00a0"u8) ? 2
        : text.EndsWith("\u202f"u8) || text.EndsWith("\u2009"u8) ? 3
        : 0;
}
