using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.FieldTypes;

/// <summary>What a rollup makes of the values that it finds.</summary>
public enum RollupFunction
{
    Count,
    Sum,
    Average,
    Min,
    Max,
}

/// <summary>A number, or an extreme, of the records whose reference leads to this one. Computed whenever it is read; nobody writes it.</summary>
public sealed class RollupField : FieldType
{
    private static readonly PgType Bigint = new(PgTypes.Int8, "bigint", PgKind.Integer);
    private static readonly PgType Numeric = new(PgTypes.Numeric, "numeric", PgKind.Numeric);
    private static readonly PgType Double = new(PgTypes.Float8, "double precision", PgKind.Float);

    public override string Name => "rollup";

    public override bool HasColumn => false;

    public static ImmutableArray<string> Functions { get; } = [.. Enum.GetNames<RollupFunction>().Select(name => name.ToLowerInvariant())];

    public static RollupFunction? FindFunction(string? name) => Functions.Contains(name ?? "") ? Enum.Parse<RollupFunction>(name!, ignoreCase: true) : null;

    /// <summary>The type of what comes out; null when the function does not work on such values.</summary>
    /// <param name="function">What is computed.</param>
    /// <param name="source">The type of the values; null where records are counted.</param>
    public static PgType? FindResult(RollupFunction function, PgType? source) => (function, source?.Kind) switch
    {
        (RollupFunction.Count, _) => Bigint,
        // As PostgreSQL has it, so that a sum never has too little room.
        (RollupFunction.Sum, PgKind.Integer) => source!.Oid == PgTypes.Int8 ? Numeric : Bigint,
        (RollupFunction.Sum or RollupFunction.Average, PgKind.Numeric) or (RollupFunction.Average, PgKind.Integer) => Numeric,
        (RollupFunction.Sum, PgKind.Float) or (RollupFunction.Sum or RollupFunction.Average, PgKind.Interval) => Bare(source!),
        (RollupFunction.Average, PgKind.Float) => Double,
        (RollupFunction.Min or RollupFunction.Max, PgKind.Integer or PgKind.Numeric or PgKind.Float or PgKind.Text or PgKind.Enum or PgKind.Date or PgKind.Time or PgKind.Timestamp or PgKind.TimestampTz or PgKind.Interval) => Bare(source!),
        _ => null,
    };

    public override string ColumnType(FieldSettings settings) => throw new NotSupportedException("A rollup has no column.");

    public override Text Expects(FieldShape field) => new("no value: it is computed", "aucune valeur : il est calculé");

    public override bool Accepts(JsonElement value, FieldShape field) => false;

    public override bool AcceptsText(ReadOnlySpan<char> text, PgType type) => false;

    public override JsonObject Schema(FieldShape field) => [];

    /// <summary>An aggregate of a domain's values is of the type beneath.</summary>
    private static PgType Bare(PgType type) => type.BaseName is { } name ? type with { SqlName = name, BaseName = null } : type;
}
