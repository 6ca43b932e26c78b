using System.Text.Json;
using System.Text.Json.Nodes;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.FieldTypes;

/// <summary>An identifier (RFC 9562).</summary>
public sealed class UuidField : FieldType
{
    public override string Name => "uuid";

    public override string ColumnType(FieldSettings settings) => "uuid";

    public override Text Expects(FieldShape field) => Expected;

    public override bool Accepts(JsonElement value, FieldShape field) =>
        JsonText.Find(value) is { } text && IsUuid(text);

    public override bool AcceptsText(ReadOnlySpan<char> text, PgType type) => IsUuid(text);

    public override JsonObject Schema(FieldShape field) => new() { ["type"] = "string", ["format"] = "uuid" };

    internal static Text Expected { get; } = new(
        "a UUID such as 6f9619ff-8b86-4d01-b42d-00cf4fc964ff",
        "un UUID comme 6f9619ff-8b86-4d01-b42d-00cf4fc964ff");

    internal static bool IsUuid(ReadOnlySpan<char> text) => Guid.TryParseExact(text, "D", out _) || Guid.TryParseExact(text, "N", out _);
}
