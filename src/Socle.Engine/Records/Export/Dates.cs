using System.Globalization;

namespace Socle.Records.Export;

/// <summary>
/// PostgreSQL's days and microseconds since 2000 as .NET's dates, and as people in France write them. A date is days and nothing
/// else: no zone has a part in it.
/// </summary>
internal static class Dates
{
    private static readonly DateTime Epoch = new(2000, 1, 1);
    private static readonly long FirstMicrosecond = (DateTime.MinValue.Ticks - Epoch.Ticks) / TimeSpan.TicksPerMicrosecond;
    private static readonly long LastMicrosecond = (DateTime.MaxValue.Ticks - Epoch.Ticks) / TimeSpan.TicksPerMicrosecond;
    private static readonly int FirstDay = (DateTime.MinValue - Epoch).Days;
    private static readonly int LastDay = (DateTime.MaxValue - Epoch).Days;

    /// <summary>Whether the day is in the years 1 to 9999.</summary>
    public static bool IsInCalendar(int days) => days >= FirstDay && days <= LastDay;

    /// <summary>Whether the microsecond is in the years 1 to 9999.</summary>
    public static bool IsInCalendar(long microseconds) => microseconds >= FirstMicrosecond && microseconds <= LastMicrosecond;

    public static DateTime OfDay(long days) => Epoch.AddTicks(days * TimeSpan.TicksPerDay);

    public static DateTime OfMicrosecond(long microseconds) => Epoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);

    /// <summary><c>31/12/2026</c></summary>
    public static int WriteDay(DateTime day, Span<byte> text)
    {
        day.TryFormat(text, out var length, "dd'/'MM'/'yyyy", CultureInfo.InvariantCulture);
        return length;
    }

    /// <summary><c>31/12/2026 14:05:09</c>, with the fraction of the second and the offset where there is one to tell.</summary>
    public static int WriteMoment(LocalTime local, Span<byte> text)
    {
        // An F writes nothing for a zero, and takes the comma before it along.
        var format = local.At.Ticks % TimeSpan.TicksPerSecond == 0 ? "dd'/'MM'/'yyyy HH':'mm':'ss" : "dd'/'MM'/'yyyy HH':'mm':'ss','FFFFFF";
        local.At.TryFormat(text, out var length, format, CultureInfo.InvariantCulture);
        if (local.Offset is not { } offset)
            return length;
        text[length++] = (byte)' ';
        text[length++] = offset < TimeSpan.Zero ? (byte)'-' : (byte)'+';
        offset.Duration().TryFormat(text[length..], out var written, "hh':'mm", CultureInfo.InvariantCulture);
        return length + written;
    }

    /// <summary><c>26:05:09</c>, with the fraction of the second where there is one.</summary>
    public static int WriteHours(long microseconds, Span<byte> text)
    {
        var (seconds, fraction) = Math.DivRem(microseconds, 1_000_000);
        System.Text.Unicode.Utf8.TryWrite(
            text,
            CultureInfo.InvariantCulture,
            $"{(microseconds < 0 ? "-" : "")}{Math.Abs(seconds / 3600):00}:{Math.Abs(seconds / 60 % 60):00}:{Math.Abs(seconds % 60):00}",
            out var length);
        if (fraction == 0)
            return length;
        System.Text.Unicode.Utf8.TryWrite(text[length..], CultureInfo.InvariantCulture, $",{Math.Abs(fraction):000000}", out var written);
        return length + text[length..(length + written)].TrimEnd((byte)'0').Length;
    }
}
