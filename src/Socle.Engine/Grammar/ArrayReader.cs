using System.Collections.Immutable;
using System.Text;

namespace Socle.Grammar;

/// <summary>
/// Takes PostgreSQL's array literal behind <c>op(any).</c> and <c>op(all).</c>: <c>{a,"b c"}</c>.
/// Refuses arrays in arrays, and NULL, with which no value compares.
/// </summary>
internal static class ArrayReader
{
    public static ListOperand? Read(ref TextCursor cursor, Quantifier quantifier)
    {
        cursor.SkipBlanks();
        if (!cursor.Take('{'))
        {
            cursor.Expected("a list in braces, such as {a,b},", "une liste entre accolades, par exemple {a,b},");
            return null;
        }

        cursor.SkipBlanks();
        if (cursor.Take('}'))
            return new ListOperand([], quantifier);
        var elements = ImmutableArray.CreateBuilder<string>();
        do
        {
            if (!cursor.Reading.CountMember(cursor.Key) || ReadElement(ref cursor) is not { } element)
                return null;
            elements.Add(element);
        }
        while (cursor.Take(','));

        if (cursor.Take('}'))
            return new ListOperand(elements.DrainToImmutable(), quantifier);
        cursor.Expected("a comma or a closing brace", "une virgule ou une accolade fermante");
        return null;
    }

    private static string? ReadElement(ref TextCursor cursor)
    {
        cursor.SkipBlanks();
        var start = cursor.Position;
        var element = cursor.Current == '"' ? cursor.TakeQuoted() : TakeBare(ref cursor);
        if (string.Equals(element, "null", StringComparison.OrdinalIgnoreCase) && cursor.Position - start == 4)
        {
            cursor.FailAt(
                start,
                "NULL compares with no value: leave it out, ask is.null, or double-quote the word.",
                "NULL ne se compare à aucune valeur : retirez-le, demandez is.null, ou mettez le mot entre guillemets doubles.");
            return null;
        }

        if (element is null)
            cursor.Expected("a value", "une valeur");
        cursor.SkipBlanks();
        return element;
    }

    /// <summary>Takes an unquoted element, where a backslash makes the next character plain; null when there is none.</summary>
    private static string? TakeBare(ref TextCursor cursor)
    {
        var rest = cursor.Rest;
        var length = rest.IndexOfAny(",}{\"\\");
        if (length < 0 || rest[length] != '\\')
            return cursor.TakeSpan(length).TrimEnd(" \t\n\r") is { IsEmpty: false } plain ? plain.ToString() : null;
        var text = new StringBuilder();
        var kept = 0;
        for (; !cursor.AtEnd && cursor.Current is not (',' or '}' or '{' or '"'); cursor.Position++)
        {
            var escaped = cursor.Take('\\');
            if (cursor.AtEnd)
                return null;
            text.Append(cursor.Current);
            kept = escaped || !TextCursor.IsBlank(cursor.Current) ? text.Length : kept;
        }

        return text.ToString(0, kept);
    }
}
