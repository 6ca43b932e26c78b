using System.Collections.Immutable;
using Socle.Grammar;

namespace Socle.Tests.Grammar;

/// <summary>Prints a tree unambiguously, so that trees compare as text.</summary>
internal static class Tree
{
    public static string Print(RecordQuery query)
    {
        List<string> parts = [Print(query.Scope)];
        if (query.Search is not null)
            parts.Add($"q={Quote(query.Search)}");
        if (query.Count is not null)
            parts.Add($"count={query.Count}");
        if (!query.OnConflict.IsDefaultOrEmpty)
            parts.Add($"on_conflict={List(query.OnConflict, Quote)}");
        if (!query.Columns.IsDefaultOrEmpty)
            parts.Add($"columns={List(query.Columns, Quote)}");
        return string.Join(" ", parts);
    }

    public static string Print(QueryScope scope)
    {
        List<string> parts = [$"select{List(scope.Select, Print)}"];
        if (!scope.Where.IsEmpty)
            parts.Add($"where{List(scope.Where, Print)}");
        if (!scope.Order.IsEmpty)
            parts.Add($"order{List(scope.Order, Print)}");
        if (scope.Limit is not null)
            parts.Add($"limit={scope.Limit}");
        if (scope.Offset is not null)
            parts.Add($"offset={scope.Offset}");
        return string.Join(" ", parts);
    }

    public static string Print(Condition condition) => condition switch
    {
        ConditionGroup group => $"{Not(group.Negated)}{(group.IsOr ? "or" : "and")}{List(group.Conditions, Print)}",
        Comparison comparison => $"{Print(comparison.Field)} {Not(comparison.Negated)}{comparison.Operator} {Print(comparison.Operand)}",
        _ => throw new InvalidOperationException(),
    };

    private static string Print(Operand operand) => operand switch
    {
        TextOperand text => Quote(text.Value),
        ListOperand list => $"{list.Quantifier}{List(list.Values, Quote)}",
        IsOperand word => word.Value.ToString(),
        SearchOperand search => $"{Quote(search.Query)}{(search.Configuration is null ? "" : $" in {Quote(search.Configuration)}")}",
        _ => throw new InvalidOperationException(),
    };

    private static string Print(SelectItem item) => item switch
    {
        SelectStar => "*",
        SelectField field => $"{Named(field.Alias)}{(field.Field is null ? "" : Print(field.Field))}{Cast(field.Cast)}{(field.Aggregate is null ? "" : $".{field.Aggregate}")}{Cast(field.AggregateCast)}{In(field.Period)}",
        SelectEmbed embed => $"{Named(embed.Alias)}{(embed.Spread ? "..." : "")}{Quote(embed.Target)}{(embed.Hint is null ? "" : $"!{Quote(embed.Hint)}")} {embed.Join} ({Print(embed.Scope)})",
        _ => throw new InvalidOperationException(),
    };

    private static string Print(OrderTerm term) =>
        $"{(term.Relation is null ? "" : $"{Quote(term.Relation)}/")}{Print(term.Field)}{In(term.Period)} {(term.Descending ? "desc" : "asc")}{(term.NullsFirst is { } first ? first ? " nulls first" : " nulls last" : "")}";

    private static string Print(FieldPath path) => Quote(path.Name) + string.Concat(path.Steps.Select(Print));

    private static string Print(JsonStep step) => $"{(step.AsText ? "->>" : "->")}{(step.Index is { } index ? $"{index}" : Quote(step.Key!))}";

    private static string In(Period? period) => period is null ? "" : $".{period}";

    private static string Named(string? alias) => alias is null ? "" : $"{Quote(alias)}:";

    private static string Cast(string? type) => type is null ? "" : $"::{Quote(type)}";

    private static string Not(bool negated) => negated ? "not " : "";

    // Apostrophes stand for double quotes so that expectations read well in C#.
    private static string Quote(string text) =>
        $"'{text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("'", @"\u0027", StringComparison.Ordinal).Replace("\"", @"\'", StringComparison.Ordinal)}'";

    private static string List<T>(ImmutableArray<T> items, Func<T, string> print) => $"[{string.Join(", ", items.Select(print))}]";
}
