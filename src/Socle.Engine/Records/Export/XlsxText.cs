using System.Buffers;
using System.Text;

namespace Socle.Records.Export;

/// <summary>
/// Text inside a cell's XML. Signs that XML cannot hold are written <c>_x0001_</c>, as Excel does, and what only looks like that begins
/// with <c>_x005F_</c>. Excel holds 32,767 signs (UTF-16) a cell: longer text is cut there, its last sign is then <c>…</c>.
/// </summary>
internal static class XlsxText
{
    public const int LongestText = 32_767;

    private static readonly SearchValues<byte> Plain = SearchValues.Create(Enumerable.Range(0x20, 0x60).Append('\n').Append('\t').Select(value => (byte)value).Except("&<>_"u8.ToArray()).ToArray());

    /// <returns>How many signs wide its longest line is, roughly.</returns>
    public static int Write(ReadOnlySpan<byte> text, IBufferWriter<byte> to)
    {
        if (text.Length > LongestText && Encoding.UTF8.GetCharCount(text) > LongestText)
            text = Cut(text);
        var width = text.IndexOf((byte)'\n') is >= 0 and var end ? end : text.Length;
        for (var odd = text.IndexOfAnyExcept(Plain); odd >= 0; odd = text.IndexOfAnyExcept(Plain))
        {
            to.Write(text[..odd]);
            text = text[odd..];
            text = text[WriteOdd(text, to)..];
        }

        to.Write(text);
        return width;
    }

    /// <returns>How many bytes of the text are dealt with.</returns>
    private static int WriteOdd(ReadOnlySpan<byte> text, IBufferWriter<byte> to)
    {
        Rune.DecodeFromUtf8(text, out var rune, out var length);
        switch (rune.Value)
        {
            case '&':
                to.Write("&amp;"u8);
                break;
            case '<':
                to.Write("&lt;"u8);
                break;
            case '>':
                to.Write("&gt;"u8);
                break;
            case '_' when IsEscape(text):
                to.Write("_x005F_"u8);
                break;
            case (< ' ' and not '\t' and not '\n') or 0xFFFE or 0xFFFF:
                to.Write(Encoding.ASCII.GetBytes($"_x{rune.Value:X4}_"));
                break;
            default:
                to.Write(text[..length]);
                break;
        }

        return length;
    }

    /// <summary>Whether Excel would read an escaped sign here: <c>_x0041_</c>.</summary>
    private static bool IsEscape(ReadOnlySpan<byte> text)
    {
        if (text.Length < 7 || text[1] is not ((byte)'x' or (byte)'X') || text[6] != (byte)'_')
            return false;
        foreach (var digit in text[2..6])
        {
            if (!char.IsAsciiHexDigit((char)digit))
                return false;
        }

        return true;
    }

    private static byte[] Cut(ReadOnlySpan<byte> text)
    {
        var whole = Encoding.UTF8.GetString(text);
        // Half of a pair is no sign.
        var length = char.IsHighSurrogate(whole[LongestText - 2]) ? LongestText - 2 : LongestText - 1;
        return Encoding.UTF8.GetBytes(whole[..length] + '…');
    }
}
