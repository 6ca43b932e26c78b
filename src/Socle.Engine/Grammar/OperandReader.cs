using System.Collections.Immutable;

namespace Socle.Grammar;

/// <summary>
/// Takes what stands to the right of an operator. Outside groups a value is everything that is left;
/// in a group it ends at a comma or a closing parenthesis unless it is quoted or bracketed.
/// </summary>
internal static class OperandReader
{
    private const string Blanks = " \t\n\r";

    /// <summary>In the order of <see cref="IsValue"/>.</summary>
    public static ImmutableArray<string> IsWords { get; } = ["null", "not_null", "true", "false", "unknown"];

    public static Operand? Read(ref TextCursor cursor, OperandKind kind, string? configuration, bool inGroup)
    {
        if (kind == OperandKind.List)
            return ReadList(ref cursor);
        if (kind == OperandKind.Is)
            return ReadIs(ref cursor, inGroup);
        var value = inGroup ? ReadGroupValue(ref cursor, kind) : cursor.TakeSpan(-1).ToString();
        if (value is null)
            return null;
        return kind == OperandKind.Search ? new SearchOperand(value, configuration) : new TextOperand(value);
    }

    private static IsOperand? ReadIs(ref TextCursor cursor, bool inGroup)
    {
        var start = cursor.Position;
        var word = cursor.TakeSpan(inGroup ? cursor.Rest.IndexOfAny(',', ')') : -1).Trim(Blanks);
        for (var i = 0; i < IsWords.Length; i++)
        {
            if (word.Equals(IsWords[i], StringComparison.OrdinalIgnoreCase))
                return new IsOperand((IsValue)i);
        }

        var written = TextCursor.Clip(word, 30);
        cursor.FailAt(
            start,
            $"is takes null, not_null, true, false or unknown, not \"{written}\". To compare with a value write eq.{written}",
            $"is accepte null, not_null, true, false ou unknown, et non « {written} ». Pour comparer à une valeur, écrivez eq.{written}");
        return null;
    }

    private static string? ReadGroupValue(ref TextCursor cursor, OperandKind kind)
    {
        var bracketed = cursor.Current == '{' || (kind == OperandKind.Set && cursor.Current is '[' or '(');
        if (!bracketed)
            return TakeMember(ref cursor);
        var length = cursor.MeasureBrackets();
        if (length > 0)
            return cursor.TakeSpan(length).ToString();
        cursor.Fail(
            "this bracket is never closed. A value that holds brackets is double-quoted in a group.",
            "ce crochet n'est jamais fermé. Dans un groupe, une valeur qui contient des crochets s'écrit entre guillemets doubles.");
        return null;
    }

    private static ListOperand? ReadList(ref TextCursor cursor)
    {
        cursor.SkipBlanks();
        if (!cursor.Take('('))
        {
            cursor.Expected("a list in parentheses, such as (a,b),", "une liste entre parenthèses, par exemple (a,b),");
            return null;
        }

        cursor.SkipBlanks();
        if (cursor.Take(')'))
            return new ListOperand([], Quantifier.Any);
        var members = ImmutableArray.CreateBuilder<string>();
        do
        {
            if (!cursor.Reading.CountMember(cursor.Key))
                return null;
            members.Add(TakeMember(ref cursor));
        }
        while (cursor.Take(','));

        if (cursor.Take(')'))
            return new ListOperand(members.DrainToImmutable(), Quantifier.Any);
        cursor.Expected("a closing parenthesis", "une parenthèse fermante");
        return null;
    }

    /// <summary>
    /// Takes a value that a comma, a closing parenthesis or the end follows, quoted or bare, without the
    /// blanks around it. Quotes that do not enclose the whole value are part of it.
    /// </summary>
    private static string TakeMember(ref TextCursor cursor)
    {
        cursor.SkipBlanks();
        var start = cursor.Position;
        var quoted = cursor.TakeQuoted();
        cursor.SkipBlanks();
        if (quoted is not null && (cursor.AtEnd || cursor.Current is ',' or ')'))
            return quoted;
        cursor.Position = start;
        return cursor.TakeSpan(cursor.Rest.IndexOfAny(',', ')')).TrimEnd(Blanks).ToString();
    }
}
