using System.Text.RegularExpressions;

namespace Socle.Tests.Server;

/// <summary>What no answer may hold: words of SQL, of PostgreSQL or of the program.</summary>
public static partial class Leaks
{
    /// <summary>The first piece of the server's inside in an error's body, or null.</summary>
    public static string? Find(string body) => Inside().Match(body) is { Success: true } match ? match.Value : null;

    [GeneratedRegex(
        """
        \bSELECT\s|\bINSERT INTO\b|\bDELETE FROM\b|\bRETURNING\b|\bFROM\s+\\?"|syntax error|Npgsql|PostgresException|\sat\ Socle\.|\sat\ System\.|Exception:|relation\ \\"|column\ \\"|operator\ does\ not\ exist
        |pg_catalog|pg_temp|socle_system|invalid\ input\ (syntax|value)|malformed\ (array|range|record)|violates\ |DETAIL:|HINT:|CONTEXT:|SQLSTATE|secret\ words|\b(22P|23P|42P|08P|57P|XX0)\d\d\b|json_to_record|regconfig
        """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 2000)]
    private static partial Regex Inside();
}
