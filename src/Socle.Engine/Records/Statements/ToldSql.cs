using Socle.Kernel;
using Socle.Postgres;

namespace Socle.Records.Statements;

/// <summary>What a statement that is a transaction by itself tells PostgreSQL, without another statement in front of it.</summary>
/// <param name="Origin">The change set, for the history's triggers.</param>
/// <param name="Who">The account that asks, for policies; null where none asks, or where it was told before.</param>
internal readonly record struct ToldSettings(ChangeOrigin? Origin, string? Who);

internal static class ToldSql
{
    /// <summary>
    /// A condition that depends on no row is PostgreSQL's first question, as the One-Time Filter of a Result node on top of the plan: before it
    /// looks for any row, and so before policies and triggers ask. Were it not, policies would find nobody, and show nothing.
    /// </summary>
    public static void Write(SqlText sql, string keyword, ToldSettings told)
    {
        var separator = keyword + "(SELECT ";
        foreach (var (name, value) in new[] { ("socle.change", told.Origin is { } origin ? ChangeSettings.Text(origin) : null), ("socle.user_id", told.Who) })
        {
            if (value is null)
                continue;
            sql.Add(separator).Add($"set_config('{name}', ").Parameter(value).Add(", true)");
            separator = " || ";
        }

        if (separator == " || ")
            sql.Add(") IS NOT NULL");
    }
}
