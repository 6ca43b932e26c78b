using System.Globalization;

namespace Socle.FieldTypes;

/// <summary>
/// A length of time as PostgreSQL keeps it: months, days and microseconds, which nobody can turn into one another. Read from ISO 8601
/// (<c>P1DT2H30M</c>), hours and minutes (<c>26:30</c>, <c>0:05:12.5</c>), and PostgreSQL's own words (<c>1 day 02:30:00</c>). Refuses what
/// PostgreSQL has no room for.
/// </summary>
public readonly record struct Duration(int Months, int Days, long Microseconds)
{
    private const long Second = 1_000_000;
    private const long Minute = 60 * Second;
    private const long Hour = 60 * Minute;

    private static readonly Dictionary<string, (decimal Months, decimal Days, decimal Microseconds)> Units = new(StringComparer.OrdinalIgnoreCase)
    {
        ["year"] = (12, 0, 0),
        ["mon"] = (1, 0, 0),
        ["month"] = (1, 0, 0),
        ["week"] = (0, 7, 0),
        ["day"] = (0, 1, 0),
        ["hour"] = (0, 0, Hour),
        ["h"] = (0, 0, Hour),
        ["minute"] = (0, 0, Minute),
        ["min"] = (0, 0, Minute),
        ["second"] = (0, 0, Second),
        ["sec"] = (0, 0, Second),
        ["s"] = (0, 0, Second),
        ["microsecond"] = (0, 0, 1),
    };

    public static bool TryRead(ReadOnlySpan<char> text, out Duration duration)
    {
        duration = default;
        text = text.Trim();
        if (text.Length is 0 or > 100)
            return false;
        var sum = new Sum();
        return (text[0] == 'P' ? ReadIso(text[1..], ref sum) : ReadWords(text, ref sum)) && sum.TryClose(out duration);
    }

    /// <summary>PostgreSQL's input text of it.</summary>
    public string ToInput() => string.Create(CultureInfo.InvariantCulture, $"{Months} mon {Days} day {Microseconds} microsecond");

    private static bool ReadIso(ReadOnlySpan<char> text, ref Sum sum)
    {
        var (isTime, count) = (false, 0);
        while (!text.IsEmpty)
        {
            if (text[0] == 'T' && !isTime && text.Length > 1)
            {
                isTime = true;
                text = text[1..];
                continue;
            }

            if (!TakeNumber(ref text, out var number) || text.IsEmpty)
                return false;
            (decimal Months, decimal Days, decimal Microseconds)? unit = (text[0], isTime) switch
            {
                ('Y', false) => (12, 0, 0),
                ('M', false) => (1, 0, 0),
                ('W', false) => (0, 7, 0),
                ('D', false) => (0, 1, 0),
                ('H', true) => (0, 0, Hour),
                ('M', true) => (0, 0, Minute),
                ('S', true) => (0, 0, Second),
                _ => null,
            };
            if (unit is not { } known || !sum.Add(number, known))
                return false;
            text = text[1..];
            count++;
        }

        return count > 0;
    }

    private static bool ReadWords(ReadOnlySpan<char> text, ref Sum sum)
    {
        var hasClock = false;
        while (!text.IsEmpty)
        {
            var word = text.IndexOf(' ') is >= 0 and var end ? text[..end] : text;
            if (word.Contains(':'))
            {
                if (hasClock || !ReadClock(word, ref sum))
                    return false;
                hasClock = true;
                text = text[word.Length..].TrimStart();
                continue;
            }

            if (!TakeNumber(ref text, out var number))
                return false;
            text = text.TrimStart();
            var length = 0;
            while (length < text.Length && char.IsAsciiLetter(text[length]))
                length++;
            var name = text[..length].ToString();
            if (!Units.TryGetValue(name, out var unit) && !(length > 3 && name[^1] is 's' or 'S' && Units.TryGetValue(name[..^1], out unit)) || !sum.Add(number, unit))
                return false;
            text = text[length..].TrimStart();
        }

        return true;
    }

    /// <summary>Hours, minutes and perhaps seconds. The hours are not those of a day: 90:00 is as right.</summary>
    private static bool ReadClock(ReadOnlySpan<char> text, ref Sum sum)
    {
        var isNegative = text[0] == '-';
        if (text[0] is '-' or '+')
            text = text[1..];
        Span<Range> parts = stackalloc Range[4];
        var count = text.Split(parts, ':');
        if (count is not (2 or 3)
            || !TryReadPart(text[parts[0]], 9, out var hours)
            || !TryReadPart(text[parts[1]], 2, out var minutes)
            || minutes > 59)
        {
            return false;
        }

        var seconds = 0m;
        if (count == 3)
        {
            var last = text[parts[2]];
            if (last.Length is < 2 or > 9 || (last.Length > 2 && last[2] != '.') || !decimal.TryParse(last, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out seconds) || seconds >= 60)
                return false;
        }

        var microseconds = (hours * (decimal)Hour) + (minutes * Minute) + (seconds * Second);
        return sum.Add(isNegative ? -microseconds : microseconds, (0, 0, 1));
    }

    private static bool TryReadPart(ReadOnlySpan<char> text, int most, out int number)
    {
        number = 0;
        return text.Length >= 1 && text.Length <= most && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    private static bool TakeNumber(ref ReadOnlySpan<char> text, out decimal number)
    {
        var length = text.Length > 0 && text[0] is '-' or '+' ? 1 : 0;
        while (length < text.Length && (char.IsAsciiDigit(text[length]) || text[length] == '.'))
            length++;
        var digits = text[..length];
        text = text[length..];
        return length <= 20 && decimal.TryParse(digits, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number) ? true : Fail(out number);
    }

    private static bool Fail(out decimal number)
    {
        number = 0;
        return false;
    }

    private ref struct Sum
    {
        private decimal _months;
        private decimal _days;
        private decimal _microseconds;

        /// <summary>A fraction of a year or a day is not taken: how long it is depends on the calendar.</summary>
        public bool Add(decimal number, (decimal Months, decimal Days, decimal Microseconds) unit)
        {
            if (unit.Microseconds == 0 && number != decimal.Truncate(number))
                return false;
            _months += number * unit.Months;
            _days += number * unit.Days;
            _microseconds += number * unit.Microseconds;
            return true;
        }

        public readonly bool TryClose(out Duration duration)
        {
            duration = default;
            var microseconds = decimal.Round(_microseconds);
            if (Math.Abs(_months) > int.MaxValue || Math.Abs(_days) > int.MaxValue || Math.Abs(microseconds) > long.MaxValue)
                return false;
            duration = new Duration((int)_months, (int)_days, (long)microseconds);
            return true;
        }
    }
}
