using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;

namespace Socle.Postgres.Wire;

/// <summary>The binary form of an interval (microseconds, days, months) as ISO 8601, letter by letter what PostgreSQL writes with <c>intervalstyle = iso_8601</c>.</summary>
internal static class WireIntervals
{
    private const long Second = 1_000_000;

    public static void WriteInterval(Utf8JsonWriter json, ReadOnlySpan<byte> value)
    {
        Span<byte> text = stackalloc byte[96];
        json.WriteStringValue(text[..Write(
            text,
            BinaryPrimitives.ReadInt32BigEndian(value[12..]),
            BinaryPrimitives.ReadInt32BigEndian(value[8..]),
            BinaryPrimitives.ReadInt64BigEndian(value))]);
    }

    private static int Write(Span<byte> text, int months, int days, long microseconds)
    {
        if (months == 0 && days == 0 && microseconds == 0)
        {
            "PT0S"u8.CopyTo(text);
            return 4;
        }

        text[0] = (byte)'P';
        var length = 1;
        Add(text, ref length, months / 12, 'Y');
        Add(text, ref length, months % 12, 'M');
        Add(text, ref length, days, 'D');
        if (microseconds == 0)
            return length;
        text[length++] = (byte)'T';
        Add(text, ref length, microseconds / (3600 * Second), 'H');
        Add(text, ref length, microseconds / (60 * Second) % 60, 'M');
        AddSeconds(text, ref length, microseconds % (60 * Second));
        return length;
    }

    private static void Add(Span<byte> text, ref int length, long number, char unit)
    {
        if (number == 0)
            return;
        Utf8.TryWrite(text[length..], CultureInfo.InvariantCulture, $"{number}{unit}", out var written);
        length += written;
    }

    private static void AddSeconds(Span<byte> text, ref int length, long microseconds)
    {
        if (microseconds == 0)
            return;
        var (seconds, fraction) = (microseconds / Second, Math.Abs(microseconds % Second));
        Utf8.TryWrite(text[length..], CultureInfo.InvariantCulture, $"{(microseconds < 0 ? "-" : "")}{Math.Abs(seconds)}", out var written);
        length += written;
        if (fraction != 0)
        {
            Utf8.TryWrite(text[length..], CultureInfo.InvariantCulture, $".{fraction:000000}", out written);
            length += text.Slice(length, written).TrimEnd((byte)'0').Length;
        }

        text[length++] = (byte)'S';
    }
}
