using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Socle.Imports.Values;

/// <summary>Names as people mean them: without accents, case, blanks, underscores and other signs.</summary>
internal static class Folding
{
    /// <summary>The program runs without ICU, which would know these: letters of Europe's Latin scripts and what they are without their marks.</summary>
    private static readonly FrozenDictionary<char, string> Plain = new[]
    {
        ("a", "àáâãäåāăą"), ("c", "çćĉċč"), ("d", "ďđð"), ("e", "èéêëēĕėęě"), ("g", "ĝğġģ"), ("h", "ĥħ"), ("i", "ìíîïĩīĭįı"), ("j", "ĵ"), ("k", "ķ"),
        ("l", "ĺļľŀł"), ("n", "ñńņňŉ"), ("o", "òóôõöøōŏő"), ("r", "ŕŗř"), ("s", "śŝşšș"), ("t", "ţťŧț"), ("u", "ùúûüũūŭůűų"), ("w", "ŵ"), ("y", "ýÿŷ"), ("z", "źżž"),
        ("oe", "œ"), ("ae", "æ"), ("ss", "ß"), ("th", "þ"), ("2", "²"), ("3", "³"), ("1", "¹"),
    }.SelectMany(pair => pair.Item2.Select(letter => KeyValuePair.Create(letter, pair.Item1))).ToFrozenDictionary();

    public static string Fold(string name)
    {
        var folded = new StringBuilder(name.Length);
        foreach (var c in WithoutAccents(name))
        {
            if (char.IsLetterOrDigit(c))
                folded.Append(c);
        }

        return folded.ToString();
    }

    /// <summary>In small letters; other signs stay.</summary>
    public static string WithoutAccents(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            var small = char.ToLowerInvariant(c);
            if (Plain.TryGetValue(small, out var letters))
                plain.Append(letters);
            else if (CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark)
                plain.Append(small);
        }

        return plain.ToString();
    }
}
