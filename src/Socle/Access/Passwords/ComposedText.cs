using System.Globalization;
using System.Text;

namespace Socle.Access.Passwords;

/// <summary>
/// Any text → its composed form (Unicode's NFC), so that é is é from every keyboard. The program runs without ICU, which would know it;
/// and a password's form must not change with the machine's version of Unicode.
/// </summary>
internal static class ComposedText
{
    private static readonly Lazy<UnicodeTables> Tables = new(UnicodeTables.Load);

    public static string Of(string text)
    {
        // Below lie no combining marks, and nothing but composed letters.
        if (!text.AsSpan().ContainsAnyInRange('\u0300', '\uffff'))
            return text;
        var parts = Decompose(text);
        var composed = new List<int>(parts.Count);
        var starter = -1;
        foreach (var part in parts)
        {
            var kind = Tables.Value.ClassOf(part);
            // A mark of the same or a higher class between the two keeps them apart.
            var isBlocked = starter < 0 || (starter < composed.Count - 1 && (kind == 0 || Tables.Value.ClassOf(composed[^1]) >= kind));
            if (!isBlocked && Compose(composed[starter], part) is { } whole)
            {
                composed[starter] = whole;
                continue;
            }

            if (kind == 0)
                starter = composed.Count;
            composed.Add(part);
        }

        return Join(composed);
    }

    /// <summary>Without accents and other marks; letters that are two are written so.</summary>
    public static string WithoutMarks(string text) =>
        Join(Decompose(text).Where(part => CharUnicodeInfo.GetUnicodeCategory(part) != UnicodeCategory.NonSpacingMark))
            .Replace("œ", "oe", StringComparison.Ordinal).Replace("æ", "ae", StringComparison.Ordinal).Replace("ß", "ss", StringComparison.Ordinal);

    /// <summary>Taken apart wholly, marks in the order of their classes.</summary>
    private static List<int> Decompose(string text)
    {
        var parts = new List<int>(text.Length);
        foreach (var rune in text.EnumerateRunes())
            Add(parts, rune.Value);
        for (var i = 1; i < parts.Count; i++)
        {
            var kind = Tables.Value.ClassOf(parts[i]);
            for (var j = i; kind > 0 && j > 0 && Tables.Value.ClassOf(parts[j - 1]) > kind; j--)
                (parts[j - 1], parts[j]) = (parts[j], parts[j - 1]);
        }

        return parts;
    }

    private static void Add(List<int> parts, int point)
    {
        if (Hangul.IsSyllable(point))
            parts.AddRange(Hangul.Decompose(point));
        else if (Tables.Value.Decompositions.TryGetValue(point, out var made))
            Array.ForEach(made, part => Add(parts, part));
        else
            parts.Add(point);
    }

    private static int? Compose(int first, int second) =>
        Hangul.Compose(first, second) ?? (Tables.Value.Compositions.TryGetValue((first, second), out var whole) ? whole : null);

    private static string Join(IEnumerable<int> points)
    {
        var text = new StringBuilder();
        foreach (var point in points)
            text.Append(new Rune(point));
        return text.ToString();
    }

    /// <summary>Korean syllables are computed (Unicode, 3.12).</summary>
    private static class Hangul
    {
        private const int S = 0xAC00, L = 0x1100, V = 0x1161, T = 0x11A7, Ls = 19, Vs = 21, Ts = 28;

        public static bool IsSyllable(int point) => point is >= S and < S + (Ls * Vs * Ts);

        public static IEnumerable<int> Decompose(int syllable)
        {
            var index = syllable - S;
            yield return L + (index / (Vs * Ts));
            yield return V + (index / Ts % Vs);
            if (index % Ts > 0)
                yield return T + (index % Ts);
        }

        public static int? Compose(int first, int second)
        {
            if (first is >= L and < L + Ls && second is >= V and < V + Vs)
                return S + ((((first - L) * Vs) + second - V) * Ts);
            return IsSyllable(first) && (first - S) % Ts == 0 && second is > T and < T + Ts ? first + second - T : null;
        }
    }
}
