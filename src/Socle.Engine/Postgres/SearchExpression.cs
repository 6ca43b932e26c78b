namespace Socle.Postgres;

/// <summary>
/// The one expression that search reads: in the index and in every query, so that PostgreSQL sees
/// that the index answers the query. Takes text columns; other columns make it mutable or invalid.
/// </summary>
public static class SearchExpression
{
    /// <summary>What stands before a text that is folded where the database does not hold socle_system.fold, whose body this is.</summary>
    public const string FoldBefore = "regexp_replace(replace(replace(replace(lower(normalize(";

    public const string FoldAfter = @", NFKD)), 'œ', 'oe'), 'æ', 'ae'), 'ß', 'ss'), '[\u0300-\u036f]+', '', 'g')";

    /// <param name="columns">Text columns of one table, in the order in which the blueprint lists them: another order is another expression.</param>
    /// <param name="alias">What the query calls the table; none in an index.</param>
    /// <param name="hasFold">Whether the database holds socle_system.fold.</param>
    public static string For(IEnumerable<string> columns, string? alias = null, bool hasFold = true)
    {
        var prefix = alias is null ? "" : Sql.Identifier(alias) + ".";
        var text = string.Join(" || ' ' || ", columns.Select(column => $"coalesce({prefix}{Sql.Identifier(column)}, '')"));
        return hasFold ? $"socle_system.fold({text})" : $"{FoldBefore}{text}{FoldAfter}";
    }
}
