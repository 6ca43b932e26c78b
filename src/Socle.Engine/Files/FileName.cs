using System.Globalization;
using System.Text;

namespace Socle.Files;

/// <summary>
/// Takes a name as a client sent it, gives one that is safe to show and to save under: no folders, no control or invisible signs, no
/// marks that turn text around, no names that Windows keeps for itself, at most 200 bytes. Refuses nothing: a name with nothing left is <c>file</c>.
/// </summary>
public static class FileName
{
    private const int MostBytes = 200;
    private const int LongestEnding = 20;
    private const string Nameless = "file";

    private static readonly HashSet<string> Reserved = new(
        ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", .. Enumerable.Range(0, 10).SelectMany(i => new[] { $"COM{i}", $"LPT{i}" })],
        StringComparer.OrdinalIgnoreCase);

    public static string Clean(string? sent)
    {
        var name = Visible(sent ?? "");
        // Each system's way to write folders; what stands before is somebody's own disk.
        name = name[(name.LastIndexOfAny(['/', '\\']) + 1)..];
        name = Trim(name);
        var stem = name.Split('.')[0].TrimEnd(' ');
        if (Reserved.Contains(stem))
            name = "_" + name;
        name = Cut(name);
        return name.Length == 0 ? Nameless : name;
    }

    /// <summary>Without what nobody sees; what other systems cannot have in names is an underscore.</summary>
    private static string Visible(string text)
    {
        var kept = new StringBuilder(Math.Min(text.Length, 4096));
        foreach (var rune in text.EnumerateRunes())
        {
            if (kept.Length > 4096)
                break;
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.Surrogate
                || rune == Rune.ReplacementChar)
            {
                continue;
            }

            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator)
                kept.Append(' ');
            else
                kept.Append(rune.Value is '<' or '>' or ':' or '"' or '|' or '?' or '*' ? "_" : rune.ToString());
        }

        return kept.ToString();
    }

    /// <summary>A dot in front hides a file, and Windows drops dots and blanks at the end.</summary>
    private static string Trim(string name) => name.TrimStart('.', ' ').TrimEnd('.', ' ');

    /// <summary>Shortened before its ending, between signs.</summary>
    private static string Cut(string name)
    {
        if (Encoding.UTF8.GetByteCount(name) <= MostBytes)
            return name;
        var dot = name.LastIndexOf('.');
        var ending = dot > 0 && Encoding.UTF8.GetByteCount(name.AsSpan(dot)) <= LongestEnding ? name[dot..] : "";
        var room = MostBytes - Encoding.UTF8.GetByteCount(ending);
        var stem = new StringBuilder();
        var used = 0;
        var elements = StringInfo.GetTextElementEnumerator(name[..^ending.Length]);
        while (elements.MoveNext() && (used += Encoding.UTF8.GetByteCount(elements.GetTextElement())) <= room)
            stem.Append(elements.GetTextElement());
        return Trim(stem.ToString()) + ending;
    }
}
