using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Socle.Kernel;

namespace Socle.FieldTypes;

/// <summary>So many stars: a whole number from 0 to the setting <c>max</c>. A CHECK keeps it.</summary>
public sealed class RatingField : NumberField
{
    /// <summary>The most stars where nobody said.</summary>
    public const int UsualMax = 5;

    public override string Name => "rating";

    public override string ColumnType(FieldSettings settings) => "smallint";

    public static int Max(FieldSettings settings) => settings.Max ?? UsualMax;

    public override string? CheckExpression(string quotedColumn, FieldSettings settings) => $"{quotedColumn} BETWEEN 0 AND {Max(settings)}";

    public override Text Expects(FieldShape field) =>
        new($"a whole number from 0 to {Max(field.Settings)}", $"un nombre entier de 0 à {Max(field.Settings)}");

    public override bool Accepts(JsonElement value, FieldShape field) =>
        JsonText.FindScalar(value) is { } text && AcceptsWritten(text, field);

    public override bool AcceptsWritten(ReadOnlySpan<char> text, FieldShape field) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var stars) && stars <= Max(field.Settings);

    public override JsonObject Schema(FieldShape field) => new() { ["type"] = "integer", ["minimum"] = 0, ["maximum"] = Max(field.Settings) };
}
