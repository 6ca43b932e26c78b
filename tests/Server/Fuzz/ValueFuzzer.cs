namespace Socle.Tests.Server.Fuzz;

/// <summary>Operators and operands for a column's type, spoilt as often as the noise says.</summary>
internal sealed class ValueFuzzer(Random random, int noise)
{
    private static readonly string[] Comparisons = ["eq", "neq", "gt", "gte", "lt", "lte", "isdistinct", "eq"];

    public string Condition(string type, bool inGroup)
    {
        if (random.Chance(15))
            return random.One(["is.null", "is.not_null", "is.NULL"]);
        var text = type switch
        {
            "text" or "character varying" or "citext" or "character" or "required_text" when random.Chance(60) => Text(inGroup),
            "tsvector" => $"{random.One(["fts", "plfts", "wfts(french)"])}.chat",
            "json" => "is.null",
            "point" or "xml" => "is.null",
            "dimensions" => inGroup ? "neq.\"(1,a)\"" : "neq.(1,a)",
            "boolean" when random.Chance(50) => random.One(["is.true", "is.false", "is.unknown"]),
            "jsonb" when random.Chance(50) => $"{random.One(["cs", "cd"])}.{{\"a\":1}}",
            _ when type.EndsWith("[]", StringComparison.Ordinal) => $"{random.One(["cs", "cd", "ov", "eq"])}.{{}}",
            _ when type.EndsWith("range", StringComparison.Ordinal) => $"{random.One(["cs", "cd", "ov", "sl", "sr", "nxr", "nxl", "adj"])}.{Value(type)}",
            _ => random.Next(5) switch
            {
                0 => $"in.({Value(type, inList: true)},{Value(type, inList: true)})",
                1 => $"{random.One(["eq(any)", "gt(all)", "lte(any)"])}.{{{Value(type, inList: true)}}}",
                _ => $"{random.One(Comparisons)}.{Value(type, inList: inGroup)}",
            },
        };
        return random.Chance(noise) ? text + random.Text() : text;
    }

    private string Text(bool inGroup) => random.Next(6) switch
    {
        0 => $"{random.One(["like", "ilike"])}.*{random.One(["a", "M", "é", "_", "%", "\\\\"])}*",
        1 when inGroup => $"{random.One(["match", "imatch"])}.\"{random.One(["^a", "[a-z]+", "(x|y)$", "."])}\"",
        1 => $"{random.One(["match", "imatch"])}.{random.One(["^a", "[a-z]+", "(x|y)$", "."])}",
        2 => "like(any).{a*,\"b,*\"}",
        3 => $"{random.One(["fts", "plfts(french)", "phfts(simple)", "wfts"])}.chat",
        4 => "in.(a,\"b,c\",\"d\\\"e\")",
        _ => $"eq.{random.One(["x", "Martin", "R1", "open"])}",
    };

    private string Value(string type, bool inList = false)
    {
        var value = type switch
        {
            "smallint" or "integer" or "bigint" or "numeric" or "real" or "double precision" or "positive_amount" or "money" => random.Next(-5, 200).ToString(),
            "uuid" => $"00000000-0000-4000-8000-00000000000{random.Next(1, 9)}",
            "boolean" => random.One(["true", "false"]),
            "date" => $"2024-0{random.Next(1, 9)}-01",
            "time without time zone" => "09:30",
            "time with time zone" => "09:30:00+01",
            "interval" => "1 day",
            "inet" or "cidr" => "10.0.0.0/8",
            "macaddr" => "08:00:2b:01:02:03",
            "bytea" => "\\x00",
            "bit" => "101",
            "client_status" => random.One(["lead", "active", "lost"]),
            "jsonb" => "1",
            "int4range" => "[1,5)",
            "numrange" => "[1.5,2)",
            "int4multirange" => "{[1,5)}",
            _ when type.StartsWith("timestamp", StringComparison.Ordinal) => "2024-01-01T00:00:00",
            _ when type.EndsWith("range", StringComparison.Ordinal) => "[2024-01-01,2024-02-01)",
            _ => "59000",
        };
        return inList && value.Any(c => "(),.:\\ ".Contains(c, StringComparison.Ordinal)) ? $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal)}\"" : value;
    }
}
