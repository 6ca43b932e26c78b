using System.Collections.Immutable;
using Socle.Grammar;

namespace Socle.Rules;

/// <summary>SQL's three truths, and <see cref="Open"/> where a field's value is not chosen yet.</summary>
public enum Truth
{
    No,
    Yes,
    Null,
    Open,
}

/// <summary>A rule's condition with its names and values resolved. Judges a record, given as the fields' values by their places.</summary>
public abstract record RuleCondition
{
    /// <summary>Stands in a record for a value that is still to be chosen.</summary>
    public static object Unchosen { get; } = new();

    public abstract Truth Judge(ReadOnlySpan<object?> record);

    /// <summary>The tests in it.</summary>
    public abstract IEnumerable<RuleTest> Tests { get; }

    protected static Truth Not(Truth truth) => truth switch { Truth.No => Truth.Yes, Truth.Yes => Truth.No, _ => truth };
}

/// <summary>All or one of several; no conditions at all hold always.</summary>
public sealed record RuleGroup(bool IsOr, ImmutableArray<RuleCondition> Conditions, bool Negated) : RuleCondition
{
    public static RuleGroup Always { get; } = new(IsOr: false, [], Negated: false);

    public override IEnumerable<RuleTest> Tests => Conditions.SelectMany(condition => condition.Tests);

    public override Truth Judge(ReadOnlySpan<object?> record)
    {
        var (decisive, rest) = IsOr ? (Truth.Yes, Truth.No) : (Truth.No, Truth.Yes);
        var truth = rest;
        foreach (var condition in Conditions)
        {
            var part = condition.Judge(record);
            if (part == decisive)
            {
                truth = decisive;
                break;
            }

            if (part == Truth.Open || (part == Truth.Null && truth != Truth.Open))
                truth = part;
        }

        return Negated ? Not(truth) : truth;
    }
}

/// <summary>One field held against values.</summary>
/// <param name="Operands">Values of the field; for patterns, text.</param>
/// <param name="IsAll">Whether it must hold for each of several operands.</param>
/// <param name="Is">What <c>is.</c> asks; null for other operators.</param>
public sealed record RuleTest(RuleField Field, Operator Operator, ImmutableArray<object> Operands, bool IsAll, IsValue? Is, bool Negated) : RuleCondition
{
    public override IEnumerable<RuleTest> Tests => [this];

    /// <summary>Whether the operands are a list, as of <c>in</c>.</summary>
    public bool IsList { get; init; }

    public override Truth Judge(ReadOnlySpan<object?> record)
    {
        var value = record[Field.Index];
        if (ReferenceEquals(value, Unchosen))
            return Truth.Open;
        var truth = Is is { } asked ? From(Answers(value, asked)) : Judge(value);
        return Negated ? Not(truth) : truth;
    }

    private static Truth From(bool holds) => holds ? Truth.Yes : Truth.No;

    /// <summary>JSON's null is no value to a rule.</summary>
    private static bool Answers(object? value, IsValue asked) => asked switch
    {
        IsValue.Null or IsValue.Unknown => value is null,
        IsValue.NotNull => value is not null,
        _ => value is bool flag && flag == (asked == IsValue.True),
    };

    private Truth Judge(object? value)
    {
        if (Operator == Operator.IsDistinct)
            return From(!RuleValue.AreEqual(value, Operands[0]));
        if (value is null)
            return Truth.Null;
        return From(IsAll ? Operands.All(operand => Holds(value, operand)) : Operands.Any(operand => Holds(value, operand)));
    }

    private bool Holds(object value, object operand) => Operator switch
    {
        Operator.Equal or Operator.In => RuleValue.Compare(value, operand) == 0,
        Operator.NotEqual => RuleValue.Compare(value, operand) != 0,
        Operator.GreaterThan => RuleValue.Compare(value, operand) > 0,
        Operator.GreaterOrEqual => RuleValue.Compare(value, operand) >= 0,
        Operator.LessThan => RuleValue.Compare(value, operand) < 0,
        Operator.LessOrEqual => RuleValue.Compare(value, operand) <= 0,
        Operator.Like => RulePattern.Matches((string)value, (string)operand, ignoresCase: false),
        Operator.ILike => RulePattern.Matches((string)value, (string)operand, ignoresCase: true),
        Operator.Contains => Contains(value, operand),
        Operator.ContainedIn => Contains(operand, value),
        Operator.Overlaps => Words(value).Intersect(Words(operand)).Any(),
        _ => throw new InvalidOperationException($"Rules do not know {Operator}."),
    };

    /// <summary>A missing word is in no list, and so no list that has one lies within another.</summary>
    private static bool Contains(object all, object some)
    {
        var words = Words(all).ToHashSet();
        return ((ImmutableArray<string?>)some).All(word => word is not null && words.Contains(word));
    }

    private static IEnumerable<string> Words(object tags) => ((ImmutableArray<string?>)tags).OfType<string>();
}
