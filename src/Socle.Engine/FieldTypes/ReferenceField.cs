using System.Text.Json;
using System.Text.Json.Nodes;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.FieldTypes;

/// <summary>A link to a record of another table: that record's id. The foreign key keeps it true.</summary>
public class ReferenceField : FieldType
{
    /// <summary>The name by which a reference speaks of Socle's own accounts.</summary>
    public const string Users = "users";

    public override string Name => "reference";

    public override string ColumnType(FieldSettings settings) => "uuid";

    public override string? FindTarget(FieldSettings settings) => settings.Target;

    public override Text Expects(FieldShape field) => Storage(field).Expects(field);

    public override bool Accepts(JsonElement value, FieldShape field) => Storage(field).Accepts(value, field);

    public override bool AcceptsText(ReadOnlySpan<char> text, PgType type) => FieldTypeRegistry.ForColumn(type).AcceptsText(text, type);

    public override JsonObject Schema(FieldShape field) => Storage(field).Schema(field);

    private static FieldType Storage(FieldShape field) => FieldTypeRegistry.ForColumn(field.ColumnType);
}
