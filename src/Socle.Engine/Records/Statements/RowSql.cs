using System.Collections.Immutable;
using Socle.Postgres;
using Socle.Records.Planning;

namespace Socle.Records.Statements;

/// <summary>
/// Takes conditions on one row, gives the SQL expression that PostgreSQL keeps: values are constants in it, and columns carry
/// the relation's own name, so that it holds wherever the row goes by that name.
/// </summary>
internal static class RowSql
{
    /// <summary>Stands for the row's name while text is written: a sign that neither names nor constants can hold.</summary>
    public const string Mark = "\0";

    public static string Write(ImmutableArray<ConditionPlan> conditions, string relation) => WriteAs(conditions, Sql.Identifier(relation));

    /// <param name="conditions">All of them hold.</param>
    /// <param name="row">What the row goes by, as SQL text.</param>
    public static string WriteAs(ImmutableArray<ConditionPlan> conditions, string row)
    {
        var sql = new SqlText(isInline: true);
        for (var i = 0; i < conditions.Length; i++)
        {
            if (i > 0)
                sql.Add(" AND ");
            ConditionSql.Write(sql, conditions[i]);
        }

        return sql.ToString().Replace(Mark, row, StringComparison.Ordinal);
    }
}
