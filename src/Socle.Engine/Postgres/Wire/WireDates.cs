using System.Text.Json;

namespace Socle.Postgres.Wire;

/// <summary>Dates and times as row_to_json writes them (ISO 8601), moments in UTC. PostgreSQL counts from 2000-01-01, over years that .NET's own types do not reach.</summary>
internal static class WireDates
{
    private const long MicrosecondsPerDay = 86_400_000_000;

    /// <summary>Days from 0000-03-01 to 2000-01-01 in the proleptic Gregorian calendar.</summary>
    private const long DaysToEpoch = 730_425;

    private const int DaysPerEra = 146_097;

    public static void WriteDate(Utf8JsonWriter json, int days)
    {
        Span<byte> text = stackalloc byte[40];
        if (days is int.MaxValue or int.MinValue)
            json.WriteStringValue(days > 0 ? "infinity"u8 : "-infinity"u8);
        else
            json.WriteStringValue(text[..End(text, Day(text, days, out var isBefore), isBefore)]);
    }

    public static void WriteTime(Utf8JsonWriter json, long microseconds)
    {
        Span<byte> text = stackalloc byte[20];
        json.WriteStringValue(text[..Clock(text, 0, microseconds)]);
    }

    public static void WriteTimestamp(Utf8JsonWriter json, long microseconds, bool withZone)
    {
        if (microseconds is long.MaxValue or long.MinValue)
        {
            json.WriteStringValue(microseconds > 0 ? "infinity"u8 : "-infinity"u8);
            return;
        }

        Span<byte> text = stackalloc byte[48];
        var (days, clock) = Math.DivRem(microseconds, MicrosecondsPerDay);
        if (clock < 0)
            (days, clock) = (days - 1, clock + MicrosecondsPerDay);
        var at = Day(text, days, out var isBefore);
        text[at++] = (byte)'T';
        at = Clock(text, at, clock);
        if (withZone)
        {
            "+00:00"u8.CopyTo(text[at..]);
            at += 6;
        }

        json.WriteStringValue(text[..End(text, at, isBefore)]);
    }

    /// <summary>The civil date of a day number (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").</summary>
    private static int Day(Span<byte> text, long days, out bool isBefore)
    {
        var z = days + DaysToEpoch;
        var era = (z >= 0 ? z : z - DaysPerEra + 1) / DaysPerEra;
        var dayOfEra = z - (era * DaysPerEra);
        var yearOfEra = (dayOfEra - (dayOfEra / 1460) + (dayOfEra / 36_524) - (dayOfEra / 146_096)) / 365;
        var dayOfYear = dayOfEra - ((365 * yearOfEra) + (yearOfEra / 4) - (yearOfEra / 100));
        var shifted = ((5 * dayOfYear) + 2) / 153;
        var day = dayOfYear - (((153 * shifted) + 2) / 5) + 1;
        var month = shifted < 10 ? shifted + 3 : shifted - 9;
        var year = yearOfEra + (era * 400) + (month <= 2 ? 1 : 0);
        isBefore = year <= 0;
        var at = Year(text, 0, (uint)(isBefore ? 1 - year : year));
        text[at++] = (byte)'-';
        at = Two(text, at, (uint)month);
        text[at++] = (byte)'-';
        return Two(text, at, (uint)day);
    }

    private static int Clock(Span<byte> text, int at, long microseconds)
    {
        var seconds = (uint)(microseconds / 1_000_000);
        var fraction = (uint)(microseconds % 1_000_000);
        at = Two(text, at, seconds / 3600);
        text[at++] = (byte)':';
        at = Two(text, at, seconds / 60 % 60);
        text[at++] = (byte)':';
        at = Two(text, at, seconds % 60);
        if (fraction == 0)
            return at;
        text[at++] = (byte)'.';
        at = Two(text, Two(text, Two(text, at, fraction / 10_000), fraction / 100 % 100), fraction % 100);
        while (text[at - 1] == (byte)'0')
            at--;
        return at;
    }

    private static int End(Span<byte> text, int at, bool isBefore)
    {
        if (!isBefore)
            return at;
        " BC"u8.CopyTo(text[at..]);
        return at + 3;
    }

    private static int Two(Span<byte> text, int at, uint value)
    {
        text[at] = (byte)('0' + (value / 10));
        text[at + 1] = (byte)('0' + (value % 10));
        return at + 2;
    }

    /// <summary>Four digits; more where the year has more.</summary>
    private static int Year(Span<byte> text, int at, uint value)
    {
        if (value >= 10_000)
        {
            at = Year(text, at, value / 10);
            text[at] = (byte)('0' + (value % 10));
            return at + 1;
        }

        return Two(text, Two(text, at, value / 100), value % 100);
    }
}
