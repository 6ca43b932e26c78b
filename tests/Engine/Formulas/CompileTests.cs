using Socle.Formulas;

namespace Socle.Tests.Formulas;

/// <summary>What formulas mean, and what is refused with its place.</summary>
public sealed class CompileTests
{
    [Theory]
    [InlineData("1 + 2 * 3", "(1::numeric + (2::numeric * 3::numeric))")]
    [InlineData("(1 + 2) * 3", "((1::numeric + 2::numeric) * 3::numeric)")]
    [InlineData("8 - 4 - 2", "((8::numeric - 4::numeric) - 2::numeric)")]
    [InlineData("-quantity * 2", "((- \"quantity\"::numeric) * 2::numeric)")]
    [InlineData("quantity % 2", "(\"quantity\"::numeric % nullif(2::numeric, 0::numeric))")]
    [InlineData("quantity / 2", "trim_scale((\"quantity\"::numeric / nullif(2::numeric, 0::numeric)))")]
    [InlineData("round(quantity / 2, 2)", "round((\"quantity\"::numeric / nullif(2::numeric, 0::numeric)), 2)")]
    [InlineData("not done and quantity <> 1 or true", "(((NOT \"done\") AND (\"quantity\"::numeric <> 1::numeric)) OR true)")]
    [InlineData("name & 'it''s'", "(coalesce(\"name\"::text, ''::text) || coalesce('it''s'::text, ''::text))")]
    [InlineData("day + 30", "(\"day\" + (CASE WHEN abs(30::numeric) > 3000000::numeric THEN NULL ELSE trunc(30::numeric) END)::integer)")]
    [InlineData("if(done, name, 'x')", "(CASE WHEN \"done\" THEN \"name\"::text ELSE 'x'::text END)")]
    [InlineData("if(done, 1)", "(CASE WHEN \"done\" THEN 1::numeric END)")]
    [InlineData("\"and\"", "\"and\"::text")]
    [InlineData("\"we\"\"ird\"", "\"we\"\"ird\"::text")]
    [InlineData("year(at)", "extract(year FROM timezone('UTC'::text, \"at\"))")]
    public void A_formula_becomes_SQL(string formula, string sql) => Assert.Equal(sql, Words.Sql(formula));

    [Theory]
    [InlineData("quantity", FormulaType.Number)]
    [InlineData("name & 1", FormulaType.Text)]
    [InlineData("quantity > 1", FormulaType.Boolean)]
    [InlineData("day - 1", FormulaType.Date)]
    [InlineData("date(at)", FormulaType.Date)]
    [InlineData("at + 1", FormulaType.Moment)]
    [InlineData("at - at", FormulaType.Number)]
    [InlineData("day - date('2026-01-01')", FormulaType.Number)]
    [InlineData("hours(spent)", FormulaType.Number)]
    [InlineData("coalesce(name, 'x')", FormulaType.Text)]
    public void Its_type_follows_from_its_parts(string formula, FormulaType type) => Assert.Equal(type, Words.Compile(formula).Value.Type);

    [Theory]
    [InlineData("", "1: something is missing.")]
    [InlineData("quantity +", "11: something is missing.")]
    [InlineData("quantiy * 2", "1: the field 'quantiy' is unknown; did you mean 'quantity'?")]
    [InlineData("2 * zzz", "5: the field 'zzz' is unknown.")]
    [InlineData("rond(quantity)", "1: the function 'rond' is unknown; did you mean 'round'?")]
    [InlineData("quantity + name", "10: '+' does not go with a number and text; texts are joined with &.")]
    [InlineData("quantity and done", "1: yes or no is expected here, and this is a number.")]
    [InlineData("day + day", "5: '+' does not go with a date and a date.")]
    [InlineData("1 < 2 < 3", "7: compare two values at a time, and join comparisons with 'and'.")]
    [InlineData("name & done", "8: yes or no cannot be made text; use if(…), date(…) or hours(…).")]
    [InlineData("round(1, quantity)", "10: the digits of round(…) are a number written out, from -20 to 20.")]
    [InlineData("left(name)", "1: left(…) takes 2 values, and has 1.")]
    [InlineData("if(done, 1, 'a')", "13: the values must be of one type; the first is a number, and this is text.")]
    [InlineData("date('31/12/2026')", "6: a date is written as '2026-12-31'.")]
    [InlineData("tags", "1: the field 'tags' cannot be computed with: it is of the type tags.")]
    [InlineData("spent", "1: a formula gives no length of time: write hours(…), which is a number.")]
    [InlineData("quantity; drop", "9: the sign ; means nothing here.")]
    [InlineData("'open", "1: this quote ' has no end.")]
    [InlineData("(1", "3: the closing bracket ) is missing.")]
    [InlineData("1 2", "3: an operator is expected before '2'.")]
    [InlineData("quantity = 1.2.3", "15: the sign . means nothing here.")]
    public void What_is_wrong_is_told_with_its_place(string formula, string fault) => Assert.Equal(fault, Words.Faults(formula));

    [Fact]
    public void What_is_too_much_is_refused_before_it_hurts()
    {
        Assert.Contains("nested deeper than 50", Words.Faults(new string('(', 2000) + "1"), StringComparison.Ordinal);
        Assert.Contains("nested deeper than 50", Words.Faults(new string('-', 2000) + "1"), StringComparison.Ordinal);
        Assert.Contains("more than 400 parts", Words.Faults(string.Join('+', Enumerable.Repeat("1", 1000))), StringComparison.Ordinal);
        Assert.Contains("longer than 4000", Words.Faults(new string(' ', 5000)), StringComparison.Ordinal);
    }

    [Fact]
    public void Messages_are_in_French_too() =>
        Assert.Equal("Dans la formule, au caractère 1 : le champ « quantiy » est inconnu ; vouliez-vous dire « quantity » ?", Words.Compile("quantiy").Faults[0].Message.French);

    [Fact]
    public void Fields_get_other_names_and_nothing_else_does()
    {
        var names = new Dictionary<string, string> { ["round"] = "total", ["name"] = "full name", ["and"] = "other" };
        Assert.Equal(
            "round(total, 2) & \"full name\" & 'name' & other and true",
            Formula.Rename("round(round, 2) & name & 'name' & \"and\" and true", names));
        Assert.Equal("'broken name", Formula.Rename("'broken name", names));
    }
}
