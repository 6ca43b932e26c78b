using Socle.Formulas;
using Socle.Kernel;

namespace Socle.Tests.Formulas;

/// <summary>Formulas over a few fields of each type.</summary>
internal static class Words
{
    public static readonly IReadOnlyDictionary<string, FormulaInput> Fields = new Dictionary<string, FormulaInput>
    {
        ["quantity"] = new("\"quantity\"::numeric", FormulaType.Number),
        ["unit_price"] = new("\"unit_price\"::numeric", FormulaType.Number),
        ["name"] = new("\"name\"::text", FormulaType.Text),
        ["done"] = new("\"done\"", FormulaType.Boolean),
        ["day"] = new("\"day\"", FormulaType.Date),
        ["at"] = new("\"at\"", FormulaType.Moment),
        ["spent"] = new("\"spent\"", FormulaType.Duration),
        ["and"] = new("\"and\"::text", FormulaType.Text),
        ["we\"ird"] = new("\"we\"\"ird\"::text", FormulaType.Text),
        ["tags"] = new("\"tags\"", null, new Text("it is of the type tags", "il est du type tags")),
    };

    public static Result<CompiledFormula> Compile(string text) => Formula.Compile(text, name => Fields.GetValueOrDefault(name), Fields.Keys);

    public static string Sql(string text)
    {
        var compiled = Compile(text);
        Assert.True(!compiled.IsFault, compiled.IsFault ? compiled.Faults[0].Message.English : "");
        return compiled.Value.Sql;
    }

    /// <summary>"character: reason", a line each.</summary>
    public static string Faults(string text) => string.Join('\n', Compile(text).Faults.Select(fault => fault.Message.English.Replace("In the formula, at character ", "", StringComparison.Ordinal)));
}
