using Socle.Catalog;
using Socle.FieldTypes;
using Socle.Postgres;
using Socle.Records.Planning;

namespace Socle.Records.Statements;

/// <summary>A computed field as SQL: a subquery bound to its row, which PostgreSQL runs as whoever reads, under their policies.</summary>
internal static class WaySql
{
    /// <param name="field">The field.</param>
    /// <param name="row">What its row goes by.</param>
    /// <param name="depth">How many computed fields it stands in.</param>
    public static string Write(FieldSnapshot field, string row, int depth = 1)
    {
        var way = field.Way!;
        // A name that no table has by chance: conditions of a policy speak of tables by their own.
        var inner = Sql.Identifier($"socle:{depth}");
        var source = way.Source switch
        {
            null => "*",
            { Way: null } column => $"{inner}.{column.SqlName}",
            var computed => Write(computed, inner, depth + 1),
        };
        var sql = new SqlText(isInline: true).Add("(SELECT ").Add(Value(way.Function, source)).Add(" FROM ").Add(way.Target.SqlName).Add(" AS ").Add(inner).Add(" WHERE ");
        for (var i = 0; i < way.Columns.Length; i++)
            sql.Add(i > 0 ? " AND " : "").Add(inner).Add('.').Name(way.Columns[i].Other).Add(" = ").Add(row).Add('.').Name(way.Columns[i].Own);
        if (!way.Where.IsEmpty)
            sql.Add(" AND ").Add(RowSql.WriteAs(WayPlans.Conditions(field).Value, inner));
        return sql.Add(')').ToString();
    }

    private static string Value(RollupFunction? function, string source) => function switch
    {
        null => source,
        RollupFunction.Count => $"count({source})",
        RollupFunction.Sum => $"coalesce(sum({source}), '0')",
        RollupFunction.Average => $"avg({source})",
        RollupFunction.Min => $"min({source})",
        _ => $"max({source})",
    };
}
