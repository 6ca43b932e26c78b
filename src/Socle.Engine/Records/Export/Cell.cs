namespace Socle.Records.Export;

/// <summary>What a cell holds, as far as a spreadsheet tells it apart.</summary>
public enum CellKind
{
    /// <summary>Text, and what has no form of its own in a spreadsheet: uuids, years before 1, infinity, NaN.</summary>
    Text,

    /// <summary>Lists, json and related records, as JSON.</summary>
    Json,

    Integer,
    Decimal,
    Float,
    Boolean,
    Date,
    Time,
    Timestamp,

    /// <summary>A moment.</summary>
    TimestampTz,

    /// <summary>A length of time that is hours, minutes and seconds alone.</summary>
    Duration,
}

/// <summary>One value of one row, valid until the next is read.</summary>
/// <param name="kind">What it holds.</param>
/// <param name="text">The value as the API answers it, without the quotes of JSON.</param>
/// <param name="number">1 for true; days or microseconds since 2000 for dates and moments; microseconds for lengths of time and, since midnight, for times.</param>
public readonly ref struct Cell(CellKind kind, ReadOnlySpan<byte> text, long number = 0)
{
    public CellKind Kind { get; } = kind;

    public ReadOnlySpan<byte> Text { get; } = text;

    public long Number { get; } = number;
}
