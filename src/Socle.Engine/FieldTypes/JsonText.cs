using System.Text.Json;

namespace Socle.FieldTypes;

/// <summary>Reads a JSON string safely: JSON can hold text that neither .NET nor PostgreSQL can.</summary>
internal static class JsonText
{
    /// <summary>The text of a JSON string; null when it is no string, has a lone surrogate, or holds U+0000 (which PostgreSQL's text cannot).</summary>
    public static string? Find(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
            return null;
        try
        {
            var text = value.GetString()!;
            return IsStorable(text) ? text : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    public static bool IsStorable(ReadOnlySpan<char> text) => !text.Contains('\0');

    public static bool IsStorable(JsonProperty property)
    {
        try
        {
            return IsStorable(property.Name);
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>A JSON string's text, or a JSON number's as written; null for anything else.</summary>
    public static string? FindScalar(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number ? value.GetRawText() : Find(value);
}
