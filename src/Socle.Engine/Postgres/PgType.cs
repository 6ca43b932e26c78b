namespace Socle.Postgres;

/// <summary>What family a PostgreSQL type belongs to, as far as operators and values are concerned.</summary>
public enum PgKind
{
    Text,
    Integer,
    Numeric,
    Float,
    Boolean,
    Date,
    Timestamp,
    TimestampTz,
    Time,
    Interval,
    Uuid,
    Json,
    Jsonb,
    Bytea,
    Enum,
    Array,
    Range,
    TsVector,
    Composite,
    Other,
}

/// <summary>A PostgreSQL type as the catalog knows it; a domain is seen as its base type.</summary>
/// <param name="Oid">pg_type.oid of the base type.</param>
/// <param name="SqlName">The declared type as SQL text, from format_type: <c>character varying(20)</c>, <c>text[]</c>, a domain's own name.</param>
/// <param name="Kind">The family.</param>
/// <param name="Element">The element type of an array.</param>
/// <param name="Labels">The labels of an enum, in order; empty otherwise.</param>
/// <param name="BaseName">The base type of a domain as SQL text; null for other types.</param>
public sealed record PgType(uint Oid, string SqlName, PgKind Kind, PgType? Element = null, IReadOnlyList<string>? Labels = null, string? BaseName = null)
{
    /// <summary>The numbers behind the name: 20 in <c>character varying(20)</c>, 10 and 2 in <c>numeric(10,2)</c>; empty without.</summary>
    public IReadOnlyList<int> Modifiers =>
        SqlName.IndexOf('(') is var open and > 0 && SqlName.IndexOf(')', open) is var close and > 0
            ? [.. SqlName[(open + 1)..close].Split(',').Select(text => int.TryParse(text, out var number) ? number : 0)]
            : [];

    /// <summary>Whether values of this type are compared and searched as text.</summary>
    public bool IsText => Kind is PgKind.Text or PgKind.Enum;
}
