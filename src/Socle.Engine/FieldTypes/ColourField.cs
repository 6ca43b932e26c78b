using System.Text.Json;
using System.Text.Json.Nodes;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.FieldTypes;

/// <summary>A colour as the web writes it, <c>#rrggbb</c>, letters of either case. A CHECK keeps it.</summary>
public sealed class ColourField : TextField
{
    private const string Pattern = "^#[0-9A-Fa-f]{6}$";

    public override string Name => "colour";

    public override string? CheckExpression(string quotedColumn, FieldSettings settings) => $"{quotedColumn} ~ {Sql.Literal(Pattern)}";

    public override Text Expects(FieldShape field) => new("a colour such as #1e90ff", "une couleur comme #1e90ff");

    public override bool Accepts(JsonElement value, FieldShape field) =>
        JsonText.Find(value) is { } text && AcceptsWritten(text, field);

    public override bool AcceptsWritten(ReadOnlySpan<char> text, FieldShape field) =>
        text.Length == 7 && text[0] == '#' && IsHex(text[1..]);

    public override JsonObject Schema(FieldShape field) => new() { ["type"] = "string", ["pattern"] = Pattern };

    private static bool IsHex(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiHexDigit(c))
                return false;
        }

        return true;
    }
}
