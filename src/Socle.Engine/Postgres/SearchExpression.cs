namespace Socle.Postgres;

/// <summary>
/// The one expression that search reads: in the index and in every query, so that PostgreSQL sees
/// that the index answers the query. Takes text columns; other columns make it mutable or invalid.
/// </summary>
public static class SearchExpression
{
    /// <param name="columns">Text columns of one table, in the order in which the blueprint lists them: another order is another expression.</param>
    /// <param name="alias">What the query calls the table; none in an index.</param>
    public static string For(IEnumerable<string> columns, string? alias = null)
    {
        var prefix = alias is null ? "" : Sql.Identifier(alias) + ".";
        return $"socle_system.fold({string.Join(" || ' ' || ", columns.Select(column => $"coalesce({prefix}{Sql.Identifier(column)}, '')"))})";
    }
}
