using System.Text.Json;
using System.Text.Json.Nodes;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.FieldTypes;

/// <summary>
/// One file: its id. A foreign key keeps it true; a trigger looks whether the field takes such a file, and whether the
/// caller may read it.
/// </summary>
public sealed class FileField : FieldType
{
    /// <summary>The table of Socle's own that the foreign key leads to.</summary>
    public const string Files = "socle_system.files";

    public override string Name => "file";

    public override string ColumnType(FieldSettings settings) => "uuid";

    public override string FindTarget(FieldSettings settings) => Files;

    public override Text Expects(FieldShape field) => ExpectedOf(field, "the id of an uploaded file", "l'identifiant d'un fichier envoyé");

    public override bool Accepts(JsonElement value, FieldShape field) => JsonText.Find(value) is { } text && UuidField.IsUuid(text);

    public override bool AcceptsText(ReadOnlySpan<char> text, PgType type) => UuidField.IsUuid(text);

    public override JsonObject Schema(FieldShape field) => new() { ["type"] = "string", ["format"] = "uuid" };

    internal static Text ExpectedOf(FieldShape field, string english, string french)
    {
        var accepted = field.Settings.Accept is { Count: > 0 } accept ? $" ({string.Join(", ", accept)})" : "";
        return new($"{english}{accepted}: POST /api/files gives it", $"{french}{accepted} : POST /api/files le donne");
    }
}

/// <summary>Several files: their ids, in order. A trigger keeps them true, as a foreign key would.</summary>
public sealed class FilesField : FieldType
{
    public override string Name => "files";

    public override string ColumnType(FieldSettings settings) => "uuid[]";

    public override Text Expects(FieldShape field) => FileField.ExpectedOf(field, "a list ([…]) of ids of uploaded files", "une liste ([…]) d'identifiants de fichiers envoyés");

    public override bool Accepts(JsonElement value, FieldShape field) =>
        value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(member => JsonText.Find(member) is { } text && UuidField.IsUuid(text));

    /// <summary>A filter on the whole list takes PostgreSQL's literal: <c>{a,b}</c>.</summary>
    public override bool AcceptsText(ReadOnlySpan<char> text, PgType type)
    {
        text = text.Trim();
        return JsonText.IsStorable(text) && text.Length >= 2 && text[0] == '{' && text[^1] == '}';
    }

    public override JsonObject Schema(FieldShape field) =>
        new() { ["type"] = "array", ["items"] = new JsonObject { ["type"] = "string", ["format"] = "uuid" } };

    /// <summary>A list of lists, or one with gaps, names no files.</summary>
    public override string CheckExpression(string quotedColumn, FieldSettings settings) =>
        $"array_position({quotedColumn}, NULL) IS NULL AND coalesce(array_ndims({quotedColumn}), 1) = 1";
}
