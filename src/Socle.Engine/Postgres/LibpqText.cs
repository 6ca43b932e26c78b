using System.Collections.Immutable;
using System.Text;
using Socle.Kernel;

namespace Socle.Postgres;

internal readonly record struct LibpqParameter(string Name, string Value);

/// <summary>
/// Reads libpq's <c>name=value name='quoted value'</c>, by libpq's own rules: spaces around <c>=</c> are allowed,
/// a backslash takes the next character as it is, quotes hold spaces.
/// </summary>
internal static class LibpqText
{
    public static Result<ImmutableArray<LibpqParameter>> Read(string text)
    {
        var parameters = ImmutableArray.CreateBuilder<LibpqParameter>();
        var position = 0;
        while (SkipSpaces(text, ref position))
        {
            var start = position;
            while (position < text.Length && text[position] != '=' && !char.IsWhiteSpace(text[position]))
                position++;
            var name = text[start..position];
            if (!SkipSpaces(text, ref position) || text[position] != '=')
                return DatabaseUrl.Refuse(
                    "is neither an address (postgresql://user:password@host/database) nor a list of name=value; a value with spaces needs 'quotes'",
                    "n'est ni une adresse (postgresql://utilisateur:motdepasse@hote/base) ni une liste de nom=valeur ; une valeur avec espaces demande des 'apostrophes'");
            position++;
            SkipSpaces(text, ref position);
            if (ReadValue(text, ref position) is not { } value)
                return DatabaseUrl.Refuse("has a quote that is never closed", "a une apostrophe qui n'est jamais fermée");
            parameters.Add(new(name, value));
        }

        return parameters.ToImmutable();
    }

    /// <summary>Null when a quote stays open.</summary>
    private static string? ReadValue(string text, ref int position)
    {
        var quoted = position < text.Length && text[position] == '\'';
        if (quoted)
            position++;
        var value = new StringBuilder();
        for (; position < text.Length; position++)
        {
            if (quoted ? text[position] == '\'' : char.IsWhiteSpace(text[position]))
            {
                position++;
                return value.ToString();
            }

            if (text[position] == '\\' && position + 1 < text.Length)
                position++;
            value.Append(text[position]);
        }

        return quoted ? null : value.ToString();
    }

    /// <summary>False at the end of the text.</summary>
    private static bool SkipSpaces(string text, ref int position)
    {
        while (position < text.Length && char.IsWhiteSpace(text[position]))
            position++;
        return position < text.Length;
    }
}
