using System.Collections.Immutable;
using System.Text;

namespace Socle.Formulas;

internal enum TokenKind
{
    Number,

    /// <summary>A constant in single quotes.</summary>
    Text,

    /// <summary>A bare word: a field, a function, or one of the words of the language.</summary>
    Word,

    /// <summary>A name in double quotes, which is always a field.</summary>
    Name,
    Sign,
}

/// <param name="Text">The value: quotes resolved.</param>
internal readonly record struct Token(TokenKind Kind, string Text, int Start, int End)
{
    /// <summary>Its place, counted from 1.</summary>
    public int At => Start + 1;

    public bool Is(string sign) => Kind == TokenKind.Sign && Text == sign;
}

/// <summary>A formula's text as tokens. Refuses characters that the language does not use, and quotes without an end.</summary>
internal static class FormulaTokens
{
    /// <summary>Words that mean something themselves; a field of such a name stands in double quotes.</summary>
    public static readonly ImmutableArray<string> Words = ["and", "or", "not", "true", "false"];

    private static readonly string[] Signs = ["<=", ">=", "<>", "!=", "+", "-", "*", "/", "%", "(", ")", ",", "=", "<", ">", "&"];

    public static ImmutableArray<Token> Read(string text, FormulaFaults faults)
    {
        var tokens = ImmutableArray.CreateBuilder<Token>();
        for (var at = 0; at < text.Length;)
        {
            if (char.IsWhiteSpace(text[at]))
            {
                at++;
                continue;
            }

            if (ReadOne(text, at, faults) is not { } token)
                return [];
            tokens.Add(token);
            at = token.End;
        }

        return tokens.ToImmutable();
    }

    /// <summary>A field's name as a formula has it.</summary>
    public static string Write(string name) =>
        IsWord(name) && !Words.Contains(name) ? name : $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static Token? ReadOne(string text, int at, FormulaFaults faults)
    {
        var first = text[at];
        if (char.IsAsciiDigit(first))
            return ReadNumber(text, at);
        if (IsWordStart(first))
        {
            var end = at;
            while (end < text.Length && IsWordPart(text[end]))
                end++;
            return new Token(TokenKind.Word, text[at..end], at, end);
        }

        if (first is '\'' or '"')
            return ReadQuoted(text, at, faults);
        foreach (var sign in Signs)
        {
            if (string.CompareOrdinal(text, at, sign, 0, sign.Length) == 0)
                return new Token(TokenKind.Sign, sign, at, at + sign.Length);
        }

        var shown = char.IsSurrogate(first) || char.IsControl(first) ? $"U+{(int)first:X4}" : $"{first}";
        faults.Add(at + 1, $"the sign {shown} means nothing here", $"le signe {shown} ne veut rien dire ici");
        return null;
    }

    private static Token ReadNumber(string text, int at)
    {
        var end = at;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
            end++;
        if (end + 1 < text.Length && text[end] == '.' && char.IsAsciiDigit(text[end + 1]))
        {
            end++;
            while (end < text.Length && char.IsAsciiDigit(text[end]))
                end++;
        }

        return new Token(TokenKind.Number, text[at..end], at, end);
    }

    /// <summary>A quote inside stands twice.</summary>
    private static Token? ReadQuoted(string text, int at, FormulaFaults faults)
    {
        var (quote, value) = (text[at], new StringBuilder());
        for (var i = at + 1; i < text.Length; i++)
        {
            if (text[i] == '\0' || (char.IsSurrogate(text[i]) && !(i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1])) && !(char.IsLowSurrogate(text[i]) && char.IsHighSurrogate(text[i - 1]))))
            {
                faults.Add(i + 1, "this character cannot be stored", "ce caractère ne peut pas être enregistré");
                return null;
            }

            if (text[i] != quote)
            {
                value.Append(text[i]);
            }
            else if (i + 1 < text.Length && text[i + 1] == quote)
            {
                value.Append(quote);
                i++;
            }
            else
            {
                return new Token(quote == '\'' ? TokenKind.Text : TokenKind.Name, value.ToString(), at, i + 1);
            }
        }

        faults.Add(at + 1, $"this quote {quote} has no end", $"ce guillemet {quote} n'a pas de fin");
        return null;
    }

    private static bool IsWord(string name) => name.Length > 0 && IsWordStart(name[0]) && name.All(IsWordPart);

    private static bool IsWordStart(char c) => char.IsAsciiLetter(c) || c == '_';

    private static bool IsWordPart(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';
}
