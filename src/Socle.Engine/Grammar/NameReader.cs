using System.Buffers;
using System.Collections.Immutable;

namespace Socle.Grammar;

/// <summary>
/// Takes a name, bare (<c>last name</c>, <c>prénom</c>) or double-quoted (<c>"a.b"</c>), and json paths
/// behind it. Refuses empty names and bare names with other ASCII signs than <c>_ $ -</c>.
/// </summary>
internal static class NameReader
{
    // A bare name ends at an ASCII character that is no letter, digit, underscore, dollar or space;
    // a dash stops the search only because it may begin an arrow.
    private static readonly SearchValues<char> NameEnds = SearchValues.Create(
        [.. Enumerable.Range(0, 128).Select(code => (char)code).Where(c => !char.IsAsciiLetterOrDigit(c) && c is not ('_' or '$' or ' '))]);

    private static readonly SearchValues<char> JsonKeyEnds = SearchValues.Create("(-:.,>)");

    /// <summary>Whether the whole text is a bare name.</summary>
    public static bool IsBare(string text) =>
        text.Length > 0 && text[0] != ' ' && text[^1] != ' ' && !text.AsSpan().ContainsAny(NameEnds);

    /// <summary>Reads a name and the blanks behind it; null when it noted a fault.</summary>
    public static string? Read(ref TextCursor cursor, string english = "a name", string french = "un nom")
    {
        cursor.SkipBlanks();
        if (cursor.Current == '"')
            return ReadQuoted(ref cursor, mayBeEmpty: false);
        var name = TakeBare(ref cursor, NameEnds).TrimEnd(' ');
        if (name.IsEmpty)
        {
            cursor.Expected(english, french);
            return null;
        }

        cursor.SkipBlanks();
        return name.ToString();
    }

    /// <summary>Reads the arrows that may follow the name of a column; null when it noted a fault.</summary>
    public static FieldPath? ReadPath(ref TextCursor cursor, string name)
    {
        if (cursor.Current != '-' || cursor.Next != '>')
            return new FieldPath(name);
        var steps = ImmutableArray.CreateBuilder<JsonStep>();
        while (cursor.Take("->"))
        {
            if (!ReadStep(ref cursor, steps))
                return null;
            cursor.SkipBlanks();
        }

        return new FieldPath(name, steps.DrainToImmutable());
    }

    /// <summary>Reads a column and the arrows behind it.</summary>
    public static FieldPath? ReadField(ref TextCursor cursor)
    {
        var name = Read(ref cursor, "a column", "une colonne");
        return name is null ? null : ReadPath(ref cursor, name);
    }

    private static bool ReadStep(ref TextCursor cursor, ImmutableArray<JsonStep>.Builder steps)
    {
        var asText = cursor.Take('>');
        cursor.SkipBlanks();
        var start = cursor.Position;
        if (cursor.Current == '"')
        {
            var quoted = ReadQuoted(ref cursor, mayBeEmpty: true);
            if (quoted is not null)
                steps.Add(new JsonStep(quoted, null, asText));
            return quoted is not null;
        }

        var key = TakeBare(ref cursor, JsonKeyEnds).TrimEnd(" \t\n\r");
        if (key.IsEmpty)
            return cursor.Expected("a json key or an array index", "une clé json ou un indice de tableau");
        if (!key.TrimStart('-').ContainsAnyExceptInRange('0', '9') && int.TryParse(key, out var index))
            steps.Add(new JsonStep(null, index, asText));
        else if (key[0] == '-')
            return cursor.FailAt(
                start,
                $"\"{TextCursor.Clip(key, 30)}\" is no array index; a json key that begins with a dash is double-quoted.",
                $"« {TextCursor.Clip(key, 30)} » n'est pas un indice de tableau ; une clé json qui commence par un tiret s'écrit entre guillemets doubles.");
        else
            steps.Add(new JsonStep(key.ToString(), null, asText));
        return true;
    }

    /// <summary>Takes what stands before one of <paramref name="ends"/>, past dashes that begin no arrow.</summary>
    private static ReadOnlySpan<char> TakeBare(scoped ref TextCursor cursor, SearchValues<char> ends)
    {
        var rest = cursor.Rest;
        var length = 0;
        while (true)
        {
            var end = rest[length..].IndexOfAny(ends);
            if (end < 0)
                return cursor.TakeSpan(-1);
            length += end;
            if (rest[length] != '-' || (length + 1 < rest.Length && rest[length + 1] == '>'))
                return cursor.TakeSpan(length);
            length++;
        }
    }

    private static string? ReadQuoted(ref TextCursor cursor, bool mayBeEmpty)
    {
        var start = cursor.Position;
        var name = cursor.TakeQuoted();
        if (name is null)
            cursor.Fail("this double quote is never closed.", "ce guillemet double n'est jamais fermé.");
        else if (name.Length == 0 && !mayBeEmpty)
            cursor.FailAt(start, "a name cannot be empty.", "un nom ne peut pas être vide.");
        else
        {
            cursor.SkipBlanks();
            return name;
        }

        return null;
    }
}
