using System.Buffers;
using System.Collections.Immutable;
using System.Text;

namespace Socle.Grammar;

/// <summary>Writes conditions as they stand inside groups (<c>status.eq.active</c>) and as the two halves of a parameter.</summary>
internal static class ConditionWriter
{
    private static readonly SearchValues<char> Structural = SearchValues.Create(",()[]{}\"\\");

    public static void AppendCondition(this StringBuilder text, Condition condition)
    {
        if (condition is ConditionGroup group)
        {
            text.AppendGroupName(group).AppendGroup(group);
            return;
        }

        if (condition is RelatedCondition related)
        {
            text.AppendRelation(related.Relation).AppendCondition(related.Condition);
            return;
        }

        var comparison = (Comparison)condition;
        text.AppendFilterPath(comparison.Field).Append('.').AppendComparison(comparison, inGroup: true);
    }

    /// <summary>Writes the way to related records; what could be an operator or a keyword is quoted.</summary>
    public static StringBuilder AppendRelation(this StringBuilder text, string relation) => text.AppendFilterName(relation).Append('.');

    public static StringBuilder AppendGroupName(this StringBuilder text, ConditionGroup group) =>
        text.Append(group.Negated ? "not." : "").Append(group.IsOr ? "or" : "and");

    public static StringBuilder AppendGroup(this StringBuilder text, ConditionGroup group)
    {
        text.Append('(');
        for (var i = 0; i < group.Conditions.Length; i++)
        {
            if (i > 0)
                text.Append(',');
            text.AppendCondition(group.Conditions[i]);
        }

        return text.Append(')');
    }

    /// <summary>Writes <c>not.op(any).value</c>.</summary>
    public static StringBuilder AppendComparison(this StringBuilder text, Comparison comparison, bool inGroup)
    {
        if (comparison.Negated)
            text.Append("not.");
        var syntax = Operators.Of(comparison.Operator);
        text.Append(syntax.Name);
        return comparison.Operand switch
        {
            TextOperand operand => text.Append('.').AppendValue(operand.Value, inGroup),
            IsOperand operand => text.Append('.').Append(OperandReader.IsWords[(int)operand.Value]),
            SearchOperand operand => text.AppendConfiguration(operand.Configuration).Append('.').AppendValue(operand.Query, inGroup),
            ListOperand operand when syntax.Operand == OperandKind.List => text.Append(".(").AppendMembers(operand.Values, NeedsQuotes).Append(')'),
            ListOperand operand => text.Append(operand.Quantifier == Quantifier.Any ? "(any).{" : "(all).{").AppendMembers(operand.Values, NeedsQuotesInArray).Append('}'),
            _ => throw new InvalidOperationException($"No text for {comparison.Operand}."),
        };
    }

    private static StringBuilder AppendConfiguration(this StringBuilder text, string? configuration) =>
        configuration is null ? text : text.Append('(').AppendName(configuration).Append(')');

    private static StringBuilder AppendValue(this StringBuilder text, string value, bool inGroup) =>
        inGroup && NeedsQuotes(value) ? text.AppendQuoted(value) : text.Append(value);

    private static StringBuilder AppendMembers(this StringBuilder text, ImmutableArray<string> values, Func<string, bool> needsQuotes)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (i > 0)
                text.Append(',');
            if (needsQuotes(values[i]))
                text.AppendQuoted(values[i]);
            else
                text.Append(values[i]);
        }

        return text;
    }

    private static bool NeedsQuotes(string value) =>
        value.Length == 0 || TextCursor.IsBlank(value[0]) || TextCursor.IsBlank(value[^1]) || value.AsSpan().ContainsAny(Structural);

    private static bool NeedsQuotesInArray(string value) => NeedsQuotes(value) || value.Equals("null", StringComparison.OrdinalIgnoreCase);
}
