namespace Socle.Tests.Server.Policies;

/// <summary>What one role may read of one table: the filter as a policy has it, and the same as SQL that was written by hand.</summary>
/// <param name="Filter">Null for every record.</param>
/// <param name="Sql">Over the alias <c>{0}</c>, with <c>{1}</c> for the user's id and <c>{{clients:alias}}</c>-like marks for what the role sees of a related table.</param>
/// <param name="Needs">The related tables that the role must be let read for the filter to hold at all.</param>
public sealed record ReadRule(string? Filter, string Sql, params string[] Needs);

/// <summary>Firms, their jobs, the notes on those: who sees which of them is drawn by lot.</summary>
public static class FirmRules
{
    public const string Schema = """
        CREATE TABLE firms (id int PRIMARY KEY, owner uuid, region text, size int, touched int DEFAULT 0);
        CREATE TABLE jobs (id int PRIMARY KEY, firm_id int REFERENCES firms, assignee uuid, status text, price numeric, touched int DEFAULT 0);
        CREATE TABLE notes (id int PRIMARY KEY, job_id int REFERENCES jobs, author uuid, body text, touched int DEFAULT 0);
        """;

    public static IReadOnlyList<string> Tables { get; } = ["firms", "jobs", "notes"];

    private static readonly Dictionary<string, ReadRule[]> Rules = new()
    {
        ["firms"] =
        [
            new(null, "true"),
            new("owner=eq.{user.id}", "{0}.owner = '{1}'"),
            new("region=in.(nord,sud)", "{0}.region IN ('nord', 'sud')"),
            new("or=(owner.eq.{user.id},size.gt.7)", "({0}.owner = '{1}' OR {0}.size > 7)"),
            new("not.and=(region.eq.nord,size.lt.5)", "NOT ({0}.region = 'nord' AND {0}.size < 5)"),
            new("region=like.*st&owner=not.is.null", "({0}.region LIKE '%st' AND {0}.owner IS NOT NULL)"),
        ],
        ["jobs"] =
        [
            new(null, "true"),
            new("assignee=eq.{user.id}", "{0}.assignee = '{1}'"),
            new("status=neq.closed", "{0}.status <> 'closed'"),
            new("firms.owner=eq.{user.id}", "EXISTS (SELECT FROM firms f WHERE f.id = {0}.firm_id AND f.owner = '{1}' AND [firms:f])", "firms"),
            new("firms.region=eq.nord&price=lt.50", "(EXISTS (SELECT FROM firms f WHERE f.id = {0}.firm_id AND f.region = 'nord' AND [firms:f]) AND {0}.price < 50)", "firms"),
            new("or=(assignee.eq.{user.id},firms.size.gt.8)", "({0}.assignee = '{1}' OR EXISTS (SELECT FROM firms f WHERE f.id = {0}.firm_id AND f.size > 8 AND [firms:f]))", "firms"),
        ],
        ["notes"] =
        [
            new(null, "true"),
            new("author=eq.{user.id}", "{0}.author = '{1}'"),
            new("jobs.status=eq.open", "EXISTS (SELECT FROM jobs j WHERE j.id = {0}.job_id AND j.status = 'open' AND [jobs:j])", "jobs"),
            new("jobs.firms.region=eq.sud", "EXISTS (SELECT FROM jobs j JOIN firms g ON g.id = j.firm_id WHERE j.id = {0}.job_id AND g.region = 'sud' AND [jobs:j] AND [firms:g])", "jobs", "firms"),
            new("body=ilike.*urgent*", "{0}.body ILIKE '%urgent%'"),
        ],
    };

    /// <summary>A rule for each table, or none: then the role sees nothing of it.</summary>
    public static Dictionary<string, ReadRule?> Draw(Random random) =>
        Tables.ToDictionary(table => table, table => random.Next(6) == 0 ? null : Rules[table][random.Next(Rules[table].Length)]);

    /// <summary>The rows of <paramref name="alias"/> that the user sees, as SQL that knows nothing of policies.</summary>
    public static string Seen(IReadOnlyDictionary<string, ReadRule?> rules, string table, string alias, Guid user)
    {
        if (rules[table] is not { } rule || rule.Needs.Any(needed => rules[needed] is null))
            return "false";
        var sql = rule.Sql.Replace("{0}", alias, StringComparison.Ordinal).Replace("{1}", $"{user}", StringComparison.Ordinal);
        foreach (var (related, other) in new[] { ("firms", "f"), ("firms", "g"), ("jobs", "j") })
        {
            var mark = $"[{related}:{other}]";
            if (sql.Contains(mark, StringComparison.Ordinal))
                sql = sql.Replace(mark, Seen(rules, related, other, user), StringComparison.Ordinal);
        }

        return sql;
    }
}
