using System.Globalization;

namespace Socle.Imports.Reading;

/// <summary>Numbers of cells: as a number, as a day, a moment or a time. Days are counted, no clock has a part in it.</summary>
internal static class XlsxNumbers
{
    /// <summary>Excel keeps 15 digits; what a file has beyond them is the noise of binary fractions.</summary>
    private const int TrustedDigits = 15;

    private const double LastSerial = 2_958_466;

    /// <summary>The number in plain digits, filled with zeros where its format shows them; null when it is none.</summary>
    public static string? Plain(string text, int zeros)
    {
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number))
            return null;
        if (zeros > 0 && number is >= 0 and < 1e15 && Math.Floor(number) == number)
            return ((long)number).ToString(new string('0', zeros), CultureInfo.InvariantCulture);
        // Cells hold 1E-05 where people write 0.00001; text fields get what people write.
        return text.Contains('E', StringComparison.OrdinalIgnoreCase) && Math.Abs(number) is > 1e-20 and < 1e28 ? ((decimal)number).ToString(CultureInfo.InvariantCulture) : text;
    }

    /// <summary>A serial number as ISO text; null when it is out of Excel's calendar.</summary>
    public static string? Date(string text, NumberLook look, bool isFrom1904)
    {
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var serial) || serial < 0 || serial >= LastSerial)
            return null;
        var precision = text.Count(char.IsAsciiDigit) > TrustedDigits ? TimeSpan.TicksPerMicrosecond : TimeSpan.TicksPerMillisecond;
        var days = Math.Floor(serial);
        var ticks = (long)Math.Round((serial - days) * TimeSpan.TicksPerDay / precision) * precision;
        if (look == NumberLook.Time && days == 0)
            return ticks == TimeSpan.TicksPerDay ? "24:00:00" : new TimeOnly(ticks).ToString("HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture);
        // Excel believes in 29 February 1900: before it, the count is one off.
        var first = isFrom1904 ? new DateTime(1904, 1, 1) : days < 60 ? new DateTime(1899, 12, 31) : new DateTime(1899, 12, 30);
        var moment = first.AddDays(days).AddTicks(ticks);
        return moment.TimeOfDay == TimeSpan.Zero
            ? moment.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
            : moment.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture);
    }
}
