using System.Globalization;
using System.Text;

namespace Socle.Features.OpenApi;

/// <summary>
/// Turns names of any script into names of ASCII letters and digits, beginning with a capital,
/// each given once: <c>client_notes</c> → <c>ClientNotes</c>, a second one → <c>ClientNotes2</c>.
/// </summary>
internal sealed class UniqueNames
{
    private readonly HashSet<string> _taken = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="forms">What else must be free, made from the candidate.</param>
    public string Take(string name, Func<string, IEnumerable<string>>? forms = null)
    {
        var ascii = ToAscii(name);
        for (var number = 1; ; number++)
        {
            var candidate = number == 1 ? ascii : string.Create(CultureInfo.InvariantCulture, $"{ascii}{number}");
            string[] wanted = [candidate, .. forms?.Invoke(candidate) ?? []];
            if (wanted.Any(_taken.Contains))
                continue;
            _taken.UnionWith(wanted);
            return candidate;
        }
    }

    private static string ToAscii(string name)
    {
        var text = new StringBuilder(name.Length);
        var isStart = true;
        // Decomposed, an accented letter is its plain letter and a mark.
        foreach (var c in name.Normalize(NormalizationForm.FormD))
        {
            if (char.IsAsciiLetterOrDigit(c))
            {
                text.Append(isStart ? char.ToUpperInvariant(c) : c);
                isStart = false;
            }
            else if (char.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark)
            {
                isStart = true;
            }
        }

        return text.Length == 0 ? "X" : char.IsAsciiDigit(text[0]) ? $"X{text}" : text.ToString();
    }
}
