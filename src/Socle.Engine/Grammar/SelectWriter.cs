using System.Collections.Immutable;
using System.Text;

namespace Socle.Grammar;

/// <summary>Writes the items of <c>select=</c> and the terms of <c>order=</c>.</summary>
internal static class SelectWriter
{
    public static void AppendSelect(this StringBuilder text, ImmutableArray<SelectItem> items)
    {
        for (var i = 0; i < items.Length; i++)
        {
            if (i > 0)
                text.Append(',');
            if (items[i] is SelectField field)
                text.AppendField(field);
            else if (items[i] is SelectEmbed embed)
                text.AppendEmbed(embed);
            else
                text.Append('*');
        }
    }

    public static StringBuilder AppendOrder(this StringBuilder text, ImmutableArray<OrderTerm> terms)
    {
        for (var i = 0; i < terms.Length; i++)
        {
            if (i > 0)
                text.Append(',');
            var term = terms[i];
            if (term.Relation is not null)
                text.AppendName(term.Relation).Append('(').AppendPath(term.Field).Append(')');
            else
                text.AppendPath(term.Field);
            text.AppendPeriod(term.Period).Append(term.Descending ? ".desc" : "");
            if (term.NullsFirst is { } first)
                text.Append(first ? ".nullsfirst" : ".nullslast");
        }

        return text;
    }

    private static void AppendField(this StringBuilder text, SelectField field)
    {
        if (field.Alias is not null)
            text.AppendName(field.Alias).Append(':');
        if (field.Field is not null)
            text.AppendPath(field.Field).AppendCast(field.Cast).AppendPeriod(field.Period);
        if (field.Aggregate is not { } aggregate)
            return;
        if (field.Field is not null)
            text.Append('.');
        text.Append(SelectReader.AggregateNames[(int)aggregate]).Append("()").AppendCast(field.AggregateCast);
    }

    private static StringBuilder AppendPeriod(this StringBuilder text, Period? period) =>
        period is { } found ? text.Append('.').Append(PeriodReader.Names[(int)found]).Append("()") : text;

    private static StringBuilder AppendCast(this StringBuilder text, string? type) => type is null ? text : text.Append("::").Append(type);

    private static void AppendEmbed(this StringBuilder text, SelectEmbed embed)
    {
        if (embed.Spread)
            text.Append("...");
        else if (embed.Alias is not null)
            text.AppendName(embed.Alias).Append(':');
        text.AppendName(embed.Target, quoted: embed.Target == "count");
        if (embed.Hint is not null)
            text.Append('!').AppendName(embed.Hint, quoted: embed.Hint is "inner" or "left");
        if (embed.Join == EmbedJoin.Inner)
            text.Append("!inner");
        text.Append('(');
        text.AppendSelect(embed.Scope.Select);
        text.Append(')');
    }
}
