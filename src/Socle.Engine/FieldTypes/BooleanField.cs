using System.Text.Json;
using System.Text.Json.Nodes;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.FieldTypes;

/// <summary>Yes or no.</summary>
public sealed class BooleanField : FieldType
{
    public override string Name => "boolean";

    public override string ColumnType(FieldSettings settings) => "boolean";

    public override Text Expects(FieldShape field) => new("true or false", "true ou false");

    public override bool Accepts(JsonElement value, FieldShape field) =>
        value.ValueKind is JsonValueKind.True or JsonValueKind.False
        || (JsonText.Find(value) is { } text && text is "true" or "false");

    public override bool AcceptsText(ReadOnlySpan<char> text, PgType type) =>
        text.Trim().ToString().ToLowerInvariant() is "true" or "false" or "t" or "f" or "yes" or "no" or "y" or "n" or "on" or "off" or "1" or "0";

    public override JsonObject Schema(FieldShape field) => new() { ["type"] = "boolean" };
}
