using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.FieldTypes;

/// <summary>A whole number.</summary>
public class NumberField : FieldType
{
    public override string Name => "number";

    public override string ColumnType(FieldSettings settings) => "bigint";

    public override Text Expects(FieldShape field)
    {
        var (low, high) = Range(field.ColumnType);
        return new($"a whole number from {low} to {high}", $"un nombre entier de {low} à {high}");
    }

    public override bool Accepts(JsonElement value, FieldShape field) =>
        JsonText.FindScalar(value) is { } text && AcceptsText(text, field.ColumnType);

    public override bool AcceptsText(ReadOnlySpan<char> text, PgType type)
    {
        var (low, high) = Range(type);
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= low && number <= high;
    }

    public override JsonObject Schema(FieldShape field) => new()
    {
        ["type"] = "integer",
        ["format"] = field.ColumnType.Oid is PgTypes.Int2 or PgTypes.Int4 ? "int32" : "int64",
    };

    private static (long Low, long High) Range(PgType type) => type.Oid switch
    {
        PgTypes.Int2 => (short.MinValue, short.MaxValue),
        PgTypes.Int4 => (int.MinValue, int.MaxValue),
        _ => (long.MinValue, long.MaxValue),
    };
}
