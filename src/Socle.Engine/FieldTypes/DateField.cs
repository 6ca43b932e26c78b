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
        || DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
        || IsFar(text);

    /// <summary>PostgreSQL's days before year 1 (<c>0044-03-15 BC</c>) and after 9999, which are answered so and taken back.</summary>
    private static bool IsFar(ReadOnlySpan<char> text)
    {
        var isBefore = text.EndsWith(" BC", StringComparison.Ordinal);
        text = isBefore ? text[..^3] : text;
        if (text.Length is < 10 or > 13 || !int.TryParse(text[..^6], NumberStyles.None, CultureInfo.InvariantCulture, out var year) || year == 0)
            return false;
        // The calendar repeats every 400 years; the year before 1 is 0.
        var alike = 2000 + ((((isBefore ? 1 - year : year) % 400) + 400) % 400);
        Span<char> near = stackalloc char[10];
        alike.TryFormat(near, out _, default, CultureInfo.InvariantCulture);
        text[^6..].CopyTo(near[4..]);
        return DateOnly.TryParseExact(near, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
    }

    public override JsonObject Schema(FieldShape field) => new() { ["type"] = "string", ["format"] = "date" };
}
