using System.Collections.Immutable;

namespace Socle.Grammar;

/// <summary>
/// A <see cref="RecordQuery"/> while its parameters are read one by one, select first. Keeps what is said once
/// for the whole request and hands what speaks of one table to <see cref="ScopeReader"/>.
/// </summary>
internal sealed class QueryDraft
{
    private readonly Reading _reading;
    private readonly ScopeDraft _root = new();
    private readonly ScopeReader _scopes;
    private bool _selected;
    private string? _search;
    private CountKind? _count;
    private ImmutableArray<string>? _onConflict;
    private ImmutableArray<string>? _columns;

    public QueryDraft(Reading reading)
    {
        _reading = reading;
        _scopes = new ScopeReader(_root, reading);
    }

    /// <summary>The keys that are not columns; a column of such a name is double-quoted.</summary>
    public static ImmutableArray<string> ReservedKeys { get; } =
        ["select", "columns", "on_conflict", "order", "limit", "offset", "and", "or", "not.and", "not.or", "q", "count"];

    public RecordQuery Build() => new(
        _root.Build(QueryScope.Everything.Select),
        _search,
        _count,
        _onConflict ?? [],
        _columns ?? []);

    public void ReadSelect(string text)
    {
        if (!IsStorable("select", text) || !_reading.IsFirst("select", _selected))
            return;
        _selected = true;
        var cursor = new TextCursor(text, "select", _reading);
        SelectReader.Read(ref cursor, _root);
    }

    public void ReadParameter(string key, string text)
    {
        if (!IsStorable(key, text))
            return;
        switch (key)
        {
            case "columns":
                ReadNames(key, text, ref _columns);
                break;
            case "on_conflict":
                ReadNames(key, text, ref _onConflict);
                break;
            case "q":
                if (_reading.IsFirst(key, _search is not null))
                    _search = string.IsNullOrWhiteSpace(text) ? null : text;
                break;
            case "count":
                ReadCount(text);
                break;
            default:
                if (ParameterKey.Read(key, _reading) is { } parameter)
                    _scopes.Read(parameter, key, text);
                break;
        }
    }

    /// <summary>Reads a parameter that may only be a condition on the table itself.</summary>
    public void ReadCondition(string key, string text)
    {
        if (!IsStorable(key, text))
            return;
        var parameter = key is "select" or "columns" or "on_conflict" or "q" or "count" ? default(ParameterKey?) : ParameterKey.Read(key, _reading);
        if (parameter is { Kind: ParameterKind.Filter or ParameterKind.And or ParameterKind.Or } condition)
            _scopes.Read(condition, key, text);
        else if (parameter is not null || ReservedKeys.Contains(key))
            _reading.Note(key, $"\"{key}\" is no condition: only conditions may stand here, such as status=eq.active.", $"« {key} » n'est pas une condition : seules des conditions sont permises ici, par exemple status=eq.active.");
    }

    private void ReadNames(string key, string text, ref ImmutableArray<string>? names)
    {
        if (!_reading.IsFirst(key, names is not null))
            return;
        var cursor = new TextCursor(text, key, _reading);
        var read = ImmutableArray.CreateBuilder<string>();
        cursor.SkipBlanks();
        if (cursor.AtEnd || CommaList.Read(ref cursor, read, ReadName))
            names = read.DrainToImmutable();
    }

    private static bool ReadName(ref TextCursor cursor, ImmutableArray<string>.Builder into)
    {
        var name = NameReader.Read(ref cursor, "a column", "une colonne");
        if (name is not null)
            into.Add(name);
        return name is not null;
    }

    private void ReadCount(string text)
    {
        if (!_reading.IsFirst("count", _count is not null))
            return;
        _count = text switch { "exact" => CountKind.Exact, "planned" => CountKind.Planned, "estimated" => CountKind.Estimated, _ => null };
        if (_count is null)
            _reading.Note("count", $"\"count\" is exact, planned or estimated, not \"{TextCursor.Clip(text, 30)}\". A column named count is double-quoted.", $"« count » vaut exact, planned ou estimated, et non « {TextCursor.Clip(text, 30)} ». Une colonne nommée count s'écrit entre guillemets doubles.");
    }

    /// <summary>Whether PostgreSQL can hold the text: no NUL, no half of a surrogate pair.</summary>
    private bool IsStorable(string key, string text)
    {
        if (QueryString.IsStorable(key) && QueryString.IsStorable(text))
            return true;
        _reading.Note(key, $"\"{TextCursor.Clip(key, 60)}\" holds a character that no database text can hold (NUL or half a character): remove it.", $"« {TextCursor.Clip(key, 60)} » contient un caractère qu'aucun texte de base de données ne peut contenir (NUL ou moitié de caractère) : retirez-le.");
        return false;
    }
}
