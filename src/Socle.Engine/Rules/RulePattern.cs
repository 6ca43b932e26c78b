using System.Collections.Immutable;
using System.Text;

namespace Socle.Rules;

/// <summary>
/// PostgreSQL's LIKE over characters: <c>%</c> for any text, <c>_</c> for one character, a backslash before a plain one. Without
/// regard to case only the letters a to z are alike, which needs no locale.
/// </summary>
internal static class RulePattern
{
    public static bool Matches(string text, string pattern, bool ignoresCase)
    {
        var runes = Fold(text, ignoresCase);
        return Matches(runes, 0, Fold(pattern, ignoresCase), 0);
    }

    private static ImmutableArray<Rune> Fold(string text, bool ignoresCase) =>
        [.. text.EnumerateRunes().Select(rune => ignoresCase && rune.Value is >= 'A' and <= 'Z' ? new Rune(rune.Value + 32) : rune)];

    private static bool Matches(ImmutableArray<Rune> text, int at, ImmutableArray<Rune> pattern, int start)
    {
        var (star, resume) = (-1, 0);
        var p = start;
        while (at < text.Length)
        {
            if (p < pattern.Length && pattern[p].Value == '%')
            {
                (star, resume) = (++p, at);
                continue;
            }

            var isEscaped = p + 1 < pattern.Length && pattern[p].Value == '\\';
            var isSame = p < pattern.Length && (isEscaped ? pattern[p + 1] == text[at] : pattern[p].Value == '_' || pattern[p] == text[at]);
            if (isSame)
            {
                at++;
                p += isEscaped ? 2 : 1;
            }
            else if (star >= 0)
            {
                (p, at) = (star, ++resume);
            }
            else
            {
                return false;
            }
        }

        while (p < pattern.Length && pattern[p].Value == '%')
            p++;
        return p == pattern.Length;
    }
}
