using System.Text.Json;
using System.Text.Json.Nodes;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.FieldTypes;

/// <summary>A column of a type that has no field type of its own (inet, ranges, …): travels as PostgreSQL's text, and PostgreSQL judges it.</summary>
public sealed class OtherField : FieldType
{
    public override string Name => "other";

    public override string ColumnType(FieldSettings settings) => "text";

    public override Text Expects(FieldShape field) =>
        new($"a value of the PostgreSQL type {field.ColumnType.SqlName}", $"une valeur du type PostgreSQL {field.ColumnType.SqlName}");

    public override bool Accepts(JsonElement value, FieldShape field) => field.ColumnType.Kind == PgKind.Composite
        ? value.ValueKind is JsonValueKind.Object or JsonValueKind.String
        : value.ValueKind is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False or JsonValueKind.Object || JsonText.Find(value) is not null;

    public override bool AcceptsText(ReadOnlySpan<char> text, PgType type) => JsonText.IsStorable(text);

    public override JsonObject Schema(FieldShape field) => field.ColumnType.Kind == PgKind.Composite ? [] : new() { ["type"] = "string" };
}
