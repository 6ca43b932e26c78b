using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.FieldTypes;

/// <summary>A time of day; found in adopted tables.</summary>
public sealed class TimeField : FieldType
{
    public override string Name => "time";

    public override string ColumnType(FieldSettings settings) => "time";

    public override Text Expects(FieldShape field) => new("a time such as 09:30", "une heure comme 09:30");

    public override bool Accepts(JsonElement value, FieldShape field) =>
        JsonText.Find(value) is { } text && AcceptsText(text, field.ColumnType);

    public override bool AcceptsText(ReadOnlySpan<char> text, PgType type) =>
        text is "24:00" or "24:00:00"
        || TimeOnly.TryParseExact(text, ["HH:mm", "HH:mm:ss", "HH:mm:ss.FFFFFF"], CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    public override JsonObject Schema(FieldShape field) => new() { ["type"] = "string", ["format"] = "time-local" };
}
