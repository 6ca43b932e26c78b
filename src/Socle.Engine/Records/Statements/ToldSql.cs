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
        if (told is { Origin: null, Who: null })
            return;
        sql.Add(keyword).Add("(SELECT ");
        if (told.Origin is { } origin)
            sql.Add("set_config('socle.change', ").Parameter(ChangeSettings.Text(origin)).Add(", true)");
        if (told is { Origin: not null, Who: not null })
            sql.Add(" || ");
        if (told.Who is { } who)
            sql.Add("set_config('socle.user_id', ").Parameter(who).Add(", true)");
        sql.Add(") IS NOT NULL");
    }
}
