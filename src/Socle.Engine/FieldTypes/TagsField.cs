using System.Text.Json;
using System.Text.Json.Nodes;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.FieldTypes;

/// <summary>A list of words; also any other one-dimensional array of an adopted table.</summary>
public sealed class TagsField : FieldType
{
    public override string Name => "tags";

    public override string ColumnType(FieldSettings settings) => "text[]";

    public override Text Expects(FieldShape field)
    {
        var (type, element) = Element(field);
        var expected = type.Expects(element);
        return new($"a list ([…]), each member being {expected.English}", $"une liste ([…]) dont chaque élément est {expected.French}");
    }

    public override bool Accepts(JsonElement value, FieldShape field)
    {
        if (value.ValueKind != JsonValueKind.Array)
            return false;
        var (type, element) = Element(field);
        foreach (var member in value.EnumerateArray())
        {
            // A nested list is an array of more dimensions; PostgreSQL judges whether it is rectangular.
            if (member.ValueKind != JsonValueKind.Null && !type.Accepts(member, element) && !Accepts(member, field))
                return false;
        }

        return true;
    }

    /// <summary>A filter on the whole array takes PostgreSQL's literal: <c>{a,b}</c>.</summary>
    public override bool AcceptsText(ReadOnlySpan<char> text, PgType type)
    {
        text = text.Trim();
        return JsonText.IsStorable(text) && text.Length >= 2 && text[0] == '{' && text[^1] == '}';
    }

    public override JsonObject Schema(FieldShape field)
    {
        var (type, element) = Element(field);
        return new() { ["type"] = "array", ["items"] = type.Schema(element) };
    }

    private static (FieldType Type, FieldShape Shape) Element(FieldShape field)
    {
        var column = field.ColumnType.Element ?? field.ColumnType;
        return (FieldTypeRegistry.ForColumn(column), field with { ColumnType = column });
    }
}
