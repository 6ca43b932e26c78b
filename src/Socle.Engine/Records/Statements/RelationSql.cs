using Socle.Catalog;
using Socle.Postgres;
using Socle.Records.Planning;

namespace Socle.Records.Statements;

/// <summary>A related table as SQL: where its records come from, bound to their parent's row.</summary>
internal static class RelationSql
{
    /// <summary>FROM and WHERE with what inner joins demand, for a question whether there is any.</summary>
    public static void WriteBody(SqlText sql, EmbedPlan embed)
    {
        WriteFrom(sql, embed);
        ScopeSql.WriteJoins(sql, embed.Scope, innerOnly: true);
        WriteWhere(sql, embed);
    }

    public static void WriteFrom(SqlText sql, EmbedPlan embed)
    {
        var number = embed.Scope.Number;
        sql.Add("FROM ").Add(ScopeSql.TableName(embed.Scope)).Add(" AS t").Add(number);
        if (embed.Relation.Junction is not { } junction)
            return;
        sql.Add(" JOIN ").Add(junction.Table.SqlName).Add(" AS j").Add(number).Add(" ON ");
        WritePairs(sql, junction.Columns, $"j{number}", $"t{number}");
    }

    public static void WriteWhere(SqlText sql, EmbedPlan embed)
    {
        var number = embed.Scope.Number;
        sql.Add(" WHERE ");
        WritePairs(sql, embed.Relation.Columns, ScopeSql.Alias(embed.Parent), embed.Relation.Junction is null ? $"t{number}" : $"j{number}");
        ScopeSql.WriteWhere(sql, embed.Scope, " AND ", SearchPlan.None);
    }

    private static void WritePairs(SqlText sql, IEnumerable<ColumnPair> pairs, string own, string other)
    {
        var separator = "";
        foreach (var pair in pairs)
        {
            sql.Add(separator).Add(own).Add('.').Name(pair.Own).Add(" = ").Add(other).Add('.').Name(pair.Other);
            separator = " AND ";
        }
    }
}
