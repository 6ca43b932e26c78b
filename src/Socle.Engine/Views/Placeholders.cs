using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Socle.Catalog;
using Socle.Grammar;
using Socle.Postgres;
using Socle.Records.Planning;

namespace Socle.Views;

/// <summary>
/// What stands in a saved condition for who looks and when: <c>{user.id}</c>, <c>{today}</c>, <c>{month-1}</c>. Takes a query, gives the same
/// with values in their places. Pure.
/// </summary>
/// <param name="userId">The account; without one a comparison with it holds for no record.</param>
/// <param name="today">The day on which it is looked at.</param>
/// <param name="zone">Where that day is.</param>
internal sealed partial class Placeholders(Guid? userId, DateOnly today, TimeZoneInfo zone)
{
    private static readonly ListOperand Nothing = new([], Quantifier.Any);

    public static Placeholders For(Guid? userId, TimeZoneInfo zone) =>
        new(userId, DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(TimeProvider.System.GetUtcNow(), zone).DateTime), zone);

    public RecordQuery Fill(RecordQuery query, TableSnapshot table, CatalogSnapshot snapshot) => query with { Scope = Fill(query.Scope, table, snapshot) };

    public QueryScope Fill(QueryScope scope, TableSnapshot table, CatalogSnapshot snapshot) => scope with
    {
        Select = [.. scope.Select.Select(item => item is SelectEmbed embed && RelationFinder.Get(snapshot, table, embed) is { IsFault: false, Value.Target: var target }
            ? embed with { Scope = Fill(embed.Scope, target, snapshot) }
            : item)],
        Where = [.. scope.Where.Select(condition => Fill(condition, table))],
    };

    private Condition Fill(Condition condition, TableSnapshot table) => condition switch
    {
        ConditionGroup group => group with { Conditions = [.. group.Conditions.Select(member => Fill(member, table))] },
        Comparison { Field.Steps.IsEmpty: true } comparison when table.FindField(comparison.Field.Name) is { } field => Fill(comparison, field),
        _ => condition,
    };

    private Comparison Fill(Comparison comparison, FieldSnapshot field)
    {
        if (comparison.Operator is not (Operator.Equal or Operator.NotEqual or Operator.GreaterThan or Operator.GreaterOrEqual or Operator.LessThan or Operator.LessOrEqual or Operator.In))
            return comparison;
        ImmutableArray<string> texts = comparison.Operand switch
        {
            TextOperand text => [text.Value],
            ListOperand list => list.Values,
            _ => [],
        };
        if (userId is null && texts.Contains(User) && IsOfUser(field))
            return comparison with { Operator = Operator.In, Operand = Nothing, Negated = false };
        return comparison.Operand switch
        {
            TextOperand text => comparison with { Operand = new TextOperand(Fill(text.Value, field)) },
            ListOperand list => comparison with { Operand = list with { Values = [.. list.Values.Select(text => Fill(text, field))] } },
            _ => comparison,
        };
    }

    private const string User = "{user.id}";

    private static bool IsOfUser(FieldSnapshot field) => field.ColumnType.Kind is PgKind.Uuid or PgKind.Text;

    private string Fill(string text, FieldSnapshot field)
    {
        if (text == User && IsOfUser(field))
            return $"{userId}";
        if (field.ColumnType.Kind is not (PgKind.Date or PgKind.Timestamp or PgKind.TimestampTz) || Day().Match(text) is not { Success: true } found)
            return text;
        var count = found.Groups["count"] is { Success: true, Value: var digits } ? int.Parse(digits, CultureInfo.InvariantCulture) : 0;
        var day = DayOf(found.Groups["word"].Value, found.Groups["sign"].Value == "-" ? -count : count);
        if (field.ColumnType.Kind != PgKind.TimestampTz)
            return day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        return new DateTimeOffset(midnight, zone.GetUtcOffset(midnight)).ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture);
    }

    /// <summary>The first day of that period, so many periods from now.</summary>
    private DateOnly DayOf(string word, int count) => word switch
    {
        "week" => today.AddDays(-(((int)today.DayOfWeek + 6) % 7)).AddDays(7 * count),
        "month" => new DateOnly(today.Year, today.Month, 1).AddMonths(count),
        "quarter" => new DateOnly(today.Year, today.Month - ((today.Month - 1) % 3), 1).AddMonths(3 * count),
        "year" => new DateOnly(today.Year, 1, 1).AddYears(count),
        _ => today.AddDays(count),
    };

    /// <summary>In an address a plus sign is a space.</summary>
    [GeneratedRegex(@"^\{(?<word>today|week|month|quarter|year)((?<sign>[-+ ])(?<count>[0-9]{1,3}))?\}$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Day();
}
