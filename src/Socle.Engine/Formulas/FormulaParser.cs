using System.Collections.Immutable;

namespace Socle.Formulas;

/// <summary>
/// Takes tokens, gives the tree. From loose to tight: or, and, not, comparisons, &amp;, + and -, * / and %, the sign of a number.
/// Stops at the first fault.
/// </summary>
internal sealed class FormulaParser(ImmutableArray<Token> tokens, int length, FormulaFaults faults)
{
    private const int DeepestNesting = 50;
    private const int MostNodes = 400;

    private static readonly string[][] Levels = [["or"], ["and"], ["="], ["&"], ["+", "-"], ["*", "/", "%"]];

    private static readonly string[] Comparisons = ["=", "!=", "<>", "<", "<=", ">", ">="];

    private int _next;
    private int _depth;
    private int _nodes;

    /// <summary>Null when refused.</summary>
    public FormulaNode? Parse()
    {
        var tree = ParseLevel(0);
        if (tree is not null && _next < tokens.Length)
            return Refuse($"an operator is expected before '{tokens[_next].Text}'", $"un opérateur est attendu avant « {tokens[_next].Text} »");
        return tree;
    }

    /// <summary>Whether the token names a field: a quoted name, or a word that is no function's and none of the language.</summary>
    public static bool IsField(ImmutableArray<Token> tokens, int index) => tokens[index].Kind switch
    {
        TokenKind.Name => true,
        TokenKind.Word => !FormulaTokens.Words.Contains(tokens[index].Text) && !(index + 1 < tokens.Length && tokens[index + 1].Is("(")),
        _ => false,
    };

    private FormulaNode? ParseLevel(int level)
    {
        if (level == Levels.Length)
            return ParseSigned();
        if (level == 2 && IsWord("not"))
            return ParseNot();
        var left = ParseLevel(level + 1);
        while (left is not null && TakeOperator(level) is { } sign)
        {
            if (ParseLevel(level + 1) is not { } right)
                return null;
            left = Count(new BinaryNode(sign.Text, left, right, sign.At));
            if (level == 2 && left is not null && FindOperator(level) is not null)
                return Refuse("compare two values at a time, and join comparisons with 'and'", "comparez deux valeurs à la fois, et reliez les comparaisons par « and »");
        }

        return left;
    }

    private FormulaNode? ParseNot() => Nested(() =>
    {
        var sign = tokens[_next++];
        return ParseLevel(2) is { } operand ? Count(new UnaryNode("not", operand, sign.At)) : null;
    });

    private FormulaNode? ParseSigned()
    {
        if (_next >= tokens.Length || !tokens[_next].Is("-"))
            return ParsePrimary();
        return Nested(() =>
        {
            var sign = tokens[_next++];
            return ParseSigned() is { } operand ? Count(new UnaryNode("-", operand, sign.At)) : null;
        });
    }

    private FormulaNode? ParsePrimary()
    {
        if (_next >= tokens.Length)
            return Refuse("something is missing", "il manque quelque chose");
        var token = tokens[_next];
        if (token.Is("("))
            return Nested(ParseBrackets);
        if (token.Kind == TokenKind.Word && _next + 1 < tokens.Length && tokens[_next + 1].Is("(") && token.Text is not ("and" or "or" or "not"))
            return Nested(ParseCall);
        FormulaNode? node = token.Kind switch
        {
            TokenKind.Number => new NumberNode(token.Text, token.At),
            TokenKind.Text => new TextNode(token.Text, token.At),
            TokenKind.Word when token.Text is "true" or "false" => new BooleanNode(token.Text == "true", token.At),
            _ when IsField(tokens, _next) => new FieldNode(token.Text, token.At),
            _ => null,
        };
        if (node is null)
            return Refuse($"a value is expected instead of '{token.Text}'", $"une valeur est attendue au lieu de « {token.Text} »");
        _next++;
        return Count(node);
    }

    private FormulaNode? ParseBrackets()
    {
        _next++;
        if (ParseLevel(0) is not { } inner)
            return null;
        return Take(")") ? inner : Refuse("the closing bracket ) is missing", "il manque la parenthèse fermante )");
    }

    private FormulaNode? ParseCall()
    {
        var name = tokens[_next];
        _next += 2;
        var arguments = ImmutableArray.CreateBuilder<FormulaNode>();
        if (Take(")"))
            return Count(new CallNode(name.Text, [], name.At));
        do
        {
            if (ParseLevel(0) is not { } argument)
                return null;
            arguments.Add(argument);
        }
        while (Take(","));
        return Take(")")
            ? Count(new CallNode(name.Text, arguments.ToImmutable(), name.At))
            : Refuse($"a comma or the closing bracket of {name.Text}(…) is missing", $"il manque une virgule ou la parenthèse fermante de {name.Text}(…)");
    }

    private Token? TakeOperator(int level)
    {
        if (FindOperator(level) is not { } token)
            return null;
        _next++;
        return token;
    }

    private Token? FindOperator(int level)
    {
        if (_next >= tokens.Length)
            return null;
        var token = tokens[_next];
        var signs = level == 2 ? Comparisons : Levels[level];
        return token.Kind == (level < 2 ? TokenKind.Word : TokenKind.Sign) && signs.Contains(token.Text) ? token : null;
    }

    private bool Take(string sign)
    {
        var isThere = _next < tokens.Length && tokens[_next].Is(sign);
        _next += isThere ? 1 : 0;
        return isThere;
    }

    private bool IsWord(string word) => _next < tokens.Length && tokens[_next].Kind == TokenKind.Word && tokens[_next].Text == word;

    private FormulaNode? Nested(Func<FormulaNode?> parse)
    {
        if (_depth >= DeepestNesting)
            return Refuse($"nested deeper than {DeepestNesting} levels", $"imbriquée sur plus de {DeepestNesting} niveaux");
        _depth++;
        var node = parse();
        _depth--;
        return node;
    }

    private FormulaNode? Count(FormulaNode node) =>
        ++_nodes <= MostNodes ? node : Refuse($"it has more than {MostNodes} parts", $"elle a plus de {MostNodes} éléments");

    private FormulaNode? Refuse(string english, string french)
    {
        faults.Add(_next < tokens.Length ? tokens[_next].At : length + 1, english, french);
        return null;
    }
}
