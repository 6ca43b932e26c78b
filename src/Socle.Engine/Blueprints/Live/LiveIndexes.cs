using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Socle.Kernel;
using Socle.Schema;

namespace Socle.Blueprints.Live;

/// <summary>The indexes of a table in a blueprint's words: on one field, or listed. An index that has none (on a part of the rows, on an expression) is a gap.</summary>
internal sealed partial class LiveIndexes
{
    private readonly Dictionary<string, Uniqueness> _unique = [];
    private readonly HashSet<string> _plain = [];

    public List<IndexBlueprint> Listed { get; } = [];

    public List<Gap> Gaps { get; } = [];

    public static LiveIndexes Read(TableShape table)
    {
        var indexes = new LiveIndexes();
        var search = SchemaNames.For("ix", table.Name, "search");
        foreach (var index in table.Indexes.Where(index => index.Name != search || !index.Definition.Contains("gin_trgm_ops", StringComparison.Ordinal)))
            indexes.Add(index);
        return indexes;
    }

    /// <summary>Whether a blueprint has words for the index.</summary>
    public static bool HasWords(IndexShape index) => Words(index) is not null;

    public Uniqueness UniquenessOf(string field) => _unique.GetValueOrDefault(field);

    public bool Indexes(string field) => _plain.Contains(field);

    private void Add(IndexShape index)
    {
        if (Words(index) is not { } words)
        {
            Gaps.Add(new Gap(null, new($"The index {index.Name} is one that a blueprint cannot describe.", $"L'index {index.Name} est de ceux qu'un blueprint ne sait pas décrire.")));
            return;
        }

        if (words.Terms is [{ IsDescending: false } single] && index.IsUnique)
            _unique[single.Field] = words.IgnoresCase ? Uniqueness.IgnoreCase : _unique.GetValueOrDefault(single.Field, Uniqueness.Exact);
        else if (words.Terms is [{ IsDescending: false } alone])
            _plain.Add(alone.Field);
        else if (!Listed.Exists(other => other.IsUnique == index.IsUnique && other.Terms.SequenceEqual(words.Terms)))
            Listed.Add(new IndexBlueprint(words.Terms, index.IsUnique, 0));
    }

    private static (ImmutableArray<IndexTerm> Terms, bool IgnoresCase)? Words(IndexShape index)
    {
        if (Definition().Match(index.Definition) is not { Success: true } match)
            return null;
        if (match.Groups["lower"] is { Success: true } lower)
            return index.IsUnique ? ([new IndexTerm(Unquote(lower.Value), false)], true) : null;
        var terms = match.Groups["term"].Captures.Select(term => Term(term.Value)).ToImmutableArray();
        return terms.Length > 1 && match.Groups["method"].Value == "gin" ? null : (terms, false);
    }

    private static IndexTerm Term(string text)
    {
        var isDescending = text.EndsWith(" DESC", StringComparison.Ordinal);
        return new IndexTerm(Unquote(isDescending ? text[..^5] : text), isDescending);
    }

    private static string Unquote(string name) => name.StartsWith('"') ? name[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal) : name;

    [GeneratedRegex(
        """^(?<method>btree|gin) \((?:lower\(\(?(?<lower>\w+|"(?:[^"]|"")+")(?:\)::text)?\)|(?<term>(?:\w+|"(?:[^"]|"")+")(?: DESC)?)(?:, (?<term>(?:\w+|"(?:[^"]|"")+")(?: DESC)?))*)\)$""",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Definition();
}
