using System.Buffers;
using System.Text;

namespace Socle.Imports.Reading;

/// <summary>
/// Repairs text that was UTF-8, was read as windows-1252 and written as UTF-8 again: <c>Ã©</c> → <c>é</c>. Takes a cell, gives the repaired one
/// when every character of it that is not ASCII takes part in the repair; otherwise it is left alone, so that SÃO stays SÃO.
/// </summary>
internal sealed class DoubleEncoding
{
    /// <summary>Text can have gone through it several times.</summary>
    private const int MostRounds = 3;

    /// <summary>The characters that windows-1252 has at 0x80 to 0x9F; those it leaves out stand for themselves.</summary>
    private const string High = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ";

    private static readonly SearchValues<byte> Suspects = SearchValues.Create(0xC3, 0xC2, 0xC5);

    private byte[] _first = new byte[256];
    private byte[] _second = new byte[256];

    /// <summary>Cells that were repaired.</summary>
    public long Count { get; private set; }

    /// <summary>The repaired text, valid until the next call, or the text itself.</summary>
    public ReadOnlySpan<byte> Repair(ReadOnlySpan<byte> text)
    {
        // What begins a doubled sequence is a character from À to ÷ (C3 80 to C3 B7), written with these bytes.
        if (text.IndexOfAny(Suspects) < 0)
            return text;
        var isRepaired = false;
        for (var round = 0; round < MostRounds && Undo(text, ref _first, out var length); round++)
        {
            text = _first.AsSpan(0, length);
            (_first, _second) = (_second, _first);
            isRepaired = true;
        }

        Count += isRepaired ? 1 : 0;
        return text;
    }

    /// <summary>Characters → the bytes they had in windows-1252, if those are UTF-8 with at least one character beyond ASCII.</summary>
    private static bool Undo(ReadOnlySpan<byte> text, ref byte[] bytes, out int length)
    {
        length = 0;
        if (bytes.Length < text.Length)
            bytes = new byte[text.Length];
        var hasHigh = false;
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(text, out var rune, out var used) != OperationStatus.Done || ByteOf(rune) is not { } value)
                return false;
            bytes[length++] = value;
            hasHigh |= value >= 0x80;
            text = text[used..];
        }

        return hasHigh && System.Text.Unicode.Utf8.IsValid(bytes.AsSpan(0, length));
    }

    private static byte? ByteOf(Rune rune)
    {
        if (rune.Value is < 0x80 or (>= 0xA0 and <= 0xFF))
            return (byte)rune.Value;
        return rune.IsBmp && High.IndexOf((char)rune.Value, StringComparison.Ordinal) is >= 0 and var index ? (byte)(0x80 + index) : null;
    }
}
