using System.Text.Json;
using Socle.FieldTypes;
using Socle.Postgres;

namespace Socle.Blueprints;

/// <summary>Reads a field's default: a value that the field takes, or one of the words now, today and uuid.</summary>
internal sealed class DefaultReader(NodeReader reader)
{
    public FieldDefault? Read(YamlEntry? entry, FieldBlueprint field, string path)
    {
        if (entry is null || entry.Value.IsNull || field is { Type: ChoiceField, Settings: { ChoicesFrom: null, Choices: not { Count: > 0 } } } || !field.Type.HasColumn)
            return null;
        if (entry.Value is YamlScalar word && DefaultWord(field.Type, word.Text) is { } moving)
            return moving;
        var value = BlueprintValues.ToJson(entry.Value, field.Type);
        if (BlueprintValues.Check(value, field, path) is not { } fault)
            return new FieldDefault.Constant(ToText(value, field.Type));
        var also = field.Type switch
        {
            DateTimeField => "now",
            DateField => "today",
            UuidField => "uuid",
            _ => null,
        };
        reader.Refuse(
            entry.Line,
            path,
            also is null ? fault.Message.English : $"{fault.Message.English[..^1]}, or {also}.",
            also is null ? fault.Message.French : $"{fault.Message.French[..^1]}, ou {also}.");
        return null;
    }

    private static FieldDefault? DefaultWord(FieldType type, string word) => (type, word) switch
    {
        (DateTimeField, "now") => new FieldDefault.Now(),
        (DateField, "now" or "today") => new FieldDefault.Today(),
        (UuidField, "uuid") => new FieldDefault.NewUuid(),
        _ => null,
    };

    /// <summary>The JSON value as PostgreSQL's input text of the column's type.</summary>
    private static string ToText(JsonElement value, FieldType type) => (type, value.ValueKind) switch
    {
        (JsonField, _) => value.GetRawText(),
        (TagsField or FilesField, _) => Sql.ArrayText(value.EnumerateArray().Select(item => item.GetString())),
        (_, JsonValueKind.String) => value.GetString()!,
        _ => value.GetRawText(),
    };
}
