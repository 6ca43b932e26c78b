using Socle.Catalog;
using Socle.Records.Planning;

namespace Socle.Records.Statements;

/// <summary>One part of a refused statement alone, harmless to run: PostgreSQL refuses it again if it is the part at fault.</summary>
internal static class PartStatements
{
    public static Statement Condition(ScopePlan scope, ComparisonPlan condition)
    {
        var sql = From(scope).Add(" WHERE ");
        ConditionSql.Write(sql, condition);
        return sql.ToStatement();
    }

    public static Statement Order(ScopePlan scope, OrderPlan term) =>
        From(scope).Add(" ORDER BY ").Add(ValueSql.Expression(term.Value)).ToStatement();

    public static Statement Output(ScopePlan scope, ValuePlan value)
    {
        var sql = new SqlText().Add("EXPLAIN SELECT ").Add(ValueSql.Answered(value));
        WriteFrom(sql, scope);
        return sql.ToStatement();
    }

    /// <summary>Converts what was sent for one column.</summary>
    public static Statement Column(WritePlan plan, FieldSnapshot field, bool isMany) =>
        new SqlText(plan.Payload)
            .Add("SELECT count(*) FROM ").Add(isMany ? "json_to_recordset" : "json_to_record").Add("($1) AS x(").Add(field.SqlName).Add(' ').Add(field.ColumnType.SqlName).Add(')')
            .ToStatement();

    /// <summary>Planning alone converts operands and folds constants: EXPLAIN reads no row.</summary>
    private static SqlText From(ScopePlan scope)
    {
        var sql = new SqlText().Add("EXPLAIN SELECT");
        WriteFrom(sql, scope);
        return sql;
    }

    private static void WriteFrom(SqlText sql, ScopePlan scope) =>
        sql.Add(" FROM ").Add(ScopeSql.TableName(scope)).Add(" AS t").Add(scope.Number);
}
