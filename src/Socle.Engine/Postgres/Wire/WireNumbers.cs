using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;

namespace Socle.Postgres.Wire;

internal static class WireNumbers
{
    /// <summary>JSON has no NaN or infinity: they become strings, as in row_to_json.</summary>
    public static void WriteFloat(Utf8JsonWriter json, double value)
    {
        if (double.IsFinite(value))
            json.WriteNumberValue(value);
        else
            json.WriteStringValue(Name(value));
    }

    public static void WriteFloat(Utf8JsonWriter json, float value)
    {
        if (float.IsFinite(value))
            json.WriteNumberValue(value);
        else
            json.WriteStringValue(Name(value));
    }

    /// <summary>
    /// numeric_send: the number of base-10000 digits, the weight of the first, the sign, how many decimals to show, the digits.
    /// </summary>
    public static void WriteNumeric(Utf8JsonWriter json, ReadOnlySpan<byte> value)
    {
        var count = BinaryPrimitives.ReadInt16BigEndian(value);
        var weight = BinaryPrimitives.ReadInt16BigEndian(value[2..]);
        var sign = BinaryPrimitives.ReadUInt16BigEndian(value[4..]);
        var scale = BinaryPrimitives.ReadInt16BigEndian(value[6..]);
        if (sign is 0xC000 or 0xD000 or 0xF000)
        {
            json.WriteStringValue(sign == 0xC000 ? "NaN" : sign == 0xD000 ? "Infinity" : "-Infinity");
            return;
        }

        // The sign, the digits before the point (at least a zero), the point, the decimals rounded up to whole groups.
        var size = 2 + (4 * (Math.Max((int)weight, 0) + 1)) + scale + 4;
        Span<byte> text = size <= 512 ? stackalloc byte[512] : new byte[size];
        var digits = new NumericDigits(value[8..], count, weight);
        json.WriteRawValue(Format(text, digits, negative: sign == 0x4000, scale), skipInputValidation: true);
    }

    private static ReadOnlySpan<byte> Format(Span<byte> text, NumericDigits digits, bool negative, int scale)
    {
        var at = 0;
        if (negative)
            text[at++] = (byte)'-';
        if (digits.Weight < 0)
            text[at++] = (byte)'0';
        for (var group = 0; group <= digits.Weight; group++)
        {
            digits.Group(group).TryFormat(text[at..], out var written, group == 0 ? "D" : "D4", CultureInfo.InvariantCulture);
            at += written;
        }

        if (scale == 0)
            return text[..at];
        text[at++] = (byte)'.';
        var end = at + scale;
        for (var group = digits.Weight < 0 ? 0 : digits.Weight + 1; at < end; group++)
        {
            // Groups between the point and the first digit are zeros: weights below minus one.
            var index = digits.Weight < 0 ? group + digits.Weight + 1 : group;
            digits.Group(index).TryFormat(text[at..], out _, "D4", CultureInfo.InvariantCulture);
            at += 4;
        }

        return text[..end];
    }

    private static string Name(double value) => double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";

    /// <summary>The base-10000 digits; those that were not sent are zeros.</summary>
    private readonly ref struct NumericDigits(ReadOnlySpan<byte> bytes, int count, int weight)
    {
        private readonly ReadOnlySpan<byte> _bytes = bytes;

        public int Weight { get; } = weight;

        public short Group(int index) => index >= 0 && index < count ? BinaryPrimitives.ReadInt16BigEndian(_bytes[(2 * index)..]) : (short)0;
    }
}
