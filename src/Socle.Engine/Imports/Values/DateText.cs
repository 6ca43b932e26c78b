using System.Text;

namespace Socle.Imports.Values;

/// <summary>A day, and what a clock showed on it. No zone has a part in it.</summary>
/// <param name="Offset">The clock's distance to UTC in minutes, where it was written.</param>
public readonly record struct WrittenDate(int Year, int Month, int Day, bool HasTime = false, long Microseconds = 0, int? Offset = null);

/// <summary>
/// Reads dates as people write them: <c>2026-12-31</c>, <c>31/12/2026</c>, <c>31-12-2026</c>, <c>31.12.26</c>, <c>31 décembre 2026</c>, with or
/// without a time (<c>14:05:09</c>, <c>14h05</c>, <c>2:05 PM</c>). Refuses days that no calendar has.
/// </summary>
internal static class DateText
{
    /// <summary>Two digits from here on are of the last century.</summary>
    private const int Pivot = 50;

    private static readonly (string Prefix, int Month)[] Months =
    [
        ("jan", 1), ("fev", 2), ("fév", 2), ("feb", 2), ("mar", 3), ("avr", 4), ("apr", 4), ("mai", 5), ("may", 5), ("juin", 6), ("jun", 6),
        ("juil", 7), ("jul", 7), ("aou", 8), ("aoû", 8), ("aug", 8), ("sep", 9), ("oct", 10), ("nov", 11), ("dec", 12), ("déc", 12),
    ];

    public static bool TryRead(ReadOnlySpan<byte> text, DateOrder order, out WrittenDate date)
    {
        date = default;
        text = Blanks.Trim(text);
        if (!TryReadParts(ref text, out var first, out var second, out var third, out var isYearFirst))
            return false;
        var (year, month, day) = isYearFirst ? (first, second, third) : order == DateOrder.DayFirst ? (third, second, first) : (third, first, second);
        if (month is < 1 or > 12 || year is < 1 or > 9999 || day < 1 || day > DateTime.DaysInMonth(year, month))
            return false;
        date = new WrittenDate(year, month, day);
        if (text.IsEmpty)
            return true;
        if (!TakeGap(ref text) || !TimeText.TryRead(ref text, out var microseconds))
            return false;
        text = Blanks.Trim(text);
        if (!TryReadOffset(text, out var offset))
            return false;
        date = date with { HasTime = true, Microseconds = microseconds, Offset = offset };
        return true;
    }

    /// <summary>The first two numbers of a date whose order is open; false for any other.</summary>
    public static bool TryReadOrder(ReadOnlySpan<byte> text, out int first, out int second)
    {
        text = Blanks.Trim(text);
        return TryReadParts(ref text, out first, out second, out _, out var isYearFirst, takesNames: false) && !isYearFirst && first is >= 1 and <= 31 && second is >= 1 and <= 31;
    }

    private static bool TryReadParts(ref ReadOnlySpan<byte> text, out int first, out int second, out int third, out bool isYearFirst, bool takesNames = true)
    {
        (second, third, isYearFirst) = (0, 0, false);
        if (!TakeNumber(ref text, out first, out var firstDigits) || text.IsEmpty)
            return false;
        isYearFirst = firstDigits == 4;
        if (text.StartsWith("er "u8))
            text = text[2..];
        var separator = text[0];
        if (separator is not ((byte)'/' or (byte)'-' or (byte)'.' or (byte)' '))
            return false;
        text = text[1..];
        if (!TakeNumber(ref text, out second, out var secondDigits))
        {
            if (!takesNames || isYearFirst || separator is not ((byte)' ' or (byte)'-') || !TakeMonth(ref text, out second))
                return false;
            // A month's name leaves no doubt: no day is read as a month.
            isYearFirst = TakeSeparator(ref text, separator) && TakeYear(ref text, out third);
            (first, third) = (third, first);
            return isYearFirst;
        }

        if (secondDigits > 2 || !TakeSeparator(ref text, separator))
            return false;
        return isYearFirst ? TakeNumber(ref text, out third, out var digits) && digits <= 2 : firstDigits <= 2 && TakeYear(ref text, out third);
    }

    private static bool TakeYear(ref ReadOnlySpan<byte> text, out int year)
    {
        if (!TakeNumber(ref text, out year, out var digits) || digits is not (2 or 4))
            return false;
        if (digits == 2)
            year += year < Pivot ? 2000 : 1900;
        return true;
    }

    private static bool TakeNumber(ref ReadOnlySpan<byte> text, out int number, out int digits)
    {
        (number, digits) = (0, 0);
        while (digits < text.Length && digits < 5 && text[digits] is >= (byte)'0' and <= (byte)'9')
            number = (number * 10) + text[digits++] - '0';
        text = text[digits..];
        return digits is > 0 and < 5;
    }

    private static bool TakeSeparator(ref ReadOnlySpan<byte> text, byte separator)
    {
        if (text.IsEmpty || text[0] != separator)
            return false;
        text = text[1..];
        return true;
    }

    private static bool TakeMonth(ref ReadOnlySpan<byte> text, out int month)
    {
        month = 0;
        Span<char> word = stackalloc char[12];
        var (length, used) = (0, 0);
        while (used < text.Length && length < word.Length && Rune.DecodeFromUtf8(text[used..], out var rune, out var bytes) == System.Buffers.OperationStatus.Done && (Rune.IsLetter(rune) || rune.Value == '.'))
        {
            Rune.ToLowerInvariant(rune).TryEncodeToUtf16(word[length..], out var chars);
            (length, used) = (length + chars, used + bytes);
        }

        foreach (var (prefix, number) in Months)
        {
            if (word[..length].StartsWith(prefix))
                month = number;
        }

        text = text[used..];
        return month > 0;
    }

    /// <summary>What stands between a day and a time: T, a blank, <c> à </c>, a comma.</summary>
    private static bool TakeGap(ref ReadOnlySpan<byte> text)
    {
        var before = text.Length;
        if (text[0] is (byte)'T' or (byte)'t' or (byte)',')
            text = text[1..];
        text = Blanks.Trim(text);
        if (text.StartsWith("à "u8))
            text = Blanks.Trim(text["à "u8.Length..]);
        return text.Length < before;
    }

    private static bool TryReadOffset(ReadOnlySpan<byte> text, out int? minutes)
    {
        minutes = null;
        if (text.IsEmpty)
            return true;
        if (text is [(byte)'Z'] or [(byte)'z'])
        {
            minutes = 0;
            return true;
        }

        if (text[0] is not ((byte)'+' or (byte)'-'))
            return false;
        var digits = text[1..];
        if (!TakeNumber(ref digits, out var hours, out var count) || count is not (2 or 4))
            return false;
        var rest = 0;
        if (count == 4)
            (hours, rest) = (hours / 100, hours % 100);
        else if (!digits.IsEmpty && (!TakeSeparator(ref digits, (byte)':') || !TakeNumber(ref digits, out rest, out count) || count != 2))
            return false;
        minutes = (text[0] == (byte)'-' ? -1 : 1) * ((hours * 60) + rest);
        return digits.IsEmpty && hours <= 15 && rest < 60;
    }
}
