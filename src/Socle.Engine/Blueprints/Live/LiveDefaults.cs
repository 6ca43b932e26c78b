using System.Text.RegularExpressions;
using Socle.FieldTypes;
using Socle.Kernel;
using Socle.Schema;

namespace Socle.Blueprints.Live;

/// <summary>Takes a column's default as PostgreSQL prints it, gives the field's. Expressions other than the few that a blueprint knows are a gap.</summary>
internal static partial class LiveDefaults
{
    private static readonly Text Computed = new("PostgreSQL fills the column by itself.", "PostgreSQL remplit lui-même la colonne.");

    private static readonly Text Expression = new("Its default is an expression.", "Sa valeur par défaut est une expression.");

    public static (FieldDefault? Default, Text? Gap) Read(ColumnShape column, FieldType type)
    {
        if (column.IsComputed)
            return (null, type is FormulaField ? null : Computed);
        if (column.Default is not { } text)
            return (null, null);
        return Find(text, type) is { } found ? (found, null) : (null, Expression);
    }

    private static FieldDefault? Find(string text, FieldType type)
    {
        if (text is "now()" or "CURRENT_TIMESTAMP" && type is DateTimeField)
            return new FieldDefault.Now();
        if (text == "CURRENT_DATE" && type is DateField)
            return new FieldDefault.Today();
        if (text == "gen_random_uuid()" && type is UuidField)
            return new FieldDefault.NewUuid();
        var match = Constant().Match(text);
        if (!match.Success)
            return null;
        return new FieldDefault.Constant(match.Groups["quoted"] is { Success: true } quoted ? quoted.Value.Replace("''", "'", StringComparison.Ordinal) : match.Groups["bare"].Value);
    }

    /// <summary><c>'active'::text</c>, <c>'{}'::text[]</c>, <c>12.50</c>, <c>true</c>, <c>(0)::numeric</c>.</summary>
    [GeneratedRegex(
        """^(?:\(*'(?<quoted>(?:[^']|'')*)'\)*|\(*(?<bare>-?[0-9]+(?:\.[0-9]+)?|true|false)\)*)(?:::[a-z ]+(?:\([0-9, ]+\))?(?: with(?:out)? time zone)?(?:\[\])?\)?)*$""",
        RegexOptions.CultureInvariant | RegexOptions.Singleline | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Constant();
}
