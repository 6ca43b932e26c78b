using System.Collections.Immutable;
using System.Text.Json;
using Socle.Catalog;
using Socle.Grammar;
using Socle.Postgres;

namespace Socle.Records.Planning;

/// <summary>What is read: the root scope, and how its rows are counted.</summary>
/// <param name="HasVersion">Whether the record's version is read too, after its outputs.</param>
public sealed record ReadPlan(ScopePlan Scope, CountKind? Count, SearchPlan Search, bool HasVersion = false);

/// <param name="Words">The words of <c>q</c>; every one must occur.</param>
/// <param name="HasFold">Whether the database holds the function that folds text; else each statement does it by itself.</param>
public sealed record SearchPlan(ImmutableArray<string> Words, bool HasFold)
{
    public static SearchPlan None { get; } = new([], HasFold: false);
}

/// <summary>One table of a query, its names resolved. Numbers name the aliases: t0 is the root.</summary>
public sealed record ScopePlan(
    int Number,
    TableSnapshot Table,
    ImmutableArray<Output> Outputs,
    ImmutableArray<ConditionPlan> Where,
    ImmutableArray<OrderPlan> Order,
    ImmutableArray<EmbedPlan> Embeds,
    long? Limit = null,
    long? Offset = null)
{
    /// <summary>The number that stands for no scope but the one row that a condition is asked of.</summary>
    public const int Row = -1;

    /// <summary>Whether rows are grouped by the outputs that are no aggregates.</summary>
    public bool IsAggregated => Outputs.Any(output => output is ValueOutput { Value.Aggregate: not null });
}

/// <summary>A related table within a scope.</summary>
/// <param name="Parent">The number of the scope it belongs to.</param>
/// <param name="IsInner">Parents without a match go.</param>
/// <param name="Exposed">What the parent uses of a to-one relation besides the record itself: spread outputs and sort terms, by their numbers.</param>
public sealed record EmbedPlan(
    string Name,
    int Parent,
    Relation Relation,
    ScopePlan Scope,
    bool IsInner,
    bool IsSpread,
    ImmutableArray<Output> Exposed);

/// <summary>One column of the answer's SQL, and how it appears in the answer.</summary>
public abstract record Output;

public sealed record ValueOutput(JsonEncodedText Key, ValuePlan Value) : Output;

/// <summary>Related records.</summary>
/// <param name="Through">Where the records come from when a spread relation brings them along; null when they are the scope's own relation.</param>
public sealed record NestedOutput(JsonEncodedText Key, NestedShape Shape, EmbedPlan Embed, ExposedSource? Through = null) : Output;

public enum NestedShape
{
    /// <summary>One record, or null.</summary>
    Object,

    /// <summary>The same, its values as columns of the statement itself: for the root, where nothing is grouped. A marker tells whether there is a record.</summary>
    Flat,

    /// <summary>An array of records.</summary>
    List,

    /// <summary>Records turned on their side: one array for each of their values, under its own key.</summary>
    Columns,
}

/// <summary>A column, a place inside it, a cast of it, an aggregate over it. count() alone has no source.</summary>
/// <param name="Type">The type before aggregation.</param>
/// <param name="Period">Applied to the value once it is cast.</param>
public sealed record ValuePlan(
    ValueSource? Source,
    ImmutableArray<JsonStep> Steps,
    string? Cast,
    PgType? Type,
    Aggregate? Aggregate = null,
    string? AggregateCast = null,
    PeriodPlan? Period = null)
{
    public bool Equals(ValuePlan? other) => other is not null
        && Source == other.Source && Steps.AsSpan().SequenceEqual(other.Steps.AsSpan())
        && Cast == other.Cast && Aggregate == other.Aggregate && AggregateCast == other.AggregateCast && Period == other.Period;

    public override int GetHashCode() => HashCode.Combine(Source, Steps.Length, Cast, Aggregate);
}

/// <summary>The first day of the period that the value lies in.</summary>
/// <param name="Zone">Where moments have their day; null for values that are days already.</param>
public sealed record PeriodPlan(Period Period, string? Zone);

public abstract record ValueSource;

public sealed record ColumnSource(int Scope, FieldSnapshot Field) : ValueSource;

/// <summary>Value number <paramref name="Index"/> that the joined relation <paramref name="Embed"/> exposes.</summary>
public sealed record ExposedSource(int Embed, int Index) : ValueSource;

public abstract record ConditionPlan;

/// <param name="Name">The field as the caller wrote it.</param>
public sealed record ComparisonPlan(string Name, ValuePlan Value, Operator Operator, Operand Operand, bool Negated) : ConditionPlan;

/// <summary>An operand that is no value of the caller's: SQL that gives one, made by the server.</summary>
public sealed record ExpressionOperand(string Sql) : Operand;

public sealed record GroupPlan(bool IsOr, ImmutableArray<ConditionPlan> Conditions, bool Negated) : ConditionPlan;

/// <summary>Whether a related record exists (<c>relation=is.null</c> and its negation).</summary>
public sealed record ExistsPlan(EmbedPlan Embed, bool Negated) : ConditionPlan;

public sealed record OrderPlan(ValuePlan Value, bool Descending, bool? NullsFirst);

/// <summary>What is written, to which records, and what is answered.</summary>
public sealed record WritePlan(
    WriteKind Kind,
    TableSnapshot Table,
    ImmutableArray<ColumnPlan> Columns,
    byte[] Payload,
    ReadPlan Answer,
    ConflictPlan? Conflict = null,
    ImmutableArray<FieldSnapshot> Echoed = default)
{
    /// <summary>Read-only fields that were sent back: the records are written only where they still have those values.</summary>
    public ImmutableArray<FieldSnapshot> Echoed { get; init; } = Echoed.IsDefault ? [] : Echoed;

    /// <summary>The record is written only while it has one of these versions; null when any will do.</summary>
    public ImmutableArray<uint>? Versions { get; init; }
}

public enum WriteKind
{
    Insert,
    Update,
    Delete,
}

public readonly record struct ColumnPlan(FieldSnapshot Field, Presence Presence);

/// <summary>Which of the sent records have a field. Those that have not take its default.</summary>
public enum Presence
{
    All,
    Some,
    None,
}

/// <param name="Target">The conflict target: quoted columns or an index expression, from the catalog.</param>
/// <param name="Fields">The fields in it.</param>
public sealed record ConflictPlan(string Target, ConflictResolution Resolution, ImmutableArray<FieldSnapshot> Fields);
