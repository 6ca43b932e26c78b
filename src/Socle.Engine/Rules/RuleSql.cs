using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Socle.Grammar;
using Socle.Postgres;

namespace Socle.Rules;

/// <summary>
/// Conditions and effects as SQL that means the same whoever runs it: every operator and type by its schema, text by code points, no
/// function that is not immutable. Columns stand between brackets that no constant holds; the database puts in the names of the day.
/// </summary>
internal static class RuleSql
{
    private const string Catalog = "pg_catalog";

    /// <summary>Where a column's name goes as an identifier.</summary>
    public static string Column(RuleField field, string row) => $"{row}\u27E6{field.Name}\u27E7";

    /// <summary>Where it goes as a constant.</summary>
    public static string NameOf(RuleField field) => $"\u27EA{field.Name}\u27EB";

    /// <summary>Whether a rule holds; never null.</summary>
    public static string IsActive(CompiledRule rule, string row) => $"({Condition(rule.When, row)}) IS TRUE";

    /// <summary>Whether a field is not shown; never null.</summary>
    public static string? IsHidden(RuleSet set, RuleField field, string row)
    {
        var hiding = set.Rules.Where(rule => rule.Hide.Contains(field)).Select(rule => IsActive(rule, row)).ToList();
        var showing = set.Rules.Where(rule => rule.Show.Contains(field)).Select(rule => $"NOT {IsActive(rule, row)}").ToList();
        if (showing.Count > 0)
            hiding.Add($"({string.Join(" AND ", showing)})");
        return hiding.Count == 0 ? null : $"({string.Join(" OR ", hiding)})";
    }

    /// <summary>Whether a field has a value; never null.</summary>
    public static string IsFilled(RuleField field, string row)
    {
        var column = Column(field, row);
        var rest = field.Kind switch
        {
            RuleKind.Text => $" AND {Value(field, row)} {Op("<>")} {Literal(field, "")}",
            RuleKind.Tags or RuleKind.List => $" AND {Catalog}.cardinality({column}) {Op(">")} 0",
            RuleKind.Json => $" AND {column} {Op("<>")} 'null'::{Catalog}.jsonb",
            _ => "",
        };
        return $"({column} IS NOT NULL{rest})";
    }

    /// <summary>Whether a field has one of the values, or none; never null.</summary>
    public static string IsAllowed(CompiledChoices choices, string row)
    {
        var (column, field) = (Column(choices.Field, row), choices.Field);
        var list = Array(field, choices.Values);
        return field.Kind == RuleKind.Tags
            ? $"({column} IS NULL OR {column} {Op("<@")} {list})"
            : $"({column} IS NULL OR {Value(field, row)} {Op("=")} ANY ({list}))";
    }

    /// <summary>Whether a field is something else in one row than in another; never null.</summary>
    public static string Differs(RuleField field, string row, string other)
    {
        if (field.Kind == RuleKind.Json)
            return $"coalesce({Column(field, row)}, 'null'::{Catalog}.jsonb) {Op("<>")} coalesce({Column(field, other)}, 'null'::{Catalog}.jsonb)";
        var (one, second) = (Value(field, row), Value(field, other));
        return $"(({one} {Op("<>")} {second}) IS TRUE OR ({Column(field, row)} IS NULL) {Op("<>")} ({Column(field, other)} IS NULL))";
    }

    /// <summary>A constant of the field's type.</summary>
    public static string Constant(CompiledValue value) => value.Value is null ? "NULL" : Literal(value.Field, RuleValue.Write(value.Field, value.Value));

    private static string Condition(RuleCondition condition, string row) => condition switch
    {
        RuleGroup { Conditions.IsEmpty: true } => "true",
        RuleGroup group => $"{(group.Negated ? "NOT " : "")}({string.Join(group.IsOr ? " OR " : " AND ", group.Conditions.Select(part => Condition(part, row)))})",
        RuleTest test => test.Negated ? $"NOT ({Test(test, row)})" : $"({Test(test, row)})",
        _ => throw new InvalidOperationException($"No SQL for {condition}."),
    };

    private static string Test(RuleTest test, string row)
    {
        var (column, value) = (Column(test.Field, row), Value(test.Field, row));
        if (test.Is is { } asked)
            return Is(test.Field, column, asked);
        var first = Literal(test.Field, Text(test, test.Operands[0]));
        if (test.Operator == Operator.IsDistinct)
            return $"{column} IS NULL OR {value} {Op("<>")} {first}";
        var symbol = Op(test.Operator switch
        {
            Operator.Equal or Operator.In => "=",
            Operator.NotEqual => "<>",
            Operator.GreaterThan => ">",
            Operator.GreaterOrEqual => ">=",
            Operator.LessThan => "<",
            Operator.LessOrEqual => "<=",
            Operator.Like => "~~",
            Operator.ILike => "~~*",
            Operator.Contains => "@>",
            Operator.ContainedIn => "<@",
            Operator.Overlaps => "&&",
            var other => throw new InvalidOperationException($"Rules do not know {other}."),
        });
        return test.IsList
            ? $"{value} {symbol} {(test.IsAll ? "ALL" : "ANY")} ({ArrayOf(test.Field, test.Operands.Select(operand => Text(test, operand)))})"
            : $"{value} {symbol} {first}";
    }

    private static string Is(RuleField field, string column, IsValue asked)
    {
        var isNull = field.Kind == RuleKind.Json ? $"{column} IS NULL OR {column} {Op("=")} 'null'::{Catalog}.jsonb" : $"{column} IS NULL";
        return asked switch
        {
            IsValue.Null or IsValue.Unknown => isNull,
            IsValue.NotNull => $"NOT ({isNull})",
            IsValue.True => $"{column} IS TRUE",
            _ => $"{column} IS FALSE",
        };
    }

    private static string Text(RuleTest test, object operand) =>
        test.Operator is Operator.Like or Operator.ILike ? (string)operand : RuleValue.Write(test.Field, operand);

    private static string Value(RuleField field, string row) => field.Kind switch
    {
        RuleKind.Text => $"({Column(field, row)}::{Catalog}.text COLLATE {Catalog}.\"C\")",
        RuleKind.Integer => $"{Column(field, row)}::{Catalog}.int8",
        RuleKind.Number => $"{Column(field, row)}::{Catalog}.numeric",
        _ => Column(field, row),
    };

    private static string Array(RuleField field, ImmutableArray<object> values) => ArrayOf(
        field,
        values.Select(value => field.Kind == RuleKind.Tags ? (string)value : RuleValue.Write(field, value)));

    private static string ArrayOf(RuleField field, IEnumerable<string> texts) =>
        Quote(Sql.ArrayText(texts)) + $"::{Catalog}.{TypeOf(field).TrimEnd('[', ']')}[]";

    private static string Literal(RuleField field, string text) => $"{Quote(text)}::{Catalog}.{TypeOf(field)}";

    private static string TypeOf(RuleField field) => field.Kind switch
    {
        RuleKind.Text => "text",
        RuleKind.Integer => "int8",
        RuleKind.Number => "numeric",
        RuleKind.Boolean => "bool",
        RuleKind.Date => "date",
        RuleKind.Moment => "timestamptz",
        RuleKind.Uuid => "uuid",
        RuleKind.Tags => "text[]",
        _ => "jsonb",
    };

    /// <summary>The brackets that mark columns are escaped in constants.</summary>
    private static string Quote(string text)
    {
        if (text.AsSpan().IndexOfAnyInRange('\u27E6', '\u27EB') < 0)
            return Sql.Literal(text);
        var escaped = new StringBuilder(" E'");
        foreach (var c in text)
        {
            if (c is >= '\u27E6' and <= '\u27EB')
                escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}");
            else
                escaped.Append(c switch { '\'' => "''", '\\' => "\\\\", _ => c.ToString() });
        }

        return escaped.Append('\'').ToString();
    }

    private static string Op(string symbol) => $"OPERATOR({Catalog}.{symbol})";
}
