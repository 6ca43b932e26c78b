using Socle.Kernel;

namespace Socle.Schema;

/// <summary>Another type for a column. <see cref="TypeChange"/> says what that costs.</summary>
public sealed record ChangeType(string TableName, string Column, string From, string To) : FieldStep(TableName, Column)
{
    /// <summary>The default before and after, where the values need a cast that a default would not survive.</summary>
    public string? DefaultBefore { get; init; }

    public string? DefaultAfter { get; init; }

    /// <summary>The column asks for a value while the type changes.</summary>
    public bool IsRequired { get; init; }

    public override StepOrder Order => StepOrder.Type;

    public override Verdict Verdict =>
        TypeChange.FindLossless(From, To) is { } cost ? cost
        : Losses == 0 ? Verdict.NeedsScan
        : Verdict.LosesValues;

    public override Text Words => new($"change {Name} from {From} to {To}", $"changer {Name} de {From} en {To}");

    /// <summary>PostgreSQL changes no type that a policy looks at; policies are made anew before the transaction ends.</summary>
    private string Release => $"SELECT socle_system.release_column({Arguments})";

    public override string Sql => IsLossless
        ? $"{Release};\n{Alter} ALTER COLUMN {Quoted} TYPE {To} USING {Quoted}::{To}"
        : WithDefaults(
            $"{Release};\nSELECT socle_system.change_type({Arguments}, {Postgres.Sql.Literal(From)}, {Postgres.Sql.Literal(To)}, {Postgres.Sql.Literal(TypeCast.Sql(Quoted, From, To))})",
            DefaultBefore,
            DefaultAfter);

    public override string Down => WithDefaults(
        $"{Release};\nSELECT socle_system.change_type_back({Arguments}, {string.Join(", ", new[] { From, TypeCast.Sql(Hidden, From, To), Back, Written(TypeCast.Differs(Quoted, To, From)), TypeCast.Sql($"({Back})", From, To) }.Select(Postgres.Sql.Literal))})",
        DefaultAfter,
        DefaultBefore);

    public override string? CountLosses => IsLossless
        ? null
        : $"SELECT count(*) FROM {SchemaNames.Table(TableName)} WHERE {Quoted} IS NOT NULL AND {TypeCast.Loses(Quoted, From, To)}";

    /// <summary>Where a record has a key and may do without the value, it is kept beside the table for the way up.</summary>
    public override string CountDownLosses =>
        $"SELECT count(*) FROM {SchemaNames.Table(TableName)} WHERE {(IsRequired ? "" : $"coalesce({Postgres.Sql.Literal(Column)} = ANY (socle_system.key_columns({SchemaNames.Relation(TableName)})), true) AND ")}{Written(TypeCast.Loses(Quoted, To, From))}";

    public override string CountOffenders => $"SELECT count(*) FROM {SchemaNames.Table(TableName)} WHERE {TypeCast.Sql(Quoted, From, To)} IS NULL";

    /// <summary>Stands for the hidden column that holds the old values: its name is known when it is made.</summary>
    private const string Hidden = "\"socle_aside\"";

    private string Back => TypeCast.Sql(Quoted, To, From);

    /// <summary>The condition, of values that were written since.</summary>
    private string Written(string condition) => $"{Quoted} IS NOT NULL AND {condition}"
        + (IsLossless ? "" : $" AND ({TypeCast.Sql(Hidden, From, To)})::text IS DISTINCT FROM {Quoted}::text");

    private bool IsLossless => TypeChange.FindLossless(From, To) is not null;

    private string WithDefaults(string sql, string? before, string? after) => string.Join(
        ";\n",
        [
            .. before is null ? Array.Empty<string>() : [$"{Alter} ALTER COLUMN {Quoted} DROP DEFAULT"],
            sql,
            .. after is null ? Array.Empty<string>() : [$"{Alter} ALTER COLUMN {Quoted} SET DEFAULT {after}"],
        ]);
}
