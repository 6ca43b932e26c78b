using System.Collections.Immutable;

namespace Socle.Grammar;

/// <summary>Takes the name of a period and its empty parentheses, as in <c>paid_on.month()</c>.</summary>
internal static class PeriodReader
{
    /// <summary>In the order of <see cref="Period"/>.</summary>
    public static ImmutableArray<string> Names { get; } = ["day", "week", "month", "quarter", "year"];

    /// <summary>Reads it where one stands next; else nothing is read, and null given.</summary>
    public static Period? Read(ref TextCursor cursor)
    {
        var start = cursor.Position;
        var word = cursor.TakeSpan(cursor.Rest.IndexOfAny("(.,:)")).TrimEnd(' ').ToString();
        var index = Names.IndexOf(word);
        if (index >= 0 && TakeEmptyParentheses(ref cursor))
            return (Period)index;
        cursor.Position = start;
        return null;
    }

    public static bool TakeEmptyParentheses(ref TextCursor cursor)
    {
        if (!cursor.Take('('))
            return false;
        cursor.SkipBlanks();
        return cursor.Take(')');
    }
}
