using System.Buffers;
using System.Text;
using Socle.Kernel;

namespace Socle.Grammar;

/// <summary>
/// A place in the text of one parameter (its key or its value): takes what is there, or notes a
/// fault that names the place. Never passes the end; the end reads as <c>'\0'</c>, which no text holds.
/// </summary>
internal ref struct TextCursor(ReadOnlySpan<char> text, string key, Reading reading, bool isKey = false)
{
    private static readonly SearchValues<char> QuoteOrEscape = SearchValues.Create("\"\\");

    private readonly ReadOnlySpan<char> _text = text;
    private readonly bool _isKey = isKey;
    private int _depth;

    /// <summary>The parameter's key, as the caller wrote it.</summary>
    public string Key { get; } = key;

    public Reading Reading { get; } = reading;

    public int Position { get; set; }

    public readonly bool AtEnd => Position >= _text.Length;

    public readonly char Current => Position < _text.Length ? _text[Position] : '\0';

    public readonly char Next => Position + 1 < _text.Length ? _text[Position + 1] : '\0';

    public readonly ReadOnlySpan<char> Rest => _text[Position..];

    public static bool IsBlank(char c) => c is ' ' or '\t' or '\n' or '\r';

    public void SkipBlanks()
    {
        while (Position < _text.Length && IsBlank(_text[Position]))
            Position++;
    }

    public bool Take(char expected)
    {
        if (Current != expected || AtEnd)
            return false;
        Position++;
        return true;
    }

    public bool Take(ReadOnlySpan<char> expected)
    {
        if (!Rest.StartsWith(expected, StringComparison.Ordinal))
            return false;
        Position += expected.Length;
        return true;
    }

    /// <summary>Takes the next <paramref name="length"/> characters, all that are left when it is negative.</summary>
    public ReadOnlySpan<char> TakeSpan(int length)
    {
        var taken = length < 0 ? Rest : Rest[..length];
        Position += taken.Length;
        return taken;
    }

    /// <summary>Takes <c>"text"</c>, where a backslash makes the next character plain; null, and nothing taken, when no closed quotation is here.</summary>
    public string? TakeQuoted()
    {
        if (Current != '"')
            return null;
        var start = Position + 1;
        var plain = _text[start..].IndexOfAny(QuoteOrEscape);
        if (plain < 0)
            return null;
        if (_text[start + plain] == '"')
        {
            Position = start + plain + 1;
            return _text.Slice(start, plain).ToString();
        }

        return TakeEscaped(start);
    }

    private string? TakeEscaped(int start)
    {
        var unescaped = new StringBuilder();
        for (var i = start; i < _text.Length; i++)
        {
            if (_text[i] == '"')
            {
                Position = i + 1;
                return unescaped.ToString();
            }

            if (_text[i] == '\\' && ++i == _text.Length)
                break;
            unescaped.Append(_text[i]);
        }

        return null;
    }

    /// <summary>The length of the bracketed text that starts here, brackets included; -1 when it is not closed.</summary>
    public readonly int MeasureBrackets()
    {
        var depth = 0;
        for (var i = Position; i < _text.Length; i++)
        {
            if (_text[i] is '{' or '[' or '(')
                depth++;
            else if (_text[i] is '}' or ']' or ')' && --depth == 0)
                return i + 1 - Position;
            else if (_text[i] == '"')
                i = EndOfQuoted(i);
        }

        return -1;
    }

    /// <summary>Passes the rest of a faulty item: to the next comma or, in brackets, to their end.</summary>
    public void SkipItem(bool bracketed)
    {
        var depth = 0;
        for (; Position < _text.Length; Position++)
        {
            var c = _text[Position];
            if (depth == 0 && (c == ',' || (bracketed && c == ')')))
                return;
            if (c is '(' or '{')
                depth++;
            else if (c is ')' or '}' && depth > 0)
                depth--;
            else if (c == '"')
                Position = EndOfQuoted(Position);
        }

        Position = _text.Length;
    }

    private readonly int EndOfQuoted(int opening)
    {
        for (var i = opening + 1; i < _text.Length; i++)
        {
            if (_text[i] == '"')
                return i;
            if (_text[i] == '\\')
                i++;
        }

        return _text.Length;
    }

    /// <summary>Goes one level down; false, with a fault, when that is too deep.</summary>
    public bool Descend()
    {
        if (++_depth <= Reading.DeepestNesting)
            return true;
        Position = _text.Length;
        return Fail(
            $"more than {Reading.DeepestNesting} levels of parentheses. Ask for less at once.",
            $"plus de {Reading.DeepestNesting} niveaux de parenthèses. Demandez-en moins à la fois.");
    }

    public void Ascend() => _depth--;

    /// <summary>Whether nothing is left; notes what is.</summary>
    public readonly bool Ends() => AtEnd || Expected("the end", "la fin");

    /// <summary>Notes that something else should stand here. Always false.</summary>
    public readonly bool Expected(string english, string french)
    {
        var found = AtEnd ? null : Clip(Rest, 12);
        return Fail(
            found is null ? $"{english} is expected here, not the end." : $"{english} is expected here, not \"{found}\".",
            found is null ? $"il faut ici {french}, et non la fin." : $"il faut ici {french}, et non « {found} ».");
    }

    /// <summary>Notes a fault at this place. Always false.</summary>
    public readonly bool Fail(string english, string french) => FailAt(Position, english, french);

    public readonly bool FailAt(int position, string english, string french)
    {
        var name = Clip(Key, 60);
        var place = _isKey
            ? new Text($"In the parameter name \"{name}\", column {position + 1}", $"Dans le nom du paramètre « {name} », colonne {position + 1}")
            : new Text($"In \"{name}\", column {position + 1}", $"Dans « {name} », colonne {position + 1}");
        Reading.Add(new Fault(FaultCode.InvalidFilter, $"{place.English}: {english}", $"{place.French} : {french}", Key));
        return false;
    }

    /// <summary>The beginning of a text, for a message.</summary>
    public static string Clip(ReadOnlySpan<char> text, int length)
    {
        if (text.Length <= length)
            return text.ToString();
        var end = char.IsHighSurrogate(text[length - 1]) ? length - 1 : length;
        return $"{text[..end]}…";
    }
}
