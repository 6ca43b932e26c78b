using Socle.Postgres;
using Socle.Records.Planning;

namespace Socle.Records.Statements;

/// <summary>Search without accents or case: a pattern on the folded text of the searched columns.</summary>
internal static class SearchSql
{
    /// <summary>The condition that the word occurs.</summary>
    public static void Write(SqlText sql, ScopePlan scope, SearchPlan search, string word)
    {
        sql.Add(Expression(scope, search.HasFold)).Add(" LIKE ");
        if (search.HasFold)
            sql.Add("socle_system.fold(").Parameter(Pattern(word)).Add(')');
        else
            sql.Add(SearchExpression.FoldBefore).Add("CAST(").Parameter(Pattern(word)).Add(" AS text)").Add(SearchExpression.FoldAfter);
    }

    private static string Expression(ScopePlan scope, bool hasFold) =>
        scope.Table.SearchFields.IsEmpty
            ? "''"
            : SearchExpression.For(scope.Table.SearchFields.Select(field => field.Name), $"t{scope.Number}", hasFold);

    /// <summary>The word anywhere, its own wildcards meaning themselves.</summary>
    private static string Pattern(string word) =>
        $"%{word.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal)}%";
}
