namespace Socle.Formulas;

/// <summary>The operators between two values; null where they do not go with the types.</summary>
internal static class FormulaArithmetic
{
    public static TypedSql? Find(string sign, TypedSql left, TypedSql right) => (sign, left.Type, right.Type) switch
    {
        ("+" or "-" or "*", FormulaType.Number, FormulaType.Number) => Number($"({left.Sql} {sign} {right.Sql})"),
        ("/" or "%", FormulaType.Number, FormulaType.Number) => Number($"({left.Sql} {sign} nullif({right.Sql}, 0::numeric))"),
        ("-", FormulaType.Date, FormulaType.Date) => Number($"({left.Sql} - {right.Sql})::numeric"),
        ("-", FormulaType.Moment, FormulaType.Moment) => Number($"(extract(epoch FROM ({Utc(left.Sql)} - {Utc(right.Sql)})) / 86400)"),
        ("+" or "-", FormulaType.Date, FormulaType.Number) => new TypedSql($"({left.Sql} {sign} {WholeDays(right.Sql)})", FormulaType.Date),
        ("+", FormulaType.Number, FormulaType.Date) => new TypedSql($"({right.Sql} + {WholeDays(left.Sql)})", FormulaType.Date),
        ("+" or "-", FormulaType.Moment, FormulaType.Number) => Moment(left.Sql, sign, right.Sql),
        ("+", FormulaType.Number, FormulaType.Moment) => Moment(right.Sql, sign, left.Sql),
        _ => null,
    };

    public static TypedSql? FindComparison(string sign, TypedSql left, TypedSql right) => left.Type == right.Type
        ? new TypedSql($"({left.Sql} {(sign == "!=" ? "<>" : sign)} {right.Sql})", FormulaType.Boolean)
        : null;

    /// <summary>A moment's clock in UTC, which does not depend on who looks.</summary>
    public static string Utc(string moment) => $"timezone('UTC'::text, {moment})";

    /// <summary>A whole number that is near enough to be cast, else nothing.</summary>
    public static string Whole(string number, int most) => Near(number, most, "trunc") + "::integer";

    private const int MostDays = 3_000_000;

    private static string WholeDays(string number) => Whole(number, MostDays);

    private static string Near(string number, int most, string function) => $"(CASE WHEN abs({number}) > {most}::numeric THEN NULL ELSE {function}({number}) END)";

    private static TypedSql Number(string sql) => new(sql, FormulaType.Number);

    private static TypedSql Moment(string moment, string sign, string days) => new(
        $"timezone('UTC'::text, ({Utc(moment)} {sign} ({Near(days, MostDays, "")}::double precision * '1 day'::interval)))",
        FormulaType.Moment);
}
