using System.Globalization;
using Socle.Kernel;

namespace Socle.Grammar;

/// <summary>
/// Takes the filters, groups, order, limit and offset of the table and of its embeds, and adds each to the
/// scope that its key speaks of. Refuses embeds that are not in select, bad numbers and repeated order or page.
/// </summary>
internal sealed class ScopeReader(ScopeDraft root, Reading reading)
{
    private readonly List<ScopeDraft> _rootAlone = [root];

    public void Read(ParameterKey parameter, string key, string text)
    {
        var isRelated = reading.AllowsRelated && parameter.Path is not null;
        if (isRelated && parameter.Path!.Count > Reading.DeepestNesting)
        {
            reading.Note(key, $"A condition leads through {Reading.DeepestNesting} relations at most.", $"Une condition passe par {Reading.DeepestNesting} relations au plus.");
            return;
        }

        var scopes = isRelated ? _rootAlone : FindScopes(parameter.Path, key);
        var cursor = new TextCursor(text, key, reading);
        switch (parameter.Kind)
        {
            case ParameterKind.Filter:
                AddTo(scopes, Relate(ComparisonReader.Read(ref cursor, parameter.Field!, inGroup: false), parameter.Path), key);
                break;
            case ParameterKind.And or ParameterKind.Or:
                var group = ConditionReader.ReadGroup(ref cursor, parameter.Kind == ParameterKind.Or, parameter.Negated);
                cursor.SkipBlanks();
                if (group is not null && cursor.Ends())
                    AddTo(scopes, Relate(group, parameter.Path), key);
                break;
            case ParameterKind.Order:
                ReadOrder(ref cursor, scopes);
                break;
            default:
                ReadPage(parameter.Kind == ParameterKind.Limit, scopes, key, text);
                break;
        }
    }

    private Condition? Relate(Condition? condition, List<string>? path)
    {
        for (var i = path?.Count ?? 0; reading.AllowsRelated && condition is not null && i > 0; i--)
            condition = new RelatedCondition(path![i - 1], condition);
        return condition;
    }

    private void AddTo(List<ScopeDraft> scopes, Condition? condition, string key)
    {
        if (condition is null)
            return;
        foreach (var scope in scopes)
        {
            if (reading.CountItem(key))
                scope.Add(condition);
        }
    }

    private void ReadOrder(ref TextCursor cursor, List<ScopeDraft> scopes)
    {
        var order = OrderReader.Read(ref cursor);
        if (!reading.IsFirst(cursor.Key, scopes.Exists(scope => scope.Order is not null)))
            return;
        foreach (var scope in scopes)
            scope.Order = order;
    }

    private void ReadPage(bool isLimit, List<ScopeDraft> scopes, string key, string text)
    {
        if (!TryReadNumber(key, text, out var number))
            return;
        if (isLimit && number < 0)
            reading.Note(key, $"\"{key}\" cannot be negative: give 0 or more.", $"« {key} » ne peut pas être négatif : donnez 0 ou plus.", FaultCode.InvalidRange);
        if (!reading.IsFirst(key, scopes.Exists(scope => (isLimit ? scope.Limit : scope.Offset) is not null)))
            return;
        foreach (var scope in scopes)
        {
            if (isLimit)
                scope.Limit = number;
            else
                scope.Offset = Math.Max(0, number);
        }
    }

    private bool TryReadNumber(string key, string text, out long number)
    {
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number))
            return true;
        var digits = text.AsSpan(text.StartsWith('-') ? 1 : 0);
        if (digits.IsEmpty || digits.ContainsAnyExceptInRange('0', '9'))
            reading.Note(key, $"\"{key}\" takes a whole number, not \"{TextCursor.Clip(text, 30)}\".", $"« {key} » attend un nombre entier, et non « {TextCursor.Clip(text, 30)} ».");
        else
            reading.Note(key, $"\"{key}\" is too large a number.", $"« {key} » est un nombre trop grand.", FaultCode.InvalidRange);
        return false;
    }

    private List<ScopeDraft> FindScopes(List<string>? path, string key)
    {
        var scopes = _rootAlone;
        foreach (var name in path ?? [])
        {
            var inner = new List<ScopeDraft>();
            foreach (var scope in scopes)
                scope.FindEmbeds(name, inner);
            if (inner.Count == 0)
            {
                NoteNotEmbedded(name, scopes, key);
                return inner;
            }

            scopes = inner;
        }

        return scopes;
    }

    private void NoteNotEmbedded(string name, List<ScopeDraft> scopes, string key)
    {
        // What a faulty select meant to embed is not known.
        if (reading.Faults?.Exists(fault => fault.Field == "select") == true)
            return;
        var written = TextCursor.Clip(name, 60);
        var near = Suggestion.Find(written, scopes.SelectMany(scope => scope.EmbedNames).Take(100));
        reading.Note(
            key,
            $"'{written}' is not an embedded resource in this request. {(near is null ? $"Add {written}(…) to select, or double-quote the whole name if it is a column whose name holds a dot." : $"Did you mean '{near}'?")}",
            $"'{written}' n'est pas une ressource imbriquée dans cette requête. {(near is null ? $"Ajoutez {written}(…) à select, ou mettez le nom entier entre guillemets doubles si c'est une colonne dont le nom contient un point." : $"Vouliez-vous dire '{near}' ?")}");
    }
}
