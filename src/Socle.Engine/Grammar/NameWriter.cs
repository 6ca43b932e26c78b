using System.Text;

namespace Socle.Grammar;

/// <summary>Writes names and json paths so that <see cref="NameReader"/> reads them back: bare where that is safe, else double-quoted.</summary>
internal static class NameWriter
{
    public static StringBuilder AppendName(this StringBuilder text, string name, bool quoted = false) =>
        !quoted && NameReader.IsBare(name) ? text.Append(name) : text.AppendQuoted(name);

    public static StringBuilder AppendQuoted(this StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var c in value)
        {
            if (c is '"' or '\\')
                text.Append('\\');
            text.Append(c);
        }

        return text.Append('"');
    }

    /// <param name="quoted">Whether the column's name must be quoted even where it could be bare.</param>
    public static StringBuilder AppendPath(this StringBuilder text, FieldPath path, bool quoted = false)
    {
        text.AppendName(path.Name, quoted);
        foreach (var step in path.Steps)
        {
            text.Append(step.AsText ? "->>" : "->");
            if (step.Index is { } index)
                text.Append(index);
            else
                text.AppendName(step.Key!, quoted: int.TryParse(step.Key, out _));
        }

        return text;
    }

    /// <summary>Writes a column where a keyword could stand too: at the start of a parameter's key or of a condition in a group.</summary>
    public static StringBuilder AppendFilterName(this StringBuilder text, string name) => text.AppendName(name, quoted: IsKeyword(name));

    public static StringBuilder AppendFilterPath(this StringBuilder text, FieldPath path) => text.AppendPath(path, quoted: IsKeyword(path.Name));

    private static bool IsKeyword(string name) => name == "not" || QueryDraft.ReservedKeys.Contains(name);
}
