using System.Globalization;
using System.Text;

namespace Socle.Imports.Values;

/// <summary>Names as people mean them: without accents, case, blanks, underscores and other signs.</summary>
internal static class Folding
{
    public static string Fold(string name)
    {
        var folded = new StringBuilder(name.Length);
        foreach (var c in name.Normalize(NormalizationForm.FormKD))
        {
            if (char.IsLetterOrDigit(c) && char.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark)
                folded.Append(char.ToLowerInvariant(c) switch { 'œ' => "oe", 'æ' => "ae", 'ß' => "ss", var other => other.ToString() });
        }

        return folded.ToString();
    }
}
