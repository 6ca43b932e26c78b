using System.Text.Json;
using System.Text.Json.Nodes;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.FieldTypes;

/// <summary>A length of time. Taken as ISO 8601 or as hours and minutes, always answered as ISO 8601.</summary>
public sealed class DurationField : FieldType
{
    public override string Name => "duration";

    public override string ColumnType(FieldSettings settings) => "interval";

    public override Text Expects(FieldShape field) =>
        new("a length of time such as PT1H30M or 01:30", "une durée comme PT1H30M ou 01:30");

    public override bool Accepts(JsonElement value, FieldShape field) =>
        JsonText.Find(value) is { } text && AcceptsText(text, field.ColumnType);

    public override bool AcceptsText(ReadOnlySpan<char> text, PgType type) => Duration.TryRead(text, out _);

    /// <summary>JSON Schema's own format knows neither negative numbers nor fractions of a second.</summary>
    public override JsonObject Schema(FieldShape field) => new() { ["type"] = "string", ["pattern"] = Pattern };

    private const string Pattern = "^P(-?[0-9]+Y)?(-?[0-9]+M)?(-?[0-9]+D)?(T(-?[0-9]+H)?(-?[0-9]+M)?(-?[0-9]+(\\.[0-9]+)?S)?)?$";
}
