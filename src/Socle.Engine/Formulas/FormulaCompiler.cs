using System.Collections.Immutable;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.Formulas;

/// <summary>A part of a formula as SQL.</summary>
internal readonly record struct TypedSql(string Sql, FormulaType Type);

/// <summary>
/// Takes a tree, gives SQL with its type. Every function and operator that it writes is immutable in PostgreSQL, which a generated column asks
/// for: moments are looked at in UTC. A division by zero gives nothing, and so does what is computed from nothing.
/// </summary>
internal sealed class FormulaCompiler(Func<string, FormulaInput?> find, IEnumerable<string> known, FormulaFaults faults)
{
    private readonly HashSet<string> _uses = [];

    public ImmutableArray<string> Uses => [.. _uses];

    /// <summary>Whether it divides, so that numbers come with more decimals than anybody wrote.</summary>
    public bool IsInexact { get; set; }

    /// <summary>Null when refused.</summary>
    public TypedSql? Compile(FormulaNode node) => node switch
    {
        NumberNode number => new TypedSql($"{number.Digits}::numeric", FormulaType.Number),
        TextNode text => new TypedSql($"{Sql.Literal(text.Value)}::text", FormulaType.Text),
        BooleanNode boolean => new TypedSql(boolean.Value ? "true" : "false", FormulaType.Boolean),
        FieldNode field => CompileField(field),
        UnaryNode unary => CompileUnary(unary),
        BinaryNode binary => CompileBinary(binary),
        CallNode call => new FormulaCalls(this, faults).Compile(call),
        _ => throw new InvalidOperationException($"A formula has the node {node}, which the compiler does not know."),
    };

    /// <summary>The value as text; nothing is the empty text.</summary>
    public string? CompileText(FormulaNode node)
    {
        if (Compile(node) is not { } value)
            return null;
        switch (value.Type)
        {
            case FormulaType.Text:
                return $"coalesce({value.Sql}, ''::text)";
            case FormulaType.Number:
                // A quotient has sixteen decimals, which nobody wants to read.
                return $"coalesce({(node is BinaryNode ? $"trim_scale({value.Sql})" : value.Sql)}::text, ''::text)";
            case FormulaType.Date:
                return $"coalesce(lpad(extract(year FROM {value.Sql})::text, 4, '0') || '-' || lpad(extract(month FROM {value.Sql})::text, 2, '0') || '-' || lpad(extract(day FROM {value.Sql})::text, 2, '0'), ''::text)";
            default:
                faults.Add(
                    node.At,
                    $"{FormulaWords.Of(value.Type).English} cannot be made text; use if(…), date(…) or hours(…)",
                    $"{FormulaWords.Of(value.Type).French} ne se transforme pas en texte ; utilisez if(…), date(…) ou hours(…)");
                return null;
        }
    }

    /// <summary>The value, which must be of that type.</summary>
    public string? Compile(FormulaNode node, FormulaType type)
    {
        if (Compile(node) is not { } value)
            return null;
        if (value.Type == type)
            return value.Sql;
        var (wanted, given) = (FormulaWords.Of(type), FormulaWords.Of(value.Type));
        faults.Add(node.At, $"{wanted.English} is expected here, and this is {given.English}", $"{wanted.French} est attendu ici, et ceci est {given.French}");
        return null;
    }

    private TypedSql? CompileField(FieldNode field)
    {
        if (find(field.Name) is not { } input)
        {
            faults.AddUnknown(field.At, new("the field", "le champ"), field.Name, known);
            return null;
        }

        _uses.Add(field.Name);
        if (input.Type is { } type)
            return new TypedSql(input.Sql, type);
        var why = input.Why ?? new Text("its type has no place in formulas", "son type n'a pas sa place dans les formules");
        faults.Add(field.At, $"the field '{field.Name}' cannot be computed with: {why.English}", $"on ne peut pas calculer avec le champ « {field.Name} » : {why.French}");
        return null;
    }

    private TypedSql? CompileUnary(UnaryNode unary)
    {
        var type = unary.Sign == "-" ? FormulaType.Number : FormulaType.Boolean;
        return Compile(unary.Operand, type) is { } operand ? new TypedSql(unary.Sign == "-" ? $"(- {operand})" : $"(NOT {operand})", type) : null;
    }

    private TypedSql? CompileBinary(BinaryNode binary)
    {
        switch (binary.Sign)
        {
            case "and" or "or":
                var (one, other) = (Compile(binary.Left, FormulaType.Boolean), Compile(binary.Right, FormulaType.Boolean));
                return one is null || other is null ? null : new TypedSql($"({one} {(binary.Sign == "and" ? "AND" : "OR")} {other})", FormulaType.Boolean);
            case "&":
                var (before, after) = (CompileText(binary.Left), CompileText(binary.Right));
                return before is null || after is null ? null : new TypedSql($"({before} || {after})", FormulaType.Text);
        }

        if (Compile(binary.Left) is not { } left || Compile(binary.Right) is not { } right)
            return null;
        if (left.Type == FormulaType.Text && FormulaConstants.MayBe(binary.Left) && FormulaConstants.MayBe(binary.Right))
            left = left with { Sql = FormulaConstants.OfRow(left.Sql) };
        var sql = binary.Sign is "+" or "-" or "*" or "/" or "%" ? FormulaArithmetic.Find(binary.Sign, left, right) : FormulaArithmetic.FindComparison(binary.Sign, left, right);
        IsInexact |= binary.Sign == "/" || (binary.Sign == "-" && left.Type == FormulaType.Moment);
        if (sql is null)
            RefuseTypes(binary, left.Type, right.Type);
        return sql;
    }

    private void RefuseTypes(BinaryNode binary, FormulaType left, FormulaType right)
    {
        var (one, other) = (FormulaWords.Of(left), FormulaWords.Of(right));
        var isJoin = binary.Sign == "+" && (left == FormulaType.Text || right == FormulaType.Text);
        faults.Add(
            binary.At,
            $"'{binary.Sign}' does not go with {one.English} and {other.English}{(isJoin ? "; texts are joined with &" : "")}",
            $"« {binary.Sign} » ne va pas avec {one.French} et {other.French}{(isJoin ? " ; les textes se joignent avec &" : "")}");
    }
}
