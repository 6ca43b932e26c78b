using Socle.Catalog;
using Socle.Imports.Reading;

namespace Socle.Imports.Values;

/// <summary>One of a list of values, by its value or by what people call it in French or English; accents, case and blanks do not matter.</summary>
internal sealed class ChoiceValue(Dictionary<string, byte[]> names) : ValueReader
{
    private const int Longest = 1024;

    private readonly Dictionary<string, byte[]>.AlternateLookup<ReadOnlySpan<char>> _exact = names.GetAlternateLookup<ReadOnlySpan<char>>();

    public override bool TryRead(Cell cell, ByteText copy)
    {
        if (cell.Text.Length > Longest || cell.Kind == CellKind.Error)
            return false;
        Span<char> chars = stackalloc char[Longest];
        var text = chars[..System.Text.Encoding.UTF8.GetChars(cell.Text, chars)];
        if (!_exact.TryGetValue(text, out var value) && !names.TryGetValue(FoldedName(text.ToString()), out value))
            return false;
        copy.AddCopyText(value);
        return true;
    }

    /// <summary>Every way to name each of the field's choices; null when the field has none.</summary>
    public static Dictionary<string, byte[]>? FindNames(FieldSnapshot field)
    {
        var choices = field.Settings.Choices?.Select(choice => (choice.Value, choice.Label.French, choice.Label.English)).ToList()
            ?? field.ColumnType.Labels?.Select(label => (label, label, label)).ToList();
        if (choices is not { Count: > 0 })
            return null;
        var names = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        // A value's own name is never another one's label.
        foreach (var (value, _, _) in choices)
            names[value] = System.Text.Encoding.UTF8.GetBytes(value);
        foreach (var (value, french, english) in choices)
        {
            foreach (var name in new[] { value, french, english })
                names.TryAdd(FoldedName(name), names[value]);
        }

        return names;
    }

    /// <summary>Marked, so that a folded name is never taken for an exact one.</summary>
    private static string FoldedName(string name) => "\0" + Folding.Fold(name);
}
