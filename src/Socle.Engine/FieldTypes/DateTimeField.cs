using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.FieldTypes;

/// <summary>A moment. Text without an offset is taken as UTC.</summary>
public sealed class DateTimeField : FieldType
{
    public override string Name => "date_time";

    public override string ColumnType(FieldSettings settings) => "timestamp with time zone";

    public override Text Expects(FieldShape field) =>
        new("a date and time such as 2026-12-31T09:30:00+01:00", "une date et une heure comme 2026-12-31T09:30:00+01:00");

    public override bool Accepts(JsonElement value, FieldShape field) =>
        JsonText.Find(value) is { } text && AcceptsText(text, field.ColumnType);

    public override bool AcceptsText(ReadOnlySpan<char> text, PgType type)
    {
        if (text is "infinity" or "-infinity")
            return true;
        // .NET alone would also take "12:30", "May 3" and other guesses; a moment begins with its day.
        return text.Length is >= 10 and <= 40
            && DateOnly.TryParseExact(text[..10], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _);
    }

    public override JsonObject Schema(FieldShape field) => new()
    {
        ["type"] = "string",
        // A column without a time zone is answered without one, which RFC 3339's date-time does not allow.
        ["format"] = field.ColumnType.Kind == PgKind.Timestamp ? "date-time-local" : "date-time",
    };
}
