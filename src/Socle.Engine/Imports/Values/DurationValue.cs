using System.Globalization;
using System.Text;
using Socle.FieldTypes;
using Socle.Imports.Reading;

namespace Socle.Imports.Values;

/// <summary>A length of time: ISO 8601, <c>26:30</c>, <c>1h30</c>, <c>45 min</c>, or the cell of a spreadsheet that shows hours. A bare number could be anything, and is refused.</summary>
internal sealed class DurationValue : ValueReader
{
    private const int Longest = 100;

    /// <summary>Spreadsheets keep a length of time as a moment that far after their beginning; what is later is a date.</summary>
    private const int MostDays = 3660;

    private static readonly DateTime FirstMarch = new(1900, 3, 1);

    public override bool TryRead(Cell cell, ByteText copy)
    {
        if (cell.Kind is not (CellKind.Text or CellKind.Date) || cell.Text.Length > Longest)
            return false;
        var text = Encoding.UTF8.GetString(Blanks.Trim(cell.Text));
        if (cell.Kind == CellKind.Date && FindSpan(text) is { } span)
            return AddText(Encoding.UTF8.GetBytes(new Duration(0, 0, span.Ticks / TimeSpan.TicksPerMicrosecond).ToInput()), copy);
        return Duration.TryRead(Plain(text), out var duration) && AddText(Encoding.UTF8.GetBytes(duration.ToInput()), copy);
    }

    /// <summary>More than a day is shown as a moment, whose day counts from the calendar's beginning with its 29 February 1900.</summary>
    private static TimeSpan? FindSpan(string text)
    {
        if (!text.Contains('-', StringComparison.Ordinal) || !DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var moment))
            return null;
        var span = moment - (moment < FirstMarch ? new DateTime(1899, 12, 31) : new DateTime(1899, 12, 30));
        return span >= TimeSpan.Zero && span.TotalDays < MostDays ? span : null;
    }

    /// <summary><c>1h30</c> is <c>1:30</c>; a comma parts the seconds from their fraction.</summary>
    private static string Plain(string text)
    {
        var plain = text.Replace(',', '.').Replace(" h ", "h", StringComparison.OrdinalIgnoreCase);
        var at = plain.IndexOf('h', StringComparison.OrdinalIgnoreCase);
        return at > 0 && plain.Length - at is 2 or 3 && plain[(at + 1)..].All(char.IsAsciiDigit) && plain[..at].All(c => char.IsAsciiDigit(c) || c is '-' or '+')
            ? $"{plain[..at]}:{plain[(at + 1)..].PadLeft(2, '0')}"
            : plain;
    }
}
