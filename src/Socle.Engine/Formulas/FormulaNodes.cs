using System.Collections.Immutable;

namespace Socle.Formulas;

/// <summary>A formula as a tree; each node knows its place, counted from 1.</summary>
internal abstract record FormulaNode(int At);

internal sealed record NumberNode(string Digits, int At) : FormulaNode(At);

internal sealed record TextNode(string Value, int At) : FormulaNode(At);

internal sealed record BooleanNode(bool Value, int At) : FormulaNode(At);

internal sealed record FieldNode(string Name, int At) : FormulaNode(At);

/// <param name="Sign"><c>-</c> or <c>not</c>.</param>
internal sealed record UnaryNode(string Sign, FormulaNode Operand, int At) : FormulaNode(At);

internal sealed record BinaryNode(string Sign, FormulaNode Left, FormulaNode Right, int At) : FormulaNode(At);

internal sealed record CallNode(string Name, ImmutableArray<FormulaNode> Arguments, int At) : FormulaNode(At);
