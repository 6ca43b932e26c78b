using Socle.Postgres;
using Socle.Records.Planning;

namespace Socle.Records.Statements;

/// <summary>Search without accents or case: a pattern on the folded text of the searched columns.</summary>
internal static class SearchSql
{
    public static string Expression(ScopePlan scope) =>
        scope.Table.SearchFields.IsEmpty
            ? "''"
            : SearchExpression.For(scope.Table.SearchFields.Select(field => field.Name), $"t{scope.Number}");

    /// <summary>The word anywhere, its own wildcards meaning themselves.</summary>
    public static string Pattern(string word) =>
        $"%{word.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal)}%";
}
