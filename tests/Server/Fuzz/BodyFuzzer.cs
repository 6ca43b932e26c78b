using System.Text;

namespace Socle.Tests.Server.Fuzz;

/// <summary>Bodies for the sandbox: right, almost right, and nothing like JSON.</summary>
internal sealed class BodyFuzzer(QueryFuzzer names, Random random, int noise)
{
    public byte[] Body(FuzzTable table, bool isMany)
    {
        var text = (random.Chance(noise) ? random.Next(3) : random.Next(3, 8)) switch
        {
            0 => random.Text(),
            1 => new string('[', random.Next(1, 200)) + new string(']', random.Next(1, 200)),
            2 => $"{{{Member(table)},{Member(table)},{Member(table)}",
            3 when isMany || noise > 0 => $"[{string.Join(',', Enumerable.Range(0, random.Next(6)).Select(_ => Record(table)))}]",
            _ => Record(table),
        };
        // Half characters become what UTF-8 does not allow.
        var bytes = Encoding.GetEncoding("utf-8", new EncoderReplacementFallback("?"), DecoderFallback.ReplacementFallback).GetBytes(text);
        return (random.Chance(noise) ? random.Next(6) : 9) switch
        {
            0 => Mutate(bytes),
            1 => [.. bytes, 0xff, 0xfe],
            2 => [0xef, 0xbb, 0xbf, .. bytes],
            3 => Encoding.Unicode.GetBytes(text),
            _ => bytes,
        };
    }

    public byte[] Mutate(byte[] bytes)
    {
        if (bytes.Length == 0)
            return [(byte)random.Next(256)];
        var mutated = bytes.ToArray();
        for (var i = random.Next(1, 4); i > 0; i--)
            mutated[random.Next(mutated.Length)] = (byte)random.Next(256);
        return random.Chance(30) ? mutated[..random.Next(mutated.Length)] : mutated;
    }

    private string Record(FuzzTable table)
    {
        var members = Enumerable.Range(0, random.Next(5)).Select(_ => Member(table));
        return $"{{{string.Join(',', noise > 0 ? members : members.DistinctBy(member => member.Split(':')[0]))}}}";
    }

    private string Member(FuzzTable table)
    {
        var column = random.One(noise > 0 ? table.Columns : [.. table.Columns.Where(candidate => candidate.Name is not ("doubled" or "created_at" or "updated_at"))]);
        var key = random.Chance(noise) ? names.Name(table) : column.Name;
        return $"{Quote(key)}:{(random.Chance(noise) ? Any(0) : Fitting(column))}";
    }

    private string Fitting(FuzzColumn column) => column.Type switch
    {
        "uuid" => Quote(Guid.NewGuid().ToString()),
        "smallint" or "integer" => random.Next(-30_000, 30_000).ToString(),
        "numeric" => (random.Next(-50_000, 50_000) / 7.0).ToString("R"),
        "text[]" => $"[{string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => Quote(Fine())))}]",
        "json" or "jsonb" => noise > 0 ? Any(0) : $"{{\"a\":[{random.Next()},null,\"é\"]}}",
        "date" => Quote($"20{random.Next(100):D2}-{random.Next(1, 13):D2}-{random.Next(1, 29):D2}"),
        "timestamp with time zone" => Quote($"20{random.Next(100):D2}-01-01T{random.Next(24):D2}:00:00{random.One(["Z", "", "+01:00"])}"),
        "client_status" => random.One(["\"lead\"", "\"active\""]),
        _ => Quote(Fine()),
    };

    /// <summary>Text that PostgreSQL can hold.</summary>
    private string Fine() => string.Concat(random.Text().Where(c => c != 0 && !char.IsSurrogate(c)));

    private string Any(int depth) => random.Next(12) switch
    {
        0 => "null",
        1 => "true",
        2 => random.One(["0", "-0", "1e400", "1E+2", "-1.5e-300", "123456789012345678901234567890", "1e200000", "0.1", "01", ".5", "NaN"]),
        3 when depth < 5 => $"[{string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => Any(depth + 1)))}]",
        4 when depth < 5 => $"{{{string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => $"{Quote(random.Text())}:{Any(depth + 1)}"))}}}",
        5 => string.Concat(Enumerable.Repeat("{\"a\":", 70)) + "1" + new string('}', 70),
        6 => random.One(["\"\\ud800\"", "\"\\udc00x\"", "\"\\u0000\"", "\"\\ud83d\\ude00\"", "\"\\x\"", "\"\\u12\"", "\"unfinished"]),
        _ => Quote(random.Text()),
    };

    /// <summary>A JSON string, even of text that .NET's own writer would refuse.</summary>
    private static string Quote(string text) =>
        $"\"{string.Concat(text.Select(c => c is '"' or '\\' ? $"\\{c}" : c < ' ' || char.IsSurrogate(c) ? $"\\u{(int)c:x4}" : c.ToString()))}\"";
}
