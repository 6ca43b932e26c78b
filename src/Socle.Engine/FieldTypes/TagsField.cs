using System.Text.Json;
using System.Text.Json.Nodes;
using Socle.Catalog;
using Socle.Kernel;

namespace Socle.FieldTypes;

/// <summary>A list of words; also any other one-dimensional array of an adopted table.</summary>
public sealed class TagsField : FieldType
{
    public override string Name => "tags";

    public override string ColumnType(FieldSettings settings) => "text[]";

    public override Text Expects(FieldSnapshot field)
    {
        var element = Element(field);
        var expected = element.Type.Expects(element);
        return new($"a list ([…]), each member being {expected.English}", $"une liste ([…]) dont chaque élément est {expected.French}");
    }

    public override bool Accepts(JsonElement value, FieldSnapshot field)
    {
        if (value.ValueKind != JsonValueKind.Array)
            return false;
        var element = Element(field);
        foreach (var member in value.EnumerateArray())
        {
            // A nested list is an array of more dimensions; PostgreSQL judges whether it is rectangular.
            if (member.ValueKind != JsonValueKind.Null && !element.Type.Accepts(member, element) && !Accepts(member, field))
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

    public override JsonObject Schema(FieldSnapshot field)
    {
        var element = Element(field);
        return new() { ["type"] = "array", ["items"] = element.Type.Schema(element) };
    }

    private static FieldSnapshot Element(FieldSnapshot field)
    {
        var type = field.ColumnType.Element ?? field.ColumnType;
        return field with { ColumnType = type, Type = FieldTypeRegistry.ForColumn(type) };
    }
}
