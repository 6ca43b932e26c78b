using System.Collections.Immutable;

namespace Socle.Grammar;

/// <summary>Takes the parentheses of <c>or=(…)</c> and <c>and=(…)</c> and gives the group. Refuses an empty one.</summary>
internal static class ConditionReader
{
    public static ConditionGroup? ReadGroup(ref TextCursor cursor, bool isOr, bool negated)
    {
        cursor.SkipBlanks();
        if (!cursor.Take('('))
        {
            cursor.Expected("an opening parenthesis", "une parenthèse ouvrante");
            return null;
        }

        cursor.SkipBlanks();
        if (cursor.Current == ')')
        {
            cursor.Expected("at least one condition, such as status.eq.active,", "au moins une condition, par exemple status.eq.active,");
            return null;
        }

        var conditions = ImmutableArray.CreateBuilder<Condition>();
        return CommaList.ReadBracketed(ref cursor, conditions, ReadItem) ? new ConditionGroup(isOr, conditions.DrainToImmutable(), negated) : null;
    }

    private static bool ReadItem(ref TextCursor cursor, ImmutableArray<Condition>.Builder into)
    {
        var condition = Read(ref cursor);
        if (condition is not null)
            into.Add(condition);
        return condition is not null;
    }

    private static Condition? Read(ref TextCursor cursor)
    {
        if (TakeGroupName(ref cursor, out var isOr, out var negated))
            return ReadGroup(ref cursor, isOr, negated);
        var field = NameReader.ReadField(ref cursor);
        if (field is null)
            return null;
        if (!cursor.Take('.'))
        {
            cursor.Expected("a dot and an operator", "un point et un opérateur");
            return null;
        }

        return cursor.Reading.AllowsRelated && field.Steps.IsEmpty && IsRelated(cursor)
            ? ReadRelated(ref cursor, field.Name)
            : ComparisonReader.Read(ref cursor, field, inGroup: true);
    }

    private static RelatedCondition? ReadRelated(ref TextCursor cursor, string relation)
    {
        if (!cursor.Descend())
            return null;
        var condition = Read(ref cursor);
        cursor.Ascend();
        return condition is null ? null : new RelatedCondition(relation, condition);
    }

    /// <summary>Whether a name comes before the operator, as in <c>relation.column.eq.1</c>.</summary>
    private static bool IsRelated(TextCursor cursor)
    {
        for (var i = 0; ; i++)
        {
            if (cursor.Current == '"')
                return true;
            var length = cursor.Rest.IndexOfAny(".(,)");
            if (length < 0)
                return false;
            var word = cursor.TakeSpan(length);
            if (Operators.Find(word) is not null || word is "not" or "or" or "and")
                return i > 0 || (word is "or" or "and" && cursor.Current == '(') || (word is "not" && (cursor.Take(".or(") || cursor.Take(".and(")));
            if (!cursor.Take('.'))
                return false;
        }
    }

    /// <summary>Takes <c>or</c>, <c>and</c>, <c>not.or</c> or <c>not.and</c> before a parenthesis; without one they are columns.</summary>
    private static bool TakeGroupName(ref TextCursor cursor, out bool isOr, out bool negated)
    {
        var start = cursor.Position;
        negated = cursor.Take("not.");
        isOr = cursor.Take("or");
        if (isOr || cursor.Take("and"))
        {
            cursor.SkipBlanks();
            if (cursor.Current == '(')
                return true;
        }

        cursor.Position = start;
        return false;
    }
}
