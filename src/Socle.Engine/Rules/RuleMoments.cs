using System.Globalization;
using System.Text.RegularExpressions;

namespace Socle.Rules;

/// <summary>
/// Days and moments as numbers: days, or microseconds, since 1970 in UTC. Takes ISO 8601 as PostgreSQL writes it, with its years
/// before 1 and after 9999 and its infinities; a moment without an offset is one in UTC.
/// </summary>
internal static partial class RuleMoments
{
    private const long Second = 1_000_000;

    /// <summary>The last years that PostgreSQL's types have.</summary>
    private const int LastDateYear = 5_874_897;

    private const int LastMomentYear = 294_276;

    private const int FirstYearBefore = 4712;

    public static Int128? ReadDay(string text) => Infinity(text) ?? (Day().Match(text) is { Success: true } found ? DayOf(found, LastDateYear) : null);

    public static Int128? ReadMoment(string text)
    {
        if (Infinity(text) is { } infinity)
            return infinity;
        if (Moment().Match(text) is not { Success: true } found || DayOf(found, LastMomentYear) is not { } day)
            return null;
        var (hour, minute, second) = (Part(found, "hour"), Part(found, "minute"), Part(found, "second"));
        var (zoneHour, zoneMinute) = (Part(found, "zoneHour"), Part(found, "zoneMinute"));
        if (hour > 23 || minute > 59 || second > 59 || zoneHour > 15 || zoneMinute > 59)
            return null;
        var fraction = found.Groups["fraction"].Value is { Length: > 0 } digits ? double.Parse("0" + digits, CultureInfo.InvariantCulture) : 0;
        var offset = (found.Groups["zoneSign"].Value == "-" ? -1 : 1) * ((zoneHour * 60) + zoneMinute);
        return (((((day * 24) + hour) * 60) + minute - offset) * 60 * Second) + (second * Second) + (long)Math.Round(fraction * Second, MidpointRounding.ToEven);
    }

    public static string WriteDay(Int128 day) => Word(day) ?? Date(day).Replace("|", "", StringComparison.Ordinal);

    /// <summary>In UTC, as PostgreSQL takes it whatever the session's settings.</summary>
    public static string WriteMoment(Int128 moment)
    {
        if (Word(moment) is { } word)
            return word;
        var day = Floor(moment, 86400 * Second);
        var rest = (long)(moment - (day * 86400 * Second));
        var fraction = rest % Second == 0 ? "" : $".{rest % Second:D6}";
        return Date(day).Replace("|", $"T{rest / Second / 3600:D2}:{rest / Second / 60 % 60:D2}:{rest / Second % 60:D2}{fraction}+00:00", StringComparison.Ordinal);
    }

    private static Int128? Infinity(string text) => text switch { "infinity" => Int128.MaxValue, "-infinity" => Int128.MinValue, _ => null };

    private static string? Word(Int128 value) => value == Int128.MaxValue ? "infinity" : value == Int128.MinValue ? "-infinity" : null;

    private static int Part(Match found, string name) => found.Groups[name].Success ? int.Parse(found.Groups[name].ValueSpan, CultureInfo.InvariantCulture) : 0;

    private static Int128? DayOf(Match found, int last)
    {
        var (year, month, day) = (Part(found, "year"), Part(found, "month"), Part(found, "day"));
        if (year == 0 || year > (found.Groups["before"].Success ? FirstYearBefore : last) || month is < 1 or > 12 || day < 1)
            return null;
        if (found.Groups["before"].Success)
            year = 1 - year;
        return day > DaysOf(year, month) ? null : Days(year, month, day);
    }

    private static int DaysOf(int year, int month) => month switch
    {
        2 => year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28,
        4 or 6 or 9 or 11 => 30,
        _ => 31,
    };

    /// <summary>Howard Hinnant's days_from_civil.</summary>
    private static Int128 Days(long year, int month, int day)
    {
        year -= month <= 2 ? 1 : 0;
        var era = (long)Floor(year, 400);
        var yearOfEra = year - (era * 400);
        var dayOfYear = (((153 * (month + (month > 2 ? -3 : 9))) + 2) / 5) + day - 1;
        return (era * 146097) + (yearOfEra * 365) + (yearOfEra / 4) - (yearOfEra / 100) + dayOfYear - 719468;
    }

    /// <summary>The date with a stroke where a time may stand.</summary>
    private static string Date(Int128 days)
    {
        var shifted = days + 719468;
        var era = Floor(shifted, 146097);
        var dayOfEra = (long)(shifted - (era * 146097));
        var yearOfEra = (dayOfEra - (dayOfEra / 1460) + (dayOfEra / 36524) - (dayOfEra / 146096)) / 365;
        var dayOfYear = dayOfEra - ((365 * yearOfEra) + (yearOfEra / 4) - (yearOfEra / 100));
        var month = ((5 * dayOfYear) + 2) / 153;
        var day = dayOfYear - (((153 * month) + 2) / 5) + 1;
        month += month < 10 ? 3 : -9;
        var year = (long)(era * 400) + yearOfEra + (month <= 2 ? 1 : 0);
        return year > 0 ? $"{year:D4}-{month:D2}-{day:D2}|" : $"{1 - year:D4}-{month:D2}-{day:D2}| BC";
    }

    private static Int128 Floor(Int128 value, Int128 by) => value >= 0 ? value / by : -((-value + by - 1) / by);

    private const string Civil = "(?<year>[0-9]{4,7})-(?<month>[0-9]{2})-(?<day>[0-9]{2})";

    [GeneratedRegex($@"^{Civil}(?<before> BC)?\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Day();

    [GeneratedRegex($@"^{Civil}([T ](?<hour>[0-9]{{2}}):(?<minute>[0-9]{{2}})(:(?<second>[0-9]{{2}})(?<fraction>\.[0-9]{{1,12}})?)?([Zz]|(?<zoneSign>[+-])(?<zoneHour>[0-9]{{2}})(:?(?<zoneMinute>[0-9]{{2}}))?)?)?(?<before> BC)?\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Moment();
}
