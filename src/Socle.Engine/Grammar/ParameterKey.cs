namespace Socle.Grammar;

internal enum ParameterKind
{
    Filter,
    Order,
    Limit,
    Offset,
    And,
    Or,
}

/// <summary>
/// What a parameter speaks of: <c>a.b.name</c>, <c>a.b.data->>k</c>, <c>a.b.order</c>, <c>a.not.or</c>.
/// Takes the key; refuses keys that are no path of names. A quoted last name is always a column.
/// </summary>
/// <param name="Path">The embeds to go through; null for the root.</param>
/// <param name="Field">The column of a filter.</param>
internal readonly record struct ParameterKey(ParameterKind Kind, List<string>? Path, FieldPath? Field, bool Negated = false)
{
    public static ParameterKey? Read(string key, Reading reading)
    {
        if (NameReader.IsBare(key))
        {
            var kind = KindOf(key);
            return new ParameterKey(kind, null, kind == ParameterKind.Filter ? new FieldPath(key) : null);
        }

        var cursor = new TextCursor(key, key, reading, isKey: true);
        return ReadPath(ref cursor);
    }

    private static ParameterKey? ReadPath(ref TextCursor cursor)
    {
        var path = default(List<string>);
        var afterNot = false;
        while (true)
        {
            cursor.SkipBlanks();
            var quoted = cursor.Current == '"';
            var name = NameReader.Read(ref cursor);
            if (name is null)
                return null;
            if (cursor.Take('.'))
            {
                (path ??= []).Add(name);
                afterNot = !quoted && name == "not";
                continue;
            }

            var kind = quoted || !cursor.AtEnd ? ParameterKind.Filter : KindOf(name);
            if (kind != ParameterKind.Filter)
                return WithoutNegation(kind, path, afterNot);
            var field = NameReader.ReadPath(ref cursor, name);
            if (field is null)
                return null;
            if (cursor.AtEnd)
                return new ParameterKey(ParameterKind.Filter, path, field);
            cursor.Expected("a dot, an arrow or the end (a name with other signs is double-quoted)", "un point, une flèche ou la fin (un nom qui contient d'autres signes s'écrit entre guillemets doubles)");
            return null;
        }
    }

    private static ParameterKey WithoutNegation(ParameterKind kind, List<string>? path, bool afterNot)
    {
        var negated = afterNot && kind is ParameterKind.And or ParameterKind.Or;
        if (negated)
            path!.RemoveAt(path.Count - 1);
        return new ParameterKey(kind, path is { Count: > 0 } ? path : null, null, negated);
    }

    private static ParameterKind KindOf(string name) => name switch
    {
        "order" => ParameterKind.Order,
        "limit" => ParameterKind.Limit,
        "offset" => ParameterKind.Offset,
        "and" => ParameterKind.And,
        "or" => ParameterKind.Or,
        _ => ParameterKind.Filter,
    };
}
