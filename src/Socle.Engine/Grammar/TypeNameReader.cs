namespace Socle.Grammar;

/// <summary>
/// Takes the name of a type after <c>::</c> — <c>text</c>, <c>double precision</c>, <c>numeric(10,2)</c>,
/// <c>int[]</c> — as written. Refuses anything else, so that a cast can hold no other SQL.
/// </summary>
internal static class TypeNameReader
{
    /// <summary>Reads a cast when there is one; false when it noted a fault.</summary>
    public static bool ReadCast(ref TextCursor cursor, out string? type)
    {
        type = null;
        if (!cursor.Take("::"))
            return true;
        cursor.SkipBlanks();
        if (!char.IsLetter(cursor.Current) && cursor.Current != '_')
            return cursor.Expected("the name of a type", "le nom d'un type");
        var rest = cursor.Rest;
        var start = cursor.Position;
        while (char.IsLetterOrDigit(cursor.Current) || cursor.Current is '_' or ' ' or '(' or '[')
        {
            if (cursor.Take('('))
            {
                if (!ReadModifier(ref cursor))
                    return false;
            }
            else if (cursor.Take('['))
            {
                if (!cursor.Take(']'))
                    return cursor.Expected("a closing bracket", "un crochet fermant");
            }
            else
            {
                cursor.Position++;
            }
        }

        type = rest[..(cursor.Position - start)].TrimEnd(' ').ToString();
        return true;
    }

    /// <summary>Reads <c>10)</c> or <c>10,2)</c>.</summary>
    private static bool ReadModifier(ref TextCursor cursor)
    {
        do
        {
            cursor.SkipBlanks();
            if (!char.IsAsciiDigit(cursor.Current))
                return cursor.Expected("a number", "un nombre");
            while (char.IsAsciiDigit(cursor.Current))
                cursor.Position++;
            cursor.SkipBlanks();
        }
        while (cursor.Take(','));

        return cursor.Take(')') || cursor.Expected("a closing parenthesis", "une parenthèse fermante");
    }
}
