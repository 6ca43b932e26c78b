using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.FieldTypes;

/// <summary>Any JSON value that PostgreSQL can hold, kept as it is.</summary>
public sealed class JsonField : FieldType
{
    public override string Name => "json";

    public override string ColumnType(FieldSettings settings) => "jsonb";

    public override Text Expects(FieldShape field) =>
        new("JSON without the character U+0000 and without half characters", "du JSON sans le caractère U+0000 ni moitiés de caractères");

    /// <summary>Only an escape can name what PostgreSQL cannot hold.</summary>
    public override bool Accepts(JsonElement value, FieldShape field) =>
        JsonMarshal.GetRawUtf8Value(value).IndexOf("\\u"u8) < 0 || IsStorable(value);

    public override bool AcceptsText(ReadOnlySpan<char> text, PgType type)
    {
        try
        {
            using var document = JsonDocument.Parse(text.ToString());
            return IsStorable(document.RootElement);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    public override JsonObject Schema(FieldShape field) => [];

    private static bool IsStorable(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => JsonText.Find(value) is not null,
        JsonValueKind.Array => value.EnumerateArray().All(IsStorable),
        JsonValueKind.Object => value.EnumerateObject().All(property => JsonText.IsStorable(property) && IsStorable(property.Value)),
        _ => true,
    };
}
