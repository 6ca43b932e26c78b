using System.Collections.Immutable;
using System.Text;
using Socle.Kernel;

namespace Socle.Formulas;

/// <summary>
/// The language of computed fields. Takes a formula (<c>quantity * unit_price * (1 - discount / 100)</c>) and what its names mean, gives one SQL
/// expression and its type. Refuses, with the place, what does not fit the grammar or the types. Nothing that somebody writes becomes SQL but
/// by the grammar: names are looked up and quoted, constants are quoted, functions are those of a list.
/// </summary>
public static class Formula
{
    public const int LongestText = 4000;

    /// <summary>What formulas of formulas may grow to.</summary>
    private const int LongestSql = 60_000;

    /// <param name="text">The formula.</param>
    /// <param name="find">What a name means; null for one that means nothing.</param>
    /// <param name="known">The names that mean something, for suggestions.</param>
    public static Result<CompiledFormula> Compile(string text, Func<string, FormulaInput?> find, IEnumerable<string> known)
    {
        var faults = new FormulaFaults();
        if (Parse(text, faults) is not { } tree)
            return faults.All;
        var compiler = new FormulaCompiler(find, known, faults);
        if (compiler.Compile(tree) is not { } compiled)
            return faults.All;
        if (compiled.Type == FormulaType.Duration)
            faults.Add(tree.At, "a formula gives no length of time: write hours(…), which is a number", "une formule ne donne pas de durée : écrivez hours(…), qui est un nombre");
        if (compiled.Sql.Length > LongestSql)
            faults.Add(1, "it is too long, with the formulas that it uses", "elle est trop longue, avec les formules qu'elle utilise");
        // A quotient ends in zeros that nobody asked for.
        var sql = compiler.IsInexact && compiled.Type == FormulaType.Number ? $"trim_scale({compiled.Sql})" : compiled.Sql;
        return faults.All.Count > 0 ? faults.All : new CompiledFormula(sql, compiled.Type, compiler.Uses);
    }

    /// <summary>The formula with other names for fields. What cannot be read stays as it is.</summary>
    public static string Rename(string text, IReadOnlyDictionary<string, string> names)
    {
        var faults = new FormulaFaults();
        var tokens = FormulaTokens.Read(text, faults);
        if (faults.All.Count > 0)
            return text;
        var renamed = new StringBuilder();
        var end = 0;
        for (var i = 0; i < tokens.Length; i++)
        {
            if (!FormulaParser.IsField(tokens, i) || !names.TryGetValue(tokens[i].Text, out var name))
                continue;
            renamed.Append(text, end, tokens[i].Start - end).Append(FormulaTokens.Write(name));
            end = tokens[i].End;
        }

        return renamed.Append(text, end, text.Length - end).ToString();
    }

    private static FormulaNode? Parse(string text, FormulaFaults faults)
    {
        if (text.Length > LongestText)
        {
            faults.Add(1, $"it is longer than {LongestText} characters", $"elle dépasse {LongestText} caractères");
            return null;
        }

        var tokens = FormulaTokens.Read(text, faults);
        return faults.All.Count > 0 ? null : new FormulaParser(tokens, text.Length, faults).Parse();
    }
}

/// <summary>What values are.</summary>
public enum FormulaType
{
    Number,
    Text,
    Boolean,
    Date,

    /// <summary>A date with its time of day.</summary>
    Moment,

    /// <summary>A length of time; formulas read one, but give none.</summary>
    Duration,
}

/// <summary>What a name in a formula means.</summary>
/// <param name="Sql">The value as SQL.</param>
/// <param name="Type">Null when it cannot be computed with.</param>
/// <param name="Why">Why it cannot be.</param>
public sealed record FormulaInput(string Sql, FormulaType? Type, Text? Why = null);

/// <param name="Sql">The expression, of immutable functions only.</param>
/// <param name="Uses">The names that it speaks of.</param>
public sealed record CompiledFormula(string Sql, FormulaType Type, ImmutableArray<string> Uses);
