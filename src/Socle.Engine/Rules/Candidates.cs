using System.Collections.Immutable;
using System.Text.Json;
using Socle.Grammar;

namespace Socle.Rules;

/// <summary>
/// The values of a field that its tests can tell apart: each constant, what lies just below, between and above, anything else, and
/// nothing. For patterns, texts that match one or two of them.
/// </summary>
internal static class Candidates
{
    private const int MostWords = 6;
    private const int MostSamples = 12;

    public static ImmutableArray<object?> Of(RuleField field, IEnumerable<RuleTest> tests)
    {
        var told = tests.ToList();
        var constants = told.SelectMany(test => test.Operands).ToList();
        IEnumerable<object> values = field.Kind switch
        {
            RuleKind.Text => field.Choices is { } choices ? choices : Texts(told),
            RuleKind.Boolean => [true, false],
            RuleKind.Integer => constants.Cast<RuleNumber>().SelectMany(number => new object[] { number.Plus(-1, 0), number, number.Plus(1, 0) }),
            RuleKind.Number => Numbers(field, constants),
            RuleKind.Date or RuleKind.Moment => constants.Cast<Int128>().SelectMany(Around).Cast<object>(),
            RuleKind.Uuid => constants.Append("00000000-0000-4000-8000-000000000000"),
            RuleKind.Tags => Lists(constants),
            RuleKind.List => [ImmutableArray.Create<string?>("00000000-0000-4000-8000-000000000000")],
            _ => [JsonDocument.Parse("{}").RootElement],
        };
        // A field of which only is.null is asked still needs some value.
        ImmutableArray<object?> known = [.. values.Distinct(), .. Any(field, constants)];
        return field.IsRequired ? known : [.. known, null];
    }

    private static IEnumerable<object> Any(RuleField field, List<object> constants) => constants.Count > 0 ? [] : field.Kind switch
    {
        RuleKind.Integer or RuleKind.Number => [new RuleNumber(1, 0)],
        RuleKind.Date or RuleKind.Moment => [(Int128)0],
        _ => [],
    };

    private static IEnumerable<Int128> Around(Int128 value) =>
        value == Int128.MaxValue ? [0, value] : value == Int128.MinValue ? [value, 0] : [value - 1, value, value + 1];

    private static IEnumerable<object> Numbers(RuleField field, List<object> constants)
    {
        foreach (var number in constants.Cast<RuleNumber>())
        {
            var scale = field.Scale ?? number.Scale + 3;
            // Between two neighbours there may be less room than one step.
            foreach (var near in new[] { number.Plus(-1, Math.Max(scale, 0)), number, number.Plus(1, Math.Max(scale, 0)) })
                yield return field.Scale is { } kept ? near.Round(kept) : near;
        }
    }

    private static IEnumerable<object> Texts(List<RuleTest> tests)
    {
        var constants = tests.Where(test => test.Operator is not (Operator.Like or Operator.ILike)).SelectMany(test => test.Operands).Cast<string>().Distinct().ToList();
        var samples = tests.Where(test => test.Operator is Operator.Like or Operator.ILike).SelectMany(test => test.Operands).Cast<string>().SelectMany(Samples).Distinct().Take(MostSamples).ToList();
        var isOrdered = tests.Exists(test => test.Operator is Operator.GreaterThan or Operator.GreaterOrEqual or Operator.LessThan or Operator.LessOrEqual);
        foreach (var text in constants.Concat(samples))
            yield return text;
        yield return constants.Select(text => text + "x").Prepend("x").First(text => !constants.Contains(text));
        foreach (var text in isOrdered ? constants : [])
            yield return text + "\u0001";
        foreach (var text in samples.SelectMany(one => samples.Select(other => one + other)))
            yield return text;
        yield return "";
    }

    /// <summary>Texts that a pattern matches: as short as can be, and with a letter for every gap.</summary>
    private static IEnumerable<string> Samples(string pattern) => [Sample(pattern, ""), Sample(pattern, "x")];

    private static string Sample(string pattern, string gap)
    {
        var text = new System.Text.StringBuilder();
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] == '\\' && i + 1 < pattern.Length)
                text.Append(pattern[++i]);
            else
                text.Append(pattern[i] switch { '%' => gap, '_' => "x", var plain => plain.ToString() });
        }

        return text.ToString();
    }

    /// <summary>Every choice of the words that are named, with and without another one.</summary>
    private static IEnumerable<object> Lists(List<object> constants)
    {
        var words = constants.SelectMany(list => (ImmutableArray<string?>)list).Distinct().Take(MostWords).ToList();
        for (var mask = 0; mask < 1 << words.Count; mask++)
        {
            ImmutableArray<string?> chosen = [.. words.Where((_, i) => (mask & (1 << i)) != 0)];
            yield return chosen;
            yield return chosen.Add("other");
        }
    }
}
