using System.Collections.Immutable;
using Socle.Grammar;
using Socle.Kernel;

namespace Socle.Rules;

/// <summary>
/// Takes a condition in the query grammar and a table's fields, gives it resolved. Refuses what the database, the API and the browser
/// could not judge alike: related records, regular expressions, full text, who asks, JSON's inside, computed fields.
/// </summary>
internal sealed class ConditionCompiler(IReadOnlyList<RuleField> fields, string path)
{
    private readonly List<Fault> _faults = [];

    public static Result<RuleGroup> Compile(IReadOnlyList<RuleField> fields, string when, string path)
    {
        if (string.IsNullOrWhiteSpace(when))
            return RuleGroup.Always;
        var conditions = QueryReader.ReadConditions(when);
        if (conditions.IsFault)
            return conditions.Faults.Select(fault => fault with { Code = FaultCode.InvalidFilter, Field = path }).ToImmutableArray();
        var compiler = new ConditionCompiler(fields, path);
        var parts = conditions.Value.Select(compiler.Compile).OfType<RuleCondition>().ToImmutableArray();
        return compiler._faults.Count > 0 ? compiler._faults : new RuleGroup(IsOr: false, parts, Negated: false);
    }

    private RuleCondition? Compile(Condition condition) => condition switch
    {
        ConditionGroup group => new RuleGroup(group.IsOr, [.. group.Conditions.Select(Compile).OfType<RuleCondition>()], group.Negated),
        Comparison comparison => Compile(comparison),
        _ => Refuse(RuleFaults.Related(path)),
    };

    private RuleTest? Compile(Comparison comparison)
    {
        var name = comparison.Field.Name;
        if (fields.FirstOrDefault(field => field.Name == name) is not { } field)
            return Refuse(RuleFaults.UnknownField(path, name, fields));
        if (RuleFaults.CheckUse(field, path) is { } useless)
            return Refuse(useless);
        if (!comparison.Field.Steps.IsEmpty)
            return Refuse(RuleFaults.InsideJson(path, name));
        if (!Allows(field.Kind!.Value, comparison))
            return Refuse(RuleFaults.Operator(path, field, Operators.Of(comparison.Operator).Name));
        if (comparison.Operand is IsOperand asked)
            return new RuleTest(field, comparison.Operator, [], IsAll: false, asked.Value, comparison.Negated);
        var texts = comparison.Operand is ListOperand list ? list.Values : [((TextOperand)comparison.Operand).Value];
        if (texts.IsEmpty)
            return Refuse(RuleFaults.EmptyList(path, name));
        var operands = texts.Select(text => Read(field, comparison.Operator, text)).OfType<object>().ToImmutableArray();
        return operands.Length < texts.Length ? null : new RuleTest(field, comparison.Operator, operands, comparison.Operand is ListOperand { Quantifier: Quantifier.All }, null, comparison.Negated)
        {
            IsList = comparison.Operand is ListOperand,
        };
    }

    private static bool Allows(RuleKind kind, Comparison comparison) => comparison.Operator switch
    {
        Operator.Is => comparison.Operand is IsOperand { Value: IsValue.Null or IsValue.NotNull } || kind == RuleKind.Boolean,
        Operator.Equal or Operator.NotEqual or Operator.In or Operator.IsDistinct => kind is not (RuleKind.Tags or RuleKind.Json or RuleKind.List or RuleKind.Other),
        Operator.GreaterThan or Operator.GreaterOrEqual or Operator.LessThan or Operator.LessOrEqual => kind is RuleKind.Text or RuleKind.Integer or RuleKind.Number or RuleKind.Date or RuleKind.Moment,
        Operator.Like or Operator.ILike => kind == RuleKind.Text,
        Operator.Contains or Operator.ContainedIn or Operator.Overlaps => kind == RuleKind.Tags,
        _ => false,
    };

    private object? Read(RuleField field, Operator op, string text)
    {
        if (text.Contains("{user.", StringComparison.Ordinal))
            return Refuse(RuleFaults.Placeholder(path, field.Name));
        // What compares with a decimal is compared in full: only stored values are rounded.
        var value = op is Operator.Like or Operator.ILike ? Pattern(text)
            : field.Kind == RuleKind.Tags ? RuleTags.Read(text)
            : field.Kind == RuleKind.Number ? RuleNumber.Read(text)
            : RuleValue.ReadText(field, text);
        return value ?? Refuse(RuleFaults.Operand(path, field, text));
    }

    private static string? Pattern(string text)
    {
        var pattern = text.Replace('*', '%');
        return (pattern.Length - pattern.TrimEnd('\\').Length) % 2 == 1 ? null : pattern;
    }

    private RuleTest? Refuse(Fault fault)
    {
        _faults.Add(fault);
        return null;
    }
}
