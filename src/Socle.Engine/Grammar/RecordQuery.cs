using System.Collections.Immutable;

namespace Socle.Grammar;

/// <summary>
/// What a caller asks of a table, as a tree: the PostgREST dialect's query string, read.
/// Names are as the caller wrote them; nothing here knows a schema.
/// </summary>
/// <param name="Scope">The select list, conditions, order and page of the table itself and, inside its embeds, of each related table.</param>
/// <param name="Search">The words of <c>q</c>, or null.</param>
/// <param name="Count">How the total is counted, or null when it is not.</param>
/// <param name="OnConflict">The columns of <c>on_conflict</c>; empty when not given.</param>
/// <param name="Columns">The columns of <c>columns</c>; empty when not given.</param>
public sealed record RecordQuery(
    QueryScope Scope,
    string? Search = null,
    CountKind? Count = null,
    ImmutableArray<string> OnConflict = default,
    ImmutableArray<string> Columns = default)
{
    public static RecordQuery Everything { get; } = new(QueryScope.Everything, OnConflict: [], Columns: []);
}

/// <summary>The part of a query that speaks of one table: the root's or an embed's.</summary>
/// <param name="Select">Empty means every column at the root and, in an embed, <c>embed()</c>: joined but not shown.</param>
/// <param name="Where">Conditions, all of which must hold.</param>
/// <param name="Order">Sort terms, first one first.</param>
public sealed record QueryScope(
    ImmutableArray<SelectItem> Select,
    ImmutableArray<Condition> Where,
    ImmutableArray<OrderTerm> Order,
    long? Limit = null,
    long? Offset = null)
{
    public static QueryScope Everything { get; } = new([new SelectStar()], [], []);
}

public enum CountKind
{
    Exact,
    Planned,
    Estimated,
}

public abstract record SelectItem;

/// <summary><c>*</c></summary>
public sealed record SelectStar : SelectItem;

/// <summary>
/// <c>alias:column-&gt;json::cast.aggregate()::cast</c>, or <c>alias:column::cast.month()</c>. <c>count()</c> alone has no <paramref name="Field"/>.
/// </summary>
public sealed record SelectField(
    FieldPath? Field,
    string? Alias = null,
    string? Cast = null,
    Aggregate? Aggregate = null,
    string? AggregateCast = null,
    Period? Period = null) : SelectItem;

/// <summary><c>alias:target!hint!inner(…)</c>, or <c>...target(…)</c> when <paramref name="Spread"/>.</summary>
/// <param name="Target">A table, foreign key constraint or foreign key column.</param>
/// <param name="Scope">What is asked of the related table, including the filters, order and limits addressed to it from the outside.</param>
public sealed record SelectEmbed(
    string Target,
    QueryScope Scope,
    string? Alias = null,
    string? Hint = null,
    EmbedJoin Join = EmbedJoin.Left,
    bool Spread = false) : SelectItem
{
    /// <summary>The name by which filters address this embed and under which it appears.</summary>
    public string Name => Alias ?? Target;
}

public enum EmbedJoin
{
    /// <summary>Parents without a match stay.</summary>
    Left,

    /// <summary>Parents without a match go (<c>!inner</c>).</summary>
    Inner,
}

public enum Aggregate
{
    Avg,
    Count,
    Max,
    Min,
    Sum,
}

/// <summary>A stretch of the calendar: <c>column.month()</c> is the first day of the one that a day or moment lies in.</summary>
public enum Period
{
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

/// <summary>A column, or a place inside a json column.</summary>
public sealed record FieldPath(string Name, ImmutableArray<JsonStep> Steps)
{
    public FieldPath(string name)
        : this(name, [])
    {
    }

    public bool Equals(FieldPath? other) => other is not null && Name == other.Name && Steps.AsSpan().SequenceEqual(other.Steps.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Name, Steps.Length);
}

/// <summary>One <c>-&gt;</c> or <c>-&gt;&gt;</c> step: an object key or an array index (negative counts from the end).</summary>
public readonly record struct JsonStep(string? Key, int? Index, bool AsText);

/// <summary>One condition of a <c>where</c>.</summary>
public abstract record Condition;

/// <summary><c>column=not.op(any).value</c></summary>
public sealed record Comparison(FieldPath Field, Operator Operator, Operand Operand, bool Negated = false) : Condition;

/// <summary><c>or=(…)</c>, <c>and=(…)</c>, and their <c>not.</c> forms.</summary>
public sealed record ConditionGroup(bool IsOr, ImmutableArray<Condition> Conditions, bool Negated = false) : Condition;

/// <summary><c>relation.condition</c>: some record at the other end meets the condition. Only where conditions stand alone, as in a policy.</summary>
/// <param name="Relation">A table, foreign key constraint or foreign key column.</param>
public sealed record RelatedCondition(string Relation, Condition Condition) : Condition;

/// <summary>What stands to the right of an operator.</summary>
public abstract record Operand;

/// <summary>One value, verbatim.</summary>
public sealed record TextOperand(string Value) : Operand;

/// <summary>The members of <c>in.(…)</c>, or of <c>op(any).{…}</c> and <c>op(all).{…}</c> with the quantifier.</summary>
public sealed record ListOperand(ImmutableArray<string> Values, Quantifier Quantifier) : Operand;

/// <summary>The word after <c>is.</c></summary>
public sealed record IsOperand(IsValue Value) : Operand;

/// <summary>A text search and its optional configuration: <c>fts(french).chat</c>.</summary>
public sealed record SearchOperand(string Query, string? Configuration) : Operand;

public enum Quantifier
{
    Any,
    All,
}

public enum IsValue
{
    Null,
    NotNull,
    True,
    False,
    Unknown,
}

/// <summary>One term of <c>order=</c>.</summary>
/// <param name="Field">The column or json path to sort by.</param>
/// <param name="Relation">The to-one embed that the column belongs to: <c>relation(column).desc</c>.</param>
/// <param name="NullsFirst">Null when the caller left it to PostgreSQL (nulls last, or first when descending).</param>
/// <param name="Period">The stretch of the calendar to sort by, for a column of the table itself.</param>
public sealed record OrderTerm(FieldPath Field, bool Descending = false, bool? NullsFirst = null, string? Relation = null, Period? Period = null);
