using Socle.Kernel;

namespace Socle.Schema;

/// <summary>From now on a field takes only values that are there in another table, and those in use stay there.</summary>
/// <param name="Before">What it took until now; null when it took any.</param>
public sealed record SetLimit(string TableName, LimitShape Shape, LimitShape? Before = null) : SchemaStep
{
    public override string? Table => TableName;

    public override StepOrder Order => StepOrder.Limit;

    public override Verdict Verdict => Verdict.NeedsScan;

    public override TableLock Lock => TableLock.ShareRowExclusive;

    public override IEnumerable<string> Locked => IsOnNewTable ? [] : [TableName, Shape.Source];

    public override Text Words => new(
        $"let {TableName}.{Shape.Field} take only {Which("where")}",
        $"ne prendre pour {TableName}.{Shape.Field} que {Which("où")}");

    public override string Sql => LimitSql.Put(TableName, Shape);

    public override string Down => Before is null ? LimitSql.Drop(TableName, Shape.Field) : LimitSql.Put(TableName, Before);

    public override string CountOffenders => LimitSql.CountOffenders(TableName, Shape);

    private string Which(string where) => $"{Shape.Source}.{Shape.SourceField}{(Shape.Filter is { } filter ? $" {where} {filter}" : "")}";
}

/// <summary>A field takes any value of its type again.</summary>
public sealed record DropLimit(string TableName, LimitShape Shape) : SchemaStep
{
    public override string? Table => TableName;

    public override StepOrder Order => StepOrder.Leave;

    public override TableLock Lock => TableLock.ShareRowExclusive;

    public override Text Words => new(
        $"let {TableName}.{Shape.Field} take more than {Shape.Source}.{Shape.SourceField}",
        $"ne plus limiter {TableName}.{Shape.Field} à {Shape.Source}.{Shape.SourceField}");

    public override string Sql => LimitSql.Drop(TableName, Shape.Field);

    public override string Down => LimitSql.Put(TableName, Shape);
}

/// <summary>How limits are made and dropped: the functions are in 0010_limits.sql.</summary>
internal static class LimitSql
{
    public static string Put(string table, LimitShape limit) =>
        $"""
        SELECT socle_system.put_limit({SchemaNames.Relation(table)}, {Postgres.Sql.Literal(limit.Field)}, {SchemaNames.Relation(limit.Source)}, {Postgres.Sql.Literal(limit.SourceField)},
            {Postgres.Sql.Literal(limit.Name)}, {(limit.Filter is { } filter ? Postgres.Sql.Literal(filter) : "NULL")}, {Postgres.Sql.Literal(Postgres.Sql.ArrayText(limit.Condition))}::text[])
        """;

    public static string Drop(string table, string field) => $"SELECT socle_system.drop_limit({SchemaNames.Relation(table)}, {Postgres.Sql.Literal(field)})";

    public static string CountOffenders(string table, LimitShape limit)
    {
        var field = Postgres.Sql.Identifier(limit.Field);
        var condition = string.Concat(limit.Condition.Select((piece, i) => i % 2 == 0 ? piece : $"s.{Postgres.Sql.Identifier(piece)}"));
        return $"""
            SELECT count(*) FROM {SchemaNames.Table(table)} t
            WHERE t.{field} IS NOT NULL AND NOT EXISTS (SELECT FROM {SchemaNames.Table(limit.Source)} s WHERE s.{Postgres.Sql.Identifier(limit.SourceField)} = t.{field} AND {condition})
            """;
    }
}
