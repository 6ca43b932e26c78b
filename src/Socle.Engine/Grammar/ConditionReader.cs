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
        Condition? condition;
        if (TakeGroupName(ref cursor, out var isOr, out var negated))
        {
            condition = ReadGroup(ref cursor, isOr, negated);
        }
        else
        {
            var field = NameReader.ReadField(ref cursor);
            if (field is null)
                return false;
            if (!cursor.Take('.'))
                return cursor.Expected("a dot and an operator", "un point et un opérateur");
            condition = ComparisonReader.Read(ref cursor, field, inGroup: true);
        }

        if (condition is not null)
            into.Add(condition);
        return condition is not null;
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
