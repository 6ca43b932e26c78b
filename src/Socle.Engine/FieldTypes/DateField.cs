using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.FieldTypes;

/// <summary>A day in the calendar, never a moment: no time zone touches it.</summary>
public sealed class DateField : FieldType
{
    public override string Name => "date";

    public override string ColumnType(FieldSettings settings) => "date";

    public override Text Expects(FieldShape field) =>
        new("a date such as 2026-12-31", "une date comme 2026-12-31");

    public override bool Accepts(JsonElement value, FieldShape field) =>
        JsonText.Find(value) is { } text && AcceptsText(text, field.ColumnType);

    public override bool AcceptsText(ReadOnlySpan<char> text, PgType type) =>
        text is "infinity" or "-infinity"
        || DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    public override JsonObject Schema(FieldShape field) => new() { ["type"] = "string", ["format"] = "date" };
}
