using System.Text.Json;
using System.Text.Json.Nodes;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.FieldTypes;

/// <summary>What the database computes from the record's other fields, and keeps (a generated column). Its formula decides its type; nobody writes it.</summary>
public sealed class FormulaField : FieldType
{
    public override string Name => "formula";

    public override string ColumnType(FieldSettings settings) => settings.Result switch
    {
        "text" => "text",
        "boolean" => "boolean",
        "date" => "date",
        "moment" => "timestamp with time zone",
        _ => "numeric",
    };

    public override Text Expects(FieldShape field) => Storage(field.ColumnType).Expects(field);

    public override bool Accepts(JsonElement value, FieldShape field) => Storage(field.ColumnType).Accepts(value, field);

    public override bool AcceptsText(ReadOnlySpan<char> text, PgType type) => Storage(type).AcceptsText(text, type);

    public override JsonObject Schema(FieldShape field) => Storage(field.ColumnType).Schema(field);

    private static FieldType Storage(PgType type) => FieldTypeRegistry.ForColumn(type);
}
