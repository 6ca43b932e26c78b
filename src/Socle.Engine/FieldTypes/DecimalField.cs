using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.FieldTypes;

/// <summary>A number with a fraction, exact in numeric columns.</summary>
public class DecimalField : FieldType
{
    /// <summary>numeric holds 131072 digits before the point; nobody means more than this.</summary>
    private const int MostDigits = 1000;

    public override string Name => "decimal";

    public override string ColumnType(FieldSettings settings) => settings switch
    {
        { Precision: { } precision, Scale: { } scale } => $"numeric({precision},{scale})",
        { Precision: { } precision } => $"numeric({precision})",
        _ => "numeric",
    };

    public override Text Expects(FieldShape field) => field.ColumnType.Modifiers is [var digits, var decimals]
        ? new($"a number such as 12.50, with at most {digits - decimals} digits before the point", $"un nombre comme 12.50, d'au plus {digits - decimals} chiffres avant la virgule")
        : new("a number such as 12.50", "un nombre comme 12.50");

    public override bool Accepts(JsonElement value, FieldShape field) =>
        JsonText.FindScalar(value) is { } text && AcceptsText(text, field.ColumnType);

    public override bool AcceptsText(ReadOnlySpan<char> text, PgType type)
    {
        if (text.Length is 0 or > MostDigits)
            return false;
        if (text is "NaN" or "Infinity" or "-Infinity")
            return true;
        return double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number)
            && IsInRange(number, type);
    }

    public override JsonObject Schema(FieldShape field) => new() { ["type"] = "number" };

    private static bool IsInRange(double number, PgType type) =>
        double.IsFinite(number) && (type.Oid != PgTypes.Float4 || Math.Abs(number) <= float.MaxValue);
}
