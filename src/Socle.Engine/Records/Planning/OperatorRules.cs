using Socle.Catalog;
using Socle.Grammar;
using Socle.Postgres;

namespace Socle.Records.Planning;

/// <summary>Which operators a type allows, and which operands are values of the type itself.</summary>
internal static class OperatorRules
{
    public static bool Allows(Operator op, PgType type) => op switch
    {
        Operator.Is => true,
        Operator.Equal or Operator.NotEqual or Operator.IsDistinct => type.Kind != PgKind.Json,
        Operator.GreaterThan or Operator.GreaterOrEqual or Operator.LessThan or Operator.LessOrEqual => type.Kind != PgKind.Json,
        Operator.In => type.Kind is not (PgKind.Json or PgKind.Array or PgKind.Composite),
        Operator.Like or Operator.ILike or Operator.Match or Operator.IMatch => type.IsText,
        Operator.FullText or Operator.PlainText or Operator.PhraseText or Operator.WebText =>
            type.Kind is PgKind.Text or PgKind.TsVector or PgKind.Json or PgKind.Jsonb,
        Operator.Contains or Operator.ContainedIn => type.Kind is PgKind.Array or PgKind.Jsonb or PgKind.Range or PgKind.Other,
        Operator.Overlaps => type.Kind is PgKind.Array or PgKind.Range or PgKind.Other,
        Operator.StrictlyLeft or Operator.StrictlyRight or Operator.NotExtendLeft or Operator.NotExtendRight or Operator.Adjacent =>
            type.Kind is PgKind.Range or PgKind.Other,
        _ => false,
    };

    public static bool IsPattern(Operator op) => op is Operator.Like or Operator.ILike or Operator.Match or Operator.IMatch;

    /// <summary>PostgreSQL would refuse such a pattern only at the first text that reaches its end.</summary>
    public static bool EndsWithLoneBackslash(string pattern) => (pattern.Length - pattern.AsSpan().TrimEnd('\\').Length) % 2 == 1;

    /// <summary>Whether the operand is a value of the field, which its type can check before PostgreSQL does.</summary>
    public static bool ComparesValues(Operator op) => op is
        Operator.Equal or Operator.NotEqual or Operator.IsDistinct or Operator.In
        or Operator.GreaterThan or Operator.GreaterOrEqual or Operator.LessThan or Operator.LessOrEqual
        or Operator.Contains or Operator.ContainedIn or Operator.Overlaps;
}
