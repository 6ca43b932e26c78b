using System.Collections.Immutable;
using System.Text;

namespace Socle.Grammar;

/// <summary>
/// Takes a query's tree and gives its one canonical text: reading that text gives the same tree again.
/// Two embeds that appear under one name cannot be told apart in the dialect; such a tree has no text of its own.
/// </summary>
public static class QueryWriter
{
    /// <summary>Writes a query string, percent-encoded, without the question mark; empty for everything.</summary>
    public static string Write(RecordQuery query)
    {
        var pairs = new PairWriter();
        if (query.Scope.Select is { IsDefaultOrEmpty: false } select && select is not [SelectStar])
        {
            pairs.Value.AppendSelect(select);
            pairs.Key.Append("select");
            pairs.Flush();
        }

        WriteScope(pairs, query.Scope, "");
        pairs.Write("q", string.IsNullOrWhiteSpace(query.Search) ? null : query.Search);
        pairs.Write("count", query.Count switch { CountKind.Exact => "exact", CountKind.Planned => "planned", CountKind.Estimated => "estimated", _ => null });
        WriteNames(pairs, "on_conflict", query.OnConflict);
        WriteNames(pairs, "columns", query.Columns);
        return pairs.ToString();
    }

    /// <summary>Writes a condition as it stands inside a group, not encoded: <c>status.eq.active</c>.</summary>
    public static string WriteCondition(Condition condition)
    {
        var text = new StringBuilder();
        text.AppendCondition(condition);
        return text.ToString();
    }

    /// <summary>Writes what <see cref="QueryReader.ReadConditions"/> reads.</summary>
    public static string WriteConditions(ImmutableArray<Condition> conditions)
    {
        var pairs = new PairWriter();
        WriteConditions(pairs, conditions, "");
        return pairs.ToString();
    }

    /// <summary>Writes the key of the parameter that is a condition on a column, not encoded: <c>status</c>, <c>"limit"</c>.</summary>
    public static string WriteFilterKey(string field) => new StringBuilder().AppendFilterName(field).ToString();

    /// <summary>Writes a column as it stands in select and order, not encoded.</summary>
    public static string WriteName(string field) => new StringBuilder().AppendName(field).ToString();

    private static void WriteScope(PairWriter pairs, QueryScope scope, string path)
    {
        WriteConditions(pairs, scope.Where, path);
        if (!scope.Order.IsEmpty)
        {
            pairs.Value.AppendOrder(scope.Order);
            pairs.Key.Append(path).Append("order");
            pairs.Flush();
        }

        pairs.Write($"{path}limit", scope.Limit?.ToString());
        pairs.Write($"{path}offset", scope.Offset?.ToString());
        foreach (var item in scope.Select)
        {
            if (item is SelectEmbed embed)
                WriteScope(pairs, embed.Scope, new StringBuilder(path).AppendFilterName(embed.Name).Append('.').ToString());
        }
    }

    private static void WriteConditions(PairWriter pairs, ImmutableArray<Condition> conditions, string path)
    {
        foreach (var written in conditions)
        {
            var condition = written;
            pairs.Key.Append(path);
            for (; condition is RelatedCondition related; condition = related.Condition)
                pairs.Key.AppendRelation(related.Relation);
            if (condition is ConditionGroup group)
            {
                pairs.Key.AppendGroupName(group);
                pairs.Value.AppendGroup(group);
            }
            else if (condition is Comparison comparison)
            {
                pairs.Key.AppendFilterPath(comparison.Field);
                pairs.Value.AppendComparison(comparison, inGroup: false);
            }

            pairs.Flush();
        }
    }

    private static void WriteNames(PairWriter pairs, string key, ImmutableArray<string> names)
    {
        if (names.IsDefaultOrEmpty)
            return;
        foreach (var name in names)
            pairs.Value.Append(pairs.Value.Length > 0 ? "," : "").AppendName(name);
        pairs.Key.Append(key);
        pairs.Flush();
    }

    /// <summary>Joins parameters with <c>&amp;</c> and encodes them.</summary>
    private sealed class PairWriter
    {
        private readonly StringBuilder _text = new();

        public StringBuilder Key { get; } = new();

        public StringBuilder Value { get; } = new();

        public void Write(string key, string? value)
        {
            if (value is null)
                return;
            Key.Append(key);
            Value.Append(value);
            Flush();
        }

        /// <summary>Ends the parameter whose key and value were written.</summary>
        public void Flush()
        {
            if (_text.Length > 0)
                _text.Append('&');
            QueryString.AppendEncoded(_text, Key.ToString());
            _text.Append('=');
            QueryString.AppendEncoded(_text, Value.ToString());
            Key.Clear();
            Value.Clear();
        }

        public override string ToString() => _text.ToString();
    }
}
