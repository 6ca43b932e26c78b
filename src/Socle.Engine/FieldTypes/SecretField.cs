using System.Text.Json;
using System.Text.Json.Nodes;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.FieldTypes;

/// <summary>A text that the server encrypts before the database sees it, such as a token of another service. Answered as it is kept, sealed; the database refuses any other text.</summary>
public sealed class SecretField : FieldType
{
    public override string Name => "secret";

    public override string ColumnType(FieldSettings settings) => "text";

    public override Text Expects(FieldShape field) =>
        new("a text, which is kept encrypted (files hold it as it is answered: sealed:…)", "un texte, qui est conservé chiffré (les fichiers le contiennent tel qu'il est donné : sealed:…)");

    public override bool Accepts(JsonElement value, FieldShape field) => JsonText.Find(value) is not null;

    public override bool AcceptsText(ReadOnlySpan<char> text, PgType type) => JsonText.IsStorable(text);

    public override bool AcceptsWritten(ReadOnlySpan<char> text, FieldShape field) => text.StartsWith(SealedText.Prefix, StringComparison.Ordinal);

    public override string? CheckExpression(string quotedColumn, FieldSettings settings) => $"{quotedColumn} ~ '^{SealedText.Prefix}[A-Za-z0-9_-]{{38,}}$'";

    public override JsonObject Schema(FieldShape field) => new() { ["type"] = "string" };
}
