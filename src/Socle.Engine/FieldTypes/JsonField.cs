using System.Text.Json;
using System.Text.Json.Nodes;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.FieldTypes;

/// <summary>Any JSON value, kept as it is.</summary>
public sealed class JsonField : FieldType
{
    public override string Name => "json";

    public override string ColumnType(FieldSettings settings) => "jsonb";

    public override Text Expects(FieldShape field) => new("JSON", "du JSON");

    public override bool Accepts(JsonElement value, FieldShape field) => true;

    public override bool AcceptsText(ReadOnlySpan<char> text, PgType type)
    {
        try
        {
            using var document = JsonDocument.Parse(text.ToString());
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    public override JsonObject Schema(FieldShape field) => [];
}
