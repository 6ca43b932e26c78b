using System.Text.Json;
using System.Text.Json.Nodes;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.FieldTypes;

/// <summary>A mail address. The check is the one that cannot be wrong: something, one @, a domain, no blanks.</summary>
public sealed class EmailField : TextField
{
    /// <summary>RFC 5321 §4.5.3.1: a path holds at most 256 octets, its brackets included.</summary>
    private const int LongestAddress = 254;

    public override string Name => "email";

    public override Text Expects(FieldShape field) =>
        new("a mail address such as name@example.com", "une adresse de courriel comme nom@exemple.fr");

    public override bool Accepts(JsonElement value, FieldShape field) =>
        JsonText.Find(value) is { } text && AcceptsWritten(text, field);

    public override bool AcceptsWritten(ReadOnlySpan<char> text, FieldShape field) => text.Length == 0 || IsAddress(text);

    public override JsonObject Schema(FieldShape field) => new() { ["type"] = "string", ["format"] = "email" };

    private static bool IsAddress(ReadOnlySpan<char> text)
    {
        var at = text.IndexOf('@');
        if (at <= 0 || at == text.Length - 1 || text.Length > LongestAddress || text[(at + 1)..].Contains('@'))
            return false;
        foreach (var c in text)
        {
            if (char.IsWhiteSpace(c) || char.IsControl(c))
                return false;
        }

        return true;
    }
}
