namespace Socle.Imports.Values;

/// <summary>
/// Reads numbers as people write them: <c>1 234,56 €</c>, <c>1.234,56</c>, <c>(12,50)</c>, <c>12-</c>, <c>1e3</c>. Gives digits with a point.
/// Refuses percentages, which could mean two things, and groups that are none (<c>12 34</c>).
/// </summary>
internal static class NumberText
{
    /// <summary>No number that anybody means is longer.</summary>
    public const int Longest = 200;

    private static readonly byte[][] Currencies = [.. new[] { "€", "EUR", "eur", "euros", "euro", "$", "USD", "£", "GBP", "CHF" }.Select(System.Text.Encoding.UTF8.GetBytes)];

    /// <param name="number">At least <see cref="Longest"/> bytes.</param>
    /// <param name="length">How many of them the number takes.</param>
    public static bool TryRead(ReadOnlySpan<byte> text, byte decimalSign, Span<byte> number, out int length)
    {
        length = 0;
        text = Blanks.Trim(text);
        if (IsPlain(text))
        {
            text.CopyTo(number);
            length = text.Length;
            return true;
        }

        if (text.Length is 0 or > Longest - 2)
            return false;
        var isNegative = TakeSign(ref text);
        if (text.IsEmpty)
            return false;
        if (isNegative)
            number[length++] = (byte)'-';
        return ReadDigits(text, FindDecimalSign(text, decimalSign), number, ref length);
    }

    /// <summary>Digits without leading zeros: already what is wanted.</summary>
    private static bool IsPlain(ReadOnlySpan<byte> text) =>
        text.Length is > 0 and < 19 && !text.ContainsAnyExceptInRange((byte)'0', (byte)'9');

    /// <summary>Takes signs, brackets and the currency off.</summary>
    private static bool TakeSign(ref ReadOnlySpan<byte> text)
    {
        TakeCurrency(ref text);
        var isNegative = false;
        if (text.Length > 2 && text[0] == (byte)'(' && text[^1] == (byte)')')
        {
            isNegative = true;
            text = Blanks.Trim(text[1..^1]);
        }

        var isMinus = text.StartsWith("−"u8) || text is [(byte)'-', ..] or [.., (byte)'-'];
        isNegative ^= isMinus;
        if (text.StartsWith("−"u8))
            text = text["−"u8.Length..];
        else if (text is [(byte)'-' or (byte)'+', ..])
            text = text[1..];
        else if (isMinus)
            text = text[..^1];
        text = Blanks.Trim(text);
        TakeCurrency(ref text);
        return isNegative;
    }

    private static void TakeCurrency(ref ReadOnlySpan<byte> text)
    {
        foreach (var currency in Currencies)
        {
            if (text.EndsWith(currency))
                text = Blanks.Trim(text[..^currency.Length]);
            else if (text.StartsWith(currency))
                text = Blanks.Trim(text[currency.Length..]);
        }
    }

    /// <summary>Where both signs stand the last is the decimal one; where one stands several times it is none.</summary>
    private static byte FindDecimalSign(ReadOnlySpan<byte> text, byte decimalSign)
    {
        var (comma, point) = (text.LastIndexOf((byte)','), text.LastIndexOf((byte)'.'));
        if (comma >= 0 && point >= 0)
            return comma > point ? (byte)',' : (byte)'.';
        var only = comma >= 0 ? (byte)',' : (byte)'.';
        if (comma < 0 && point < 0)
            return decimalSign;
        if (text.Count(only) > 1)
            return only == (byte)',' ? (byte)'.' : (byte)',';
        return only == decimalSign || !IsGroup(text, comma + point + 1) ? only : decimalSign;
    }

    /// <summary>Three digits to the end, one to three before: <c>1.234</c>.</summary>
    public static bool IsGroup(ReadOnlySpan<byte> text, int sign) =>
        sign is >= 1 and <= 3 && text.Length - sign == 4 && text[0] != (byte)'0'
        && !text[..sign].ContainsAnyExceptInRange((byte)'0', (byte)'9') && !text[(sign + 1)..].ContainsAnyExceptInRange((byte)'0', (byte)'9');

    private static bool ReadDigits(ReadOnlySpan<byte> text, byte decimalSign, Span<byte> number, ref int length)
    {
        var (digits, sinceGroup, hasGroup) = (0, 0, false);
        var at = 0;
        while (at < text.Length)
        {
            var sign = text[at];
            if (sign is >= (byte)'0' and <= (byte)'9')
            {
                number[length++] = sign;
                (digits, sinceGroup, at) = (digits + 1, sinceGroup + 1, at + 1);
            }
            else if (sign == decimalSign)
            {
                return (!hasGroup || sinceGroup == 3) && ReadFraction(text[at..], digits, number, ref length);
            }
            else if (Blanks.GroupLength(text[at..]) is > 0 and var blank && digits > 0 && (hasGroup ? sinceGroup == 3 : digits <= 3))
            {
                (hasGroup, sinceGroup, at) = (true, 0, at + blank);
            }
            else
            {
                return sign is (byte)'e' or (byte)'E' && !hasGroup && digits > 0 && ReadExponent(text[at..], number, ref length);
            }
        }

        return digits > 0 && (!hasGroup || sinceGroup == 3);
    }

    private static bool ReadFraction(ReadOnlySpan<byte> text, int digits, Span<byte> number, ref int length)
    {
        if (digits == 0)
            number[length++] = (byte)'0';
        number[length++] = (byte)'.';
        for (var i = 1; i < text.Length; i++)
        {
            if (text[i] is >= (byte)'0' and <= (byte)'9')
            {
                number[length++] = text[i];
                digits++;
            }
            else
            {
                return digits > 0 && text[i] is (byte)'e' or (byte)'E' && ReadExponent(text[i..], number, ref length);
            }
        }

        return digits > 0;
    }

    private static bool ReadExponent(ReadOnlySpan<byte> text, Span<byte> number, ref int length)
    {
        var digits = text[1..];
        if (digits.Length > 0 && digits[0] is (byte)'+' or (byte)'-')
            digits = digits[1..];
        if (digits.Length is 0 or > 3 || digits.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            return false;
        text.CopyTo(number[length..]);
        length += text.Length;
        return true;
    }
}
