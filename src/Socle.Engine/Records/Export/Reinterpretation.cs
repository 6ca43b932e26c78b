using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Socle.Records.Export;

/// <summary>
/// Takes the text of a cell, tells whether a spreadsheet that opens it from CSV could take it for a formula, a number, a date,
/// a truth value or an error. Rather once too often: what is kept by <c>="…"</c> reads the same.
/// </summary>
internal static class Reinterpretation
{
    private const int LongestWord = 16;

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Truths = Lookup("vrai faux true false");

    /// <summary>The words that numbers, dates and times may hold, in French and English.</summary>
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Words = Lookup("""
        e t z am pm a p er eur janvier janv jan january février févr fév fevrier fevr fev february feb mars mar march
        avril avr april apr mai may juin juni june jun juillet juil july jul août aout august aug
        septembre september sept sep octobre october oct novembre november nov décembre déc decembre december dec
        lundi lun mardi mercredi mer jeudi jeu vendredi ven samedi sam dimanche dim
        monday mon tuesday tue wednesday wed thursday thu friday fri saturday sat sunday sun
        """);

    public static bool Threatens(ReadOnlySpan<byte> text)
    {
        // What begins with a bracket or a quote, as JSON does, is text to every spreadsheet.
        if (text.IsEmpty || text[0] is (byte)'{' or (byte)'[' or (byte)'"')
            return false;
        if (Begins(text))
            return true;
        Rune.DecodeFromUtf8(text, out var first, out var length);
        while (Rune.IsWhiteSpace(first) && text.Length > length)
        {
            text = text[length..];
            Rune.DecodeFromUtf8(text, out first, out length);
        }

        return Begins(text) || IsMadeOf(Words, text, withDigits: true) || IsMadeOf(Truths, text, withDigits: false);
    }

    /// <summary>Signs that a formula, a number or an error begins with, also in their wide forms; and control characters, which hide them.</summary>
    private static bool Begins(ReadOnlySpan<byte> text)
    {
        Rune.DecodeFromUtf8(text, out var first, out _);
        return first.Value is '=' or '+' or '-' or '@' or '#' or '|' or '＝' or '＋' or '－' or '＠' or '−' || Rune.GetUnicodeCategory(first) is UnicodeCategory.Control;
    }

    /// <summary>Whether the text has no other words than these, and digits or not.</summary>
    private static bool IsMadeOf(FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> words, ReadOnlySpan<byte> text, bool withDigits)
    {
        Span<char> word = stackalloc char[LongestWord];
        var (letters, hasDigits, hasWords) = (0, false, false);
        while (!text.IsEmpty)
        {
            Rune.DecodeFromUtf8(text, out var rune, out var length);
            text = text[length..];
            hasDigits |= Rune.IsDigit(rune);
            hasWords |= Rune.IsLetter(rune);
            if (Rune.IsLetter(rune))
            {
                if (letters == LongestWord || !rune.IsBmp)
                    return false;
                word[letters++] = char.ToLowerInvariant((char)rune.Value);
            }
            else if (letters > 0 && !words.Contains(word[..letters]))
            {
                return false;
            }
            else
            {
                letters = 0;
            }
        }

        return (letters == 0 || words.Contains(word[..letters])) && (withDigits ? hasDigits : hasWords && !hasDigits);
    }

    private static FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Lookup(string words) =>
        words.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).ToFrozenSet().GetAlternateLookup<ReadOnlySpan<char>>();
}
