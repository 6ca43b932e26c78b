using System.Text;
using Socle.Catalog;
using Socle.Grammar;
using Socle.Postgres;
using Socle.Records.Planning;

namespace Socle.Records.Statements;

/// <summary>Conditions as SQL.</summary>
internal static class ConditionSql
{
    public static void Write(SqlText sql, ConditionPlan condition)
    {
        switch (condition)
        {
            case GroupPlan group:
                WriteGroup(sql, group);
                break;
            case ExistsPlan exists:
                sql.Add(exists.Negated ? "NOT " : "").Add("EXISTS (SELECT ");
                RelationSql.WriteBody(sql, exists.Embed);
                sql.Add(')');
                break;
            case ComparisonPlan comparison:
                WriteComparison(sql, comparison);
                break;
        }
    }

    private static void WriteGroup(SqlText sql, GroupPlan group)
    {
        sql.Add(group.Negated ? "NOT (" : "(");
        for (var i = 0; i < group.Conditions.Length; i++)
        {
            if (i > 0)
                sql.Add(group.IsOr ? " OR " : " AND ");
            Write(sql, group.Conditions[i]);
        }

        sql.Add(')');
    }

    private static void WriteComparison(SqlText sql, ComparisonPlan comparison)
    {
        if (comparison.Negated)
            sql.Add("NOT (");
        var left = ValueSql.Expression(comparison.Value);
        switch (comparison.Operand)
        {
            case IsOperand operand:
                sql.Add(left).Add(" IS ").Add(Word(operand.Value));
                break;
            case SearchOperand operand:
                WriteSearch(sql, comparison, operand, left);
                break;
            case ListOperand list when comparison.Operator == Operator.In:
                sql.Add(left).Add(" = ANY (").Parameter(ArrayLiteral(list.Values)).Add(')');
                break;
            case ListOperand list:
                sql.Add(AsText(comparison, left)).Add(Symbol(comparison.Operator)).Add(list.Quantifier == Quantifier.Any ? "ANY (" : "ALL (");
                WriteOperand(sql, comparison, ArrayLiteral(list.Values.Select(value => Pattern(comparison.Operator, value))), "[]");
                sql.Add(')');
                break;
            case ExpressionOperand expression:
                sql.Add(left).Add(Symbol(comparison.Operator)).Add(expression.Sql);
                break;
            case TextOperand text:
                sql.Add(AsText(comparison, left)).Add(Symbol(comparison.Operator));
                WriteOperand(sql, comparison, Pattern(comparison.Operator, text.Value), "");
                break;
        }

        if (comparison.Negated)
            sql.Add(')');
    }

    /// <summary>PostgreSQL infers an operand's type from the column, but not which record type a record is of.</summary>
    private static void WriteOperand(SqlText sql, ComparisonPlan comparison, string text, string brackets)
    {
        if (comparison.Value.Type!.Kind == PgKind.Composite)
            sql.Add("CAST(").Parameter(text).Add(" AS ").Add(comparison.Value.Type.SqlName).Add(brackets).Add(')');
        else
            sql.Parameter(text);
    }

    /// <summary>Patterns work on text; an enum is no text to PostgreSQL.</summary>
    private static string AsText(ComparisonPlan comparison, string left) =>
        OperatorRules.IsPattern(comparison.Operator) && comparison.Value.Type!.Kind == PgKind.Enum ? $"CAST({left} AS text)" : left;

    private static void WriteSearch(SqlText sql, ComparisonPlan comparison, SearchOperand operand, string left)
    {
        var isVector = comparison.Value.Type!.Kind == PgKind.TsVector;
        sql.Add(isVector ? left : "to_tsvector(");
        if (!isVector)
        {
            WriteConfiguration(sql, operand);
            sql.Add(left).Add(')');
        }

        sql.Add(" @@ ").Add(comparison.Operator switch
        {
            Operator.PlainText => "plainto_tsquery(",
            Operator.PhraseText => "phraseto_tsquery(",
            Operator.WebText => "websearch_to_tsquery(",
            _ => "to_tsquery(",
        });
        WriteConfiguration(sql, operand);
        sql.Parameter(operand.Query).Add(')');
    }

    private static void WriteConfiguration(SqlText sql, SearchOperand operand)
    {
        if (operand.Configuration is not null)
            sql.Add("CAST(").Parameter(operand.Configuration).Add(" AS regconfig), ");
    }

    private static string Pattern(Operator op, string text) =>
        op is Operator.Like or Operator.ILike ? text.Replace('*', '%') : text;

    private static string Symbol(Operator op) => op switch
    {
        Operator.Equal => " = ",
        Operator.NotEqual => " <> ",
        Operator.GreaterThan => " > ",
        Operator.GreaterOrEqual => " >= ",
        Operator.LessThan => " < ",
        Operator.LessOrEqual => " <= ",
        Operator.Like => " LIKE ",
        Operator.ILike => " ILIKE ",
        Operator.Match => " ~ ",
        Operator.IMatch => " ~* ",
        Operator.IsDistinct => " IS DISTINCT FROM ",
        Operator.Contains => " @> ",
        Operator.ContainedIn => " <@ ",
        Operator.Overlaps => " && ",
        Operator.StrictlyLeft => " << ",
        Operator.StrictlyRight => " >> ",
        Operator.NotExtendRight => " &< ",
        Operator.NotExtendLeft => " &> ",
        Operator.Adjacent => " -|- ",
        _ => throw new ArgumentOutOfRangeException(nameof(op), op, "This operator has no symbol."),
    };

    private static string Word(IsValue value) => value switch
    {
        IsValue.Null => "NULL",
        IsValue.NotNull => "NOT NULL",
        IsValue.True => "TRUE",
        IsValue.False => "FALSE",
        _ => "UNKNOWN",
    };

    /// <summary>An array in PostgreSQL's text form, every member quoted.</summary>
    private static string ArrayLiteral(IEnumerable<string> values)
    {
        var text = new StringBuilder("{");
        foreach (var value in values)
        {
            if (text.Length > 1)
                text.Append(',');
            text.Append('"').Append(value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)).Append('"');
        }

        return text.Append('}').ToString();
    }
}
