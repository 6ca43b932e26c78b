using System.Text.Json;
using System.Text.Json.Nodes;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.FieldTypes;

/// <summary>A field of the record that a reference leads to. Computed whenever it is read, and so of that field's type in every answer; nobody writes it.</summary>
public sealed class LookupField : FieldType
{
    public override string Name => "lookup";

    public override bool HasColumn => false;

    public override string ColumnType(FieldSettings settings) => throw new NotSupportedException("A lookup has no column.");

    public override Text Expects(FieldShape field) => new("no value: it is computed", "aucune valeur : il est calculé");

    public override bool Accepts(JsonElement value, FieldShape field) => false;

    public override bool AcceptsText(ReadOnlySpan<char> text, PgType type) => false;

    public override JsonObject Schema(FieldShape field) => [];
}
