using Socle.Records.Planning;

namespace Socle.Records.Statements;

/// <summary>Takes a read plan, gives its SQL. Pure: the same plan gives the same text.</summary>
public static class ReadStatements
{
    /// <param name="plan">What is read.</param>
    /// <param name="who">Who asks, where policies ask and the statement is to tell; null where it need not.</param>
    public static Statement Rows(ReadPlan plan, string? who = null)
    {
        var sql = new SqlText();
        ScopeSql.WriteRoot(sql, plan, new ToldSettings(null, who));
        return sql.ToStatement() with { TellsWho = who is not null };
    }

    /// <summary>The number of rows without limit and offset, counted; at most <paramref name="atMost"/> of them where given.</summary>
    public static Statement Count(ReadPlan plan, long? atMost = null)
    {
        var sql = new SqlText().Add("SELECT count(*) FROM (");
        ScopeSql.WriteCounted(sql, plan);
        if (atMost is { } most)
            sql.Add(" LIMIT ").Add(most);
        return sql.Add(") AS counted").ToStatement();
    }

    /// <summary>The planner's guess of that number, inside an EXPLAIN document.</summary>
    public static Statement Estimate(ReadPlan plan)
    {
        var sql = new SqlText().Add("EXPLAIN (FORMAT JSON) ");
        ScopeSql.WriteCounted(sql, plan);
        return sql.ToStatement();
    }
}
