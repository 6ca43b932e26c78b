using Socle.Kernel;

namespace Socle.Schema;

/// <summary>Another type for a column. <see cref="TypeChange"/> says what that costs.</summary>
public sealed record ChangeType(string TableName, string Column, string From, string To) : FieldStep(TableName, Column)
{
    /// <summary>The default before and after, where the values need a cast that a default would not survive.</summary>
    public string? DefaultBefore { get; init; }

    public string? DefaultAfter { get; init; }

    public override StepOrder Order => StepOrder.Type;

    public override Verdict Verdict =>
        TypeChange.FindLossless(From, To) is { } cost ? cost
        : Losses == 0 ? Verdict.NeedsScan
        : Verdict.LosesValues;

    public override Text Words => new($"change {Name} from {From} to {To}", $"changer {Name} de {From} en {To}");

    public override string Sql => IsLossless
        ? $"{Alter} ALTER COLUMN {Quoted} TYPE {To} USING {Quoted}::{To}"
        : WithDefaults(
            $"SELECT socle_system.change_type({Arguments}, {Postgres.Sql.Literal(From)}, {Postgres.Sql.Literal(To)}, {Postgres.Sql.Literal(TypeCast.Sql(Quoted, From, To))})",
            DefaultBefore,
            DefaultAfter);

    public override string Down => IsLossless
        ? $"{Alter} ALTER COLUMN {Quoted} TYPE {From} USING {TypeCast.Sql(Quoted, To, From)}"
        : WithDefaults(
            $"SELECT socle_system.change_type_back({Arguments}, {Postgres.Sql.Literal(From)}, {Postgres.Sql.Literal(TypeCast.Sql(Hidden, From, To))}, {Postgres.Sql.Literal(TypeCast.Sql(Quoted, To, From))})",
            DefaultAfter,
            DefaultBefore);

    public override string? CountLosses => IsLossless
        ? null
        : $"SELECT count(*) FROM {SchemaNames.Table(TableName)} WHERE {Quoted} IS NOT NULL AND {TypeCast.Loses(Quoted, From, To)}";

    public override string CountDownLosses =>
        $"SELECT count(*) FROM {SchemaNames.Table(TableName)} WHERE {Quoted} IS NOT NULL AND {TypeCast.Loses(Quoted, To, From)}"
        + (IsLossless ? "" : $" AND ({TypeCast.Sql(Hidden, From, To)})::text IS DISTINCT FROM {Quoted}::text");

    public override string CountOffenders => $"SELECT count(*) FROM {SchemaNames.Table(TableName)} WHERE {TypeCast.Sql(Quoted, From, To)} IS NULL";

    /// <summary>Stands for the hidden column that holds the old values: its name is known when it is made.</summary>
    private const string Hidden = "\"socle_aside\"";

    private bool IsLossless => TypeChange.FindLossless(From, To) is not null;

    private string WithDefaults(string sql, string? before, string? after) => string.Join(
        ";\n",
        [
            .. before is null ? Array.Empty<string>() : [$"{Alter} ALTER COLUMN {Quoted} DROP DEFAULT"],
            sql,
            .. after is null ? Array.Empty<string>() : [$"{Alter} ALTER COLUMN {Quoted} SET DEFAULT {after}"],
        ]);
}
