using System.Collections.Immutable;
using System.Text.Json;
using Socle.Grammar;
using Socle.Rules;

namespace Socle.Tests.Postgres.Rules;

/// <summary>Rules that nobody would write, and records that meet their conditions often. The same seed gives the same.</summary>
internal sealed class RandomRules(int seed)
{
    private static readonly string[] Texts = ["", "a", "b", "late", "Late", "été", "x_y", "10%", "O'Neil", "back\\slash", "(a,b)", "a \"quote\"", "\U0001D4B3", "\uE000", "⟦status⟧", "{a}", "null", "a&b=c"];

    private static readonly string[] Patterns = ["a%", "*t*", "_", "%", "x\\_y", "L_t%", "%'%", "\U0001D4B3", "10\\%", "%é"];

    private static readonly string[] Words = ["a", "b", "urgent", "a,b", "été"];

    private static readonly string[] Moments = ["2026-01-01T00:00:00Z", "2026-01-01T01:00:00+01:00", "2026-06-15T12:30:15.5Z", "2026-06-15 12:30:15.500001+00", "1969-12-31T23:59:59-05:30", "2026-01-01"];

    private readonly Random _random = new(seed);

    public static string Blueprint(int number) => $$"""
          t{{number}}:
            timestamps: false
            fields:
              title: text
              status: { type: choice, choices: [draft, sent, late, paid] }
              note: long_text
              mail: email
              count: number
              rank: number
              amount: { type: decimal, precision: 12, scale: 2 }
              exact: decimal
              is_open: boolean
              due_on: date
              sent_at: date_time
              owner: uuid
              tags: tags
              data: json

        """;

    public JsonElement Value(RuleField field) => JsonSerializer.SerializeToElement(_random.Next(6) == 0 ? null : field.Kind switch
    {
        RuleKind.Text when field.Choices is { } choices => Pick(choices),
        RuleKind.Text when field.Name == "mail" => Pick(["a@x.fr", "B@x.fr", "c@y.org"]),
        RuleKind.Text => Pick(Texts),
        RuleKind.Integer => (object)Pick([-1L, 0L, 1L, 2L, 10L, 9_007_199_254_740_991L]),
        RuleKind.Number => Pick([-1m, 0m, 0.005m, 1m, 1.5m, 99.994m, 99.995m, 100m, 100.01m]),
        RuleKind.Boolean => _random.Next(2) == 0,
        RuleKind.Date => Pick(["2026-01-01", "2026-02-28", "2024-02-29", "1900-03-01", "infinity", "0044-03-15 BC"]),
        RuleKind.Moment => Pick(Moments),
        RuleKind.Uuid => Pick(["7A000000-0000-4000-8000-000000000001", "7a000000-0000-4000-8000-000000000001", "7a000000000040008000000000000002"]),
        RuleKind.Tags => Enumerable.Range(0, _random.Next(4)).Select(_ => Pick(Words)).ToArray(),
        _ => Pick<object>([new { a = 1, b = new[] { 1.50m } }, new[] { 1, 2 }, "text", 12.5m, false]),
    });

    public Rule Rule(string id, ImmutableArray<RuleField> fields)
    {
        var rule = new Rule(id, When(fields), [], [], [], [], [], [], null, KeepsExisting: false);
        for (var effects = _random.Next(1, 4); effects > 0; effects--)
        {
            var field = Pick(fields);
            rule = _random.Next(7) switch
            {
                0 or 1 => rule with { Require = [field.Name] },
                2 => rule with { Hide = [field.Name] },
                3 => _random.Next(3) == 0 ? rule with { Show = [field.Name], Require = [field.Name] } : rule,
                4 => rule with { ReadOnly = [field.Name] },
                5 when field.Kind == RuleKind.Tags => rule with { Choices = [new FieldChoices(field.Name, [.. Words.Take(3).Select(word => JsonSerializer.SerializeToElement(word))])] },
                5 when field.Kind != RuleKind.Json => rule with { Choices = [new FieldChoices(field.Name, Several(field))] },
                6 when _random.Next(3) == 0 => rule with { Set = [new FieldValue(field.Name, Value(field))] },
                _ => rule with { ReadOnly = [field.Name] },
            };
        }

        return rule.Affected.Any() ? rule : rule with { Require = [Pick(fields).Name] };
    }

    private ImmutableArray<JsonElement> Several(RuleField field) =>
        [.. Enumerable.Range(0, 4).Select(_ => Value(field)).Where(value => value.ValueKind != JsonValueKind.Null).DefaultIfEmpty(FirstOf(field))];

    private JsonElement FirstOf(RuleField field)
    {
        while (true)
        {
            if (Value(field) is { ValueKind: not JsonValueKind.Null } value)
                return value;
        }
    }

    private string When(ImmutableArray<RuleField> fields) =>
        _random.Next(12) == 0 ? "" : QueryWriter.WriteConditions([.. Enumerable.Range(0, _random.Next(1, 3)).Select(_ => Condition(fields, 2))]);

    private Condition Condition(ImmutableArray<RuleField> fields, int depth) => depth > 0 && _random.Next(4) == 0
        ? new ConditionGroup(_random.Next(2) == 0, [.. Enumerable.Range(0, _random.Next(1, 4)).Select(_ => Condition(fields, depth - 1))], _random.Next(3) == 0)
        : Comparison(Pick(fields));

    private Comparison Comparison(RuleField field)
    {
        var isNegated = _random.Next(4) == 0;
        if (field.Kind == RuleKind.Json || _random.Next(5) == 0)
            return new Comparison(new FieldPath(field.Name), Operator.Is, new IsOperand(field.Kind == RuleKind.Boolean ? Pick(Enum.GetValues<IsValue>()) : Pick([IsValue.Null, IsValue.NotNull])), isNegated);
        var op = Pick(field.Kind switch
        {
            RuleKind.Tags => [Operator.Contains, Operator.ContainedIn, Operator.Overlaps],
            RuleKind.Boolean or RuleKind.Uuid => [Operator.Equal, Operator.NotEqual, Operator.In, Operator.IsDistinct],
            RuleKind.Text => [Operator.Equal, Operator.NotEqual, Operator.In, Operator.IsDistinct, Operator.GreaterThan, Operator.LessOrEqual, Operator.Like, Operator.ILike],
            _ => (Operator[])[Operator.Equal, Operator.NotEqual, Operator.In, Operator.IsDistinct, Operator.GreaterThan, Operator.GreaterOrEqual, Operator.LessThan, Operator.LessOrEqual],
        });
        var isMany = op == Operator.In || (_random.Next(4) == 0 && Operators.Of(op).TakesQuantifier);
        Operand operand = isMany
            ? new ListOperand([.. Enumerable.Range(0, _random.Next(1, 4)).Select(_ => Text(field, op))], op == Operator.In || _random.Next(2) == 0 ? Quantifier.Any : Quantifier.All)
            : new TextOperand(Text(field, op));
        return new Comparison(new FieldPath(field.Name), op, operand, isNegated);
    }

    private string Text(RuleField field, Operator op)
    {
        if (op is Operator.Like or Operator.ILike)
            return Pick(Patterns);
        var value = FirstOf(field);
        return field.Kind == RuleKind.Tags ? Socle.Postgres.Sql.ArrayText(value.EnumerateArray().Select(word => word.GetString())) : value.ToString().Replace("True", "true", StringComparison.Ordinal).Replace("False", "false", StringComparison.Ordinal);
    }

    public T Pick<T>(IReadOnlyList<T> all) => all[_random.Next(all.Count)];

    public bool Once(int in_) => _random.Next(in_) == 0;
}
