using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Socle.Grammar;

/// <summary>What an operator takes to its right.</summary>
public enum OperandKind
{
    /// <summary>One value: <c>eq.5</c>.</summary>
    Value,

    /// <summary>One value that is an array, a range or json: <c>cs.{a,b}</c>, <c>ov.[1,5)</c>.</summary>
    Set,

    /// <summary>A list in parentheses: <c>in.(a,b)</c>.</summary>
    List,

    /// <summary>One of the words of <see cref="IsValue"/>: <c>is.null</c>.</summary>
    Is,

    /// <summary>Words to search for, with an optional configuration: <c>fts(french).chat</c>.</summary>
    Search,
}

/// <summary>How an operator is written.</summary>
/// <param name="TakesQuantifier">Whether <c>(any)</c> and <c>(all)</c> may follow the name.</param>
public sealed record OperatorSyntax(Operator Operator, string Name, OperandKind Operand = OperandKind.Value, bool TakesQuantifier = false);

/// <summary>The one table of operators and of how they are written.</summary>
public static class Operators
{
    /// <summary>In the order of <see cref="Operator"/>.</summary>
    public static ImmutableArray<OperatorSyntax> All { get; } =
    [
        new(Operator.Equal, "eq", TakesQuantifier: true),
        new(Operator.NotEqual, "neq"),
        new(Operator.GreaterThan, "gt", TakesQuantifier: true),
        new(Operator.GreaterOrEqual, "gte", TakesQuantifier: true),
        new(Operator.LessThan, "lt", TakesQuantifier: true),
        new(Operator.LessOrEqual, "lte", TakesQuantifier: true),
        new(Operator.Like, "like", TakesQuantifier: true),
        new(Operator.ILike, "ilike", TakesQuantifier: true),
        new(Operator.Match, "match", TakesQuantifier: true),
        new(Operator.IMatch, "imatch", TakesQuantifier: true),
        new(Operator.In, "in", OperandKind.List),
        new(Operator.Is, "is", OperandKind.Is),
        new(Operator.IsDistinct, "isdistinct"),
        new(Operator.FullText, "fts", OperandKind.Search),
        new(Operator.PlainText, "plfts", OperandKind.Search),
        new(Operator.PhraseText, "phfts", OperandKind.Search),
        new(Operator.WebText, "wfts", OperandKind.Search),
        new(Operator.Contains, "cs", OperandKind.Set),
        new(Operator.ContainedIn, "cd", OperandKind.Set),
        new(Operator.Overlaps, "ov", OperandKind.Set),
        new(Operator.StrictlyLeft, "sl", OperandKind.Set),
        new(Operator.StrictlyRight, "sr", OperandKind.Set),
        new(Operator.NotExtendRight, "nxr", OperandKind.Set),
        new(Operator.NotExtendLeft, "nxl", OperandKind.Set),
        new(Operator.Adjacent, "adj", OperandKind.Set),
    ];

    public static ImmutableArray<string> Names { get; } = [.. All.Select(syntax => syntax.Name)];

    private static readonly FrozenDictionary<string, OperatorSyntax>.AlternateLookup<ReadOnlySpan<char>> ByName =
        All.ToFrozenDictionary(syntax => syntax.Name, StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    public static OperatorSyntax Of(Operator @operator) => All[(int)@operator];

    public static OperatorSyntax? Find(ReadOnlySpan<char> name) => ByName.TryGetValue(name, out var syntax) ? syntax : null;
}
