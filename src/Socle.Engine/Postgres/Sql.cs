namespace Socle.Postgres;

/// <summary>The only place where names and constants become SQL text.</summary>
public static class Sql
{
    /// <summary>A quoted identifier. U+0000, which no identifier can hold, is refused as a bug of the caller.</summary>
    public static string Identifier(string name)
    {
        if (name.Contains('\0'))
            throw new ArgumentException("An identifier cannot hold U+0000.", nameof(name));
        return $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    public static string Identifier(string schema, string name) => $"{Identifier(schema)}.{Identifier(name)}";

    /// <summary>A text constant, right whatever standard_conforming_strings says.</summary>
    public static string Literal(string text)
    {
        if (text.Contains('\0'))
            throw new ArgumentException("A text constant cannot hold U+0000.", nameof(text));
        var quoted = text.Replace("'", "''", StringComparison.Ordinal);
        return text.Contains('\\') ? $" E'{quoted.Replace("\\", "\\\\", StringComparison.Ordinal)}'" : $"'{quoted}'";
    }

    /// <summary>PostgreSQL's input text of a one-dimensional text array: <c>{"a","b \"c\"",NULL}</c>.</summary>
    public static string ArrayText(IEnumerable<string?> members) =>
        $"{{{string.Join(",", members.Select(member => member is null ? "NULL" : $"\"{member.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\""))}}}";
}
