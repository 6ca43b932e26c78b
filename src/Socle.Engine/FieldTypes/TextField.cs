using System.Text.Json;
using System.Text.Json.Nodes;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.FieldTypes;

/// <summary>Text. The other text-like types (email, phone, …) narrow it.</summary>
public class TextField : FieldType
{
    public override string Name => "text";

    public override string ColumnType(FieldSettings settings) => "text";

    public override Text Expects(FieldShape field) => field.ColumnType switch
    {
        { Kind: PgKind.Enum, Labels: var labels } => new($"one of {string.Join(", ", labels ?? [])}", $"l'une des valeurs {string.Join(", ", labels ?? [])}"),
        { Modifiers: [var longest, ..] } => new($"text of at most {longest} characters", $"du texte d'au plus {longest} caractères"),
        _ => new("text (a JSON string without the character U+0000)", "du texte (une chaîne JSON sans le caractère U+0000)"),
    };

    public override bool Accepts(JsonElement value, FieldShape field) =>
        JsonText.Find(value) is { } text && AcceptsText(text, field.ColumnType);

    public override bool AcceptsText(ReadOnlySpan<char> text, PgType type) =>
        JsonText.IsStorable(text) && (type.Labels is not { Count: > 0 } labels || labels.Contains(text.ToString()));

    public override JsonObject Schema(FieldShape field)
    {
        var schema = new JsonObject { ["type"] = "string" };
        if (field.ColumnType.Labels is { Count: > 0 } labels)
            schema["enum"] = new JsonArray([.. labels.Select(label => JsonValue.Create(label))]);
        return schema;
    }
}

/// <summary>Text of several lines.</summary>
public sealed class LongTextField : TextField
{
    public override string Name => "long_text";
}
