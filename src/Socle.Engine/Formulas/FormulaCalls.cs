using System.Collections.Immutable;
using System.Globalization;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.Formulas;

/// <summary>The functions that a formula may call.</summary>
internal sealed class FormulaCalls(FormulaCompiler compiler, FormulaFaults faults)
{
    private const int MostDigits = 20;
    private const int LongestText = 1_000_000;

    /// <summary>Each with the least and the most arguments.</summary>
    private static readonly Dictionary<string, (int Least, int Most)> Known = new()
    {
        ["if"] = (2, 3),
        ["round"] = (1, 2),
        ["floor"] = (1, 1),
        ["ceil"] = (1, 1),
        ["abs"] = (1, 1),
        ["min"] = (1, 50),
        ["max"] = (1, 50),
        ["coalesce"] = (1, 50),
        ["concat"] = (1, 50),
        ["upper"] = (1, 1),
        ["lower"] = (1, 1),
        ["trim"] = (1, 1),
        ["length"] = (1, 1),
        ["left"] = (2, 2),
        ["right"] = (2, 2),
        ["year"] = (1, 1),
        ["month"] = (1, 1),
        ["day"] = (1, 1),
        ["date"] = (1, 1),
        ["hours"] = (1, 1),
    };

    public TypedSql? Compile(CallNode call)
    {
        if (!Known.TryGetValue(call.Name, out var count))
        {
            faults.AddUnknown(call.At, new("the function", "la fonction"), call.Name, Known.Keys);
            return null;
        }

        var arguments = call.Arguments;
        if (arguments.Length < count.Least || arguments.Length > count.Most)
        {
            var number = count.Least == count.Most ? $"{count.Least}" : $"{count.Least}–{count.Most}";
            faults.Add(call.At, $"{call.Name}(…) takes {number} values, and has {arguments.Length}", $"{call.Name}(…) prend {number} valeurs, et en a {arguments.Length}");
            return null;
        }

        return call.Name switch
        {
            "if" => CompileIf(call),
            "round" => CompileRound(arguments),
            "floor" or "ceil" or "abs" => Wrap(call.Name, arguments[0], FormulaType.Number, FormulaType.Number),
            "upper" or "lower" => CompileCase(call.Name, arguments[0]),
            "trim" => Wrap("btrim", arguments[0], FormulaType.Text, FormulaType.Text),
            "length" => Wrap("length", arguments[0], FormulaType.Text, FormulaType.Number, "::numeric"),
            "min" => CompileAlike("least", arguments),
            "max" => CompileAlike("greatest", arguments),
            "coalesce" => CompileAlike("coalesce", arguments),
            "concat" => CompileConcat(arguments),
            "left" or "right" => CompilePart(call),
            "year" or "month" or "day" => CompileDatePart(call),
            "date" => CompileDate(arguments[0]),
            _ => CompileHours(arguments[0]),
        };
    }

    private TypedSql? CompileHours(FormulaNode argument)
    {
        compiler.IsInexact = true;
        return compiler.Compile(argument, FormulaType.Duration) is { } length ? new TypedSql($"(extract(epoch FROM {length}) / 3600)", FormulaType.Number) : null;
    }

    private TypedSql? Wrap(string function, FormulaNode argument, FormulaType taken, FormulaType given, string cast = "") =>
        compiler.Compile(argument, taken) is { } value ? new TypedSql($"{function}({value}){cast}", given) : null;

    private TypedSql? CompileCase(string function, FormulaNode argument) =>
        compiler.Compile(argument, FormulaType.Text) is { } text
            ? new TypedSql($"{function}({(FormulaConstants.MayBe(argument) ? FormulaConstants.OfRow(text) : text)})", FormulaType.Text)
            : null;

    private TypedSql? CompileIf(CallNode call)
    {
        var condition = compiler.Compile(call.Arguments[0], FormulaType.Boolean);
        var values = CompileAll(call.Arguments[1..]);
        return condition is null || values is not { } known
            ? null
            : new TypedSql($"(CASE WHEN {condition} THEN {known[0].Sql}{(known.Length > 1 ? $" ELSE {known[1].Sql}" : "")} END)", known[0].Type);
    }

    private TypedSql? CompileRound(ImmutableArray<FormulaNode> arguments)
    {
        var wasInexact = compiler.IsInexact;
        if (compiler.Compile(arguments[0], FormulaType.Number) is not { } value)
            return null;
        compiler.IsInexact = wasInexact;
        if (arguments.Length == 1)
            return new TypedSql($"round({value})", FormulaType.Number);
        var (digits, sign) = arguments[1] switch
        {
            NumberNode number => (number.Digits, ""),
            UnaryNode { Sign: "-", Operand: NumberNode number } => (number.Digits, "-"),
            _ => ("", ""),
        };
        if (int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= MostDigits)
            return new TypedSql($"round({value}, {sign}{count})", FormulaType.Number);
        faults.Add(arguments[1].At, $"the digits of round(…) are a number written out, from -{MostDigits} to {MostDigits}", $"les décimales de round(…) sont un nombre écrit, de -{MostDigits} à {MostDigits}");
        return null;
    }

    private TypedSql? CompileAlike(string function, ImmutableArray<FormulaNode> arguments) =>
        CompileAll(arguments) is not { } values ? null
        : values[0].Type == FormulaType.Text && function != "coalesce" && arguments.All(FormulaConstants.MayBe)
            ? new TypedSql($"{function}({string.Join(", ", values.Select(value => FormulaConstants.OfRow(value.Sql)))})", values[0].Type)
            : new TypedSql($"{function}({string.Join(", ", values.Select(value => value.Sql))})", values[0].Type);

    private TypedSql? CompileConcat(ImmutableArray<FormulaNode> arguments)
    {
        var texts = arguments.Select(compiler.CompileText).ToList();
        return texts.Contains(null) ? null : new TypedSql($"({string.Join(" || ", texts)})", FormulaType.Text);
    }

    private TypedSql? CompilePart(CallNode call)
    {
        var (text, count) = (compiler.Compile(call.Arguments[0], FormulaType.Text), compiler.Compile(call.Arguments[1], FormulaType.Number));
        return text is null || count is null ? null : new TypedSql($"\"{call.Name}\"({text}, {FormulaArithmetic.Whole(count, LongestText)})", FormulaType.Text);
    }

    private TypedSql? CompileDatePart(CallNode call)
    {
        if (compiler.Compile(call.Arguments[0]) is not { } value)
            return null;
        if (value.Type is not (FormulaType.Date or FormulaType.Moment))
            return RefuseDate(call.Arguments[0], value.Type);
        return new TypedSql($"extract({call.Name} FROM {(value.Type == FormulaType.Moment ? FormulaArithmetic.Utc(value.Sql) : value.Sql)})", FormulaType.Number);
    }

    /// <summary>A moment's day, or a day written out.</summary>
    private TypedSql? CompileDate(FormulaNode argument)
    {
        if (argument is TextNode text)
        {
            if (DateOnly.TryParseExact(text.Value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
                return new TypedSql($"{Sql.Literal(text.Value)}::date", FormulaType.Date);
            faults.Add(argument.At, "a date is written as '2026-12-31'", "une date s'écrit '2026-12-31'");
            return null;
        }

        return compiler.Compile(argument) switch
        {
            { Type: FormulaType.Moment, Sql: var moment } => new TypedSql($"{FormulaArithmetic.Utc(moment)}::date", FormulaType.Date),
            { Type: FormulaType.Date } date => date,
            { Type: var type } => RefuseDate(argument, type),
            null => null,
        };
    }

    private TypedSql? RefuseDate(FormulaNode argument, FormulaType type)
    {
        var given = FormulaWords.Of(type);
        faults.Add(argument.At, $"a date or a moment is expected here, and this is {given.English}", $"une date ou un moment est attendu ici, et ceci est {given.French}");
        return null;
    }

    /// <summary>Values of one type.</summary>
    private ImmutableArray<TypedSql>? CompileAll(ImmutableArray<FormulaNode> nodes)
    {
        var values = nodes.Select(node => compiler.Compile(node)).ToList();
        if (values.Contains(null))
            return null;
        var type = values[0]!.Value.Type;
        for (var i = 1; i < nodes.Length; i++)
        {
            if (values[i]!.Value.Type == type)
                continue;
            var (one, other) = (FormulaWords.Of(type), FormulaWords.Of(values[i]!.Value.Type));
            faults.Add(nodes[i].At, $"the values must be of one type; the first is {one.English}, and this is {other.English}", $"les valeurs doivent être d'un seul type ; la première est {one.French}, et celle-ci est {other.French}");
            return null;
        }

        return [.. values.Select(value => value!.Value)];
    }
}

/// <summary>What people call the types.</summary>
internal static class FormulaWords
{
    public static Text Of(FormulaType type) => type switch
    {
        FormulaType.Number => new("a number", "un nombre"),
        FormulaType.Text => new("text", "un texte"),
        FormulaType.Boolean => new("yes or no", "un oui ou non"),
        FormulaType.Date => new("a date", "une date"),
        FormulaType.Moment => new("a moment", "un moment"),
        _ => new("a length of time", "une durée"),
    };
}
