namespace Socle.Tests.Server.Fuzz;

/// <summary>Text that has broken servers before, and choices among it.</summary>
internal static class Garbage
{
    private static readonly string[] Texts =
    [
        "", " ", "NULL", "null", "'", "''", "\"", "\\", "\\\\", "'; DROP TABLE guarded; --", "1); DELETE FROM guarded; --", "\" OR 1=1 --", "$1", "$$", "${x}", "{{7*7}}", "%", "%%", "_", "*", "**",
        "1e400", "-1e400", "1e-400", "9223372036854775808", "-9223372036854775809", "99999999999999999999999999999999999999", "-0", "+1", "0x10", "1_000", "1,5", "١٢٣", "NaN", "Infinity", "-Infinity", "infinity",
        "{", "}", "{}", "{{", "{a,b", "{a,\"b", "{null}", "{{1,2},{3}}", "{\"a\":", "{\"a\":1}", "[", "]", "[]", "[1,2)", "(1,2]", "[5,1)", "empty", "(,)", "(", ")", "()", "(a,b)", "(a", "a)", "(((((((((", "))))",
        "2024-02-30", "2024-01-01", "2024-01-01T00:00:00Z", "2024-01-01T00:00:00+99:00", "0000-00-00", "-4713-01-01", "294277-01-01", "now", "today", "epoch", "allballs", "24:00", "99:99", "1 day ago", "P1Y",
        "true", "TRUE", "t", "yes", "maybe", "unknown", "not_null", "00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-00000000dead", "{00000000-0000-4000-8000-000000000001}", "192.168.1.1", "::1",
        "é", "日本語", "😀", "\u202e", "\u0001", "\uffff", "\ufeff", "\u0000", "a\u0000b", "\ud800", "İ", "ß", "ﬀ", "\u2028", "\r\n", "\t", "a\nb", "../../etc/passwd", "<script>alert(1)</script>", "select", "order", "or", "and", "not", "count()",
        "a.b.c", ".", "..", "...", "a->b", "->", "->>", "a->>b->c", "a::int", "::", "a:b", ":", "a!b", "!", "!!", "a(b)", "eq.1", "not.eq.1", "in.(1,2)", "or(a.eq.1)", "pg_sleep(5)", "t0", "t0.*", "e1.r", "?inserted", "x", "w", "j1",
    ];

    public static T One<T>(this Random random, IReadOnlyList<T> of) => of[random.Next(of.Count)];

    public static bool Chance(this Random random, int percent) => random.Next(100) < percent;

    public static string Text(this Random random) => random.Next(12) switch
    {
        0 => new string(random.One(Texts) is { Length: > 0 } text ? text[0] : 'x', random.Next(1, 3000)),
        1 => random.One(Texts) + random.One(Texts),
        2 => Characters(random),
        _ => random.One(Texts),
    };

    /// <summary>Any characters, more often those that mean something.</summary>
    private static string Characters(Random random)
    {
        const string signs = "\"'\\(){}[],.:;!*%&=+-><#?/ \t$@|~^`é😀";
        var text = new char[random.Next(1, 30)];
        for (var i = 0; i < text.Length; i++)
            text[i] = random.Chance(60) ? signs[random.Next(signs.Length)] : (char)random.Next(1, 0x3000);
        return new string(text);
    }
}
