using System.Collections.Immutable;
using System.Text;

namespace Socle.Rules;

/// <summary>PostgreSQL's literal of a list of words: <c>{a,"b c"}</c>. Refuses lists in lists and NULL, which no list contains.</summary>
public static class RuleTags
{
    public static object? Read(string text)
    {
        text = text.Trim(' ', '\t', '\n', '\r');
        if (text.Length < 2 || text[0] != '{' || text[^1] != '}')
            return null;
        var words = ImmutableArray.CreateBuilder<string?>();
        var at = 1;
        if (text[1..^1].Trim().Length == 0)
            return words.ToImmutable();
        while (true)
        {
            if (Take(text, ref at) is not { } word)
                return null;
            words.Add(word);
            if (at == text.Length - 1)
                return words.ToImmutable();
            if (text[at++] != ',')
                return null;
        }
    }

    private static string? Take(string text, ref int at)
    {
        while (char.IsWhiteSpace(text[at]))
            at++;
        var isQuoted = text[at] == '"';
        at += isQuoted ? 1 : 0;
        var word = new StringBuilder();
        for (; at < text.Length - 1; at++)
        {
            if (isQuoted ? text[at] == '"' : text[at] == ',')
                break;
            if (!isQuoted && text[at] is '{' or '}' or '"')
                return null;
            if (text[at] == '\\' && ++at == text.Length - 1)
                return null;
            word.Append(text[at]);
        }

        if (isQuoted)
        {
            if (text[at] != '"')
                return null;
            at++;
            while (at < text.Length - 1 && char.IsWhiteSpace(text[at]))
                at++;
            return word.ToString();
        }

        var bare = word.ToString().Trim(' ', '\t', '\n', '\r');
        return bare.Length == 0 || bare.Equals("null", StringComparison.OrdinalIgnoreCase) ? null : bare;
    }
}
