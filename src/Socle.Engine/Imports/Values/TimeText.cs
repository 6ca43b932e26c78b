namespace Socle.Imports.Values;

/// <summary>Reads times of day: <c>14:05</c>, <c>14:05:09,123456</c>, <c>14h05</c>, <c>14h</c>, <c>2:05 PM</c>. Gives microseconds since midnight.</summary>
internal static class TimeText
{
    private const long Second = 1_000_000;
    private const long Day = 86_400 * Second;

    /// <param name="text">What follows the time remains in it.</param>
    public static bool TryRead(ref ReadOnlySpan<byte> text, out long microseconds)
    {
        microseconds = 0;
        if (!TakeNumber(ref text, 2, out var hour) || text.IsEmpty || text[0] is not ((byte)':' or (byte)'h' or (byte)'H'))
            return false;
        var isHours = text[0] != (byte)':';
        text = text[1..];
        var (minute, second, fraction) = (0, 0, 0L);
        if (!TakeNumber(ref text, 2, out minute) && !isHours)
            return false;
        if (text is [(byte)':', ..])
        {
            text = text[1..];
            if (!TakeNumber(ref text, 2, out second) || !TakeFraction(ref text, out fraction))
                return false;
        }

        TakeHalf(ref text, ref hour);
        microseconds = (((hour * 60L) + minute) * 60 * Second) + (second * Second) + fraction;
        return hour <= 24 && minute < 60 && second < 60 && microseconds <= Day;
    }

    private static bool TakeFraction(ref ReadOnlySpan<byte> text, out long fraction)
    {
        fraction = 0;
        if (text is not [(byte)'.' or (byte)',', ..])
            return true;
        var digits = 0;
        var scale = Second / 10;
        while (++digits < text.Length && text[digits] is >= (byte)'0' and <= (byte)'9')
        {
            fraction += (text[digits] - '0') * scale;
            scale /= 10;
        }

        text = text[digits..];
        return digits > 1;
    }

    private static void TakeHalf(ref ReadOnlySpan<byte> text, ref int hour)
    {
        var rest = Blanks.Trim(text);
        if (rest.Length != 2 || rest[1] is not ((byte)'m' or (byte)'M') || hour is < 1 or > 12)
            return;
        if (rest[0] is not ((byte)'p' or (byte)'P' or (byte)'a' or (byte)'A'))
            return;
        hour = (hour % 12) + (rest[0] is (byte)'p' or (byte)'P' ? 12 : 0);
        text = [];
    }

    private static bool TakeNumber(ref ReadOnlySpan<byte> text, int most, out int number)
    {
        number = 0;
        var digits = 0;
        while (digits < text.Length && digits < most && text[digits] is >= (byte)'0' and <= (byte)'9')
            number = (number * 10) + text[digits++] - '0';
        text = text[digits..];
        return digits > 0;
    }
}
