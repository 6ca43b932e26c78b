using Socle.Formulas;
using Socle.Tests.Postgres.Schema;

namespace Socle.Tests.Postgres.FieldTypes;

/// <summary>Whatever the language takes, PostgreSQL takes for a generated column of the type that was told, and computes for every record.</summary>
public sealed class RandomFormulaTests(TestServer server) : SchemaScenario(server)
{
    private const int Formulas = 400;

    private static readonly Dictionary<string, FormulaInput> Fields = new()
    {
        ["n"] = new("\"n\"::numeric", FormulaType.Number),
        ["m"] = new("\"m\"::numeric", FormulaType.Number),
        ["t"] = new("\"t\"::text", FormulaType.Text),
        ["b"] = new("\"b\"", FormulaType.Boolean),
        ["d"] = new("\"d\"", FormulaType.Date),
        ["z"] = new("\"z\"", FormulaType.Moment),
        ["i"] = new("\"i\"", FormulaType.Duration),
    };

    [Fact]
    public async Task Every_formula_is_a_column()
    {
        await Execute("""
            CREATE TABLE things (n bigint, m numeric(12,4), t text, b boolean, d date, z timestamptz, i interval);
            INSERT INTO things VALUES (NULL, NULL, NULL, NULL, NULL, NULL, NULL), (0, 0, '', false, '2026-02-28', '2026-01-01Z', 'PT0S'), (7, -0.5, E'it''s \\ "x"', true, '1999-12-31', '1970-01-01 12:00Z', '-1 day'), (123456, 99999999.9999, 'é', true, '0044-03-15 BC', '9999-12-31Z', '1 year')
            """);
        for (var seed = 0; seed < Formulas; seed++)
        {
            var random = new Random(seed);
            var type = (FormulaType)random.Next(5);
            var text = Write(random, type, 4);
            var compiled = Formula.Compile(text, name => Fields.GetValueOrDefault(name), Fields.Keys);
            Assert.True(!compiled.IsFault, $"{text}: {(compiled.IsFault ? compiled.Faults[0].Message.English : "")}");
            Assert.Equal(type, compiled.Value.Type);
            var column = type switch
            {
                FormulaType.Number => "numeric",
                FormulaType.Text => "text",
                FormulaType.Boolean => "boolean",
                FormulaType.Date => "date",
                _ => "timestamptz",
            };
            var failure = await Record.ExceptionAsync(() => Execute($"ALTER TABLE things ADD COLUMN f {column} GENERATED ALWAYS AS ({compiled.Value.Sql}) STORED; ALTER TABLE things DROP COLUMN f"));
            Assert.True(failure is null, $"{text}\n{compiled.Value.Sql}\n{failure?.Message}");
            Assert.Equal($"{column switch { "timestamptz" => "timestamp with time zone", _ => column }}", await List($"SELECT pg_typeof({compiled.Value.Sql})::text FROM things LIMIT 1"));
        }
    }

    private static string Write(Random random, FormulaType type, int depth)
    {
        string Of(FormulaType inner) => Write(random, inner, depth - 1);
        string Any(params string[] texts) => texts[random.Next(texts.Length)];
        var isLeaf = depth == 0 || random.Next(5) == 0;
        FormulaType Same() => (FormulaType)random.Next(5);
        if (!isLeaf && random.Next(6) == 0)
            return Any($"if({Of(FormulaType.Boolean)}, {Of(type)}, {Of(type)})", $"coalesce({Of(type)}, {Of(type)})", $"max({Of(type)}, {Of(type)})", $"(min({Of(type)}))");
        switch (type)
        {
            case FormulaType.Number:
                return isLeaf
                    ? Any("n", "m", "12.5", "0", "hours(i)", "length(t)", "year(d)")
                    : Any(
                        $"({Of(type)} {Any("+", "-", "*", "/", "%")} round({Of(type)} % 1000, 2))", $"-{Of(type)}", $"abs({Of(type)})", $"floor({Of(type)})",
                        $"({Of(FormulaType.Date)} - {Of(FormulaType.Date)})", $"day({Of(FormulaType.Moment)})", $"length({Of(FormulaType.Text)})", $"({Of(FormulaType.Moment)} - {Of(FormulaType.Moment)})");
            case FormulaType.Text:
                return isLeaf
                    ? Any("t", "'x'", "'it''s \\ \"'", "''")
                    : Any($"({Of(type)} & {Of(FormulaType.Number)})", $"concat({Of(type)}, {Of(FormulaType.Date)})", $"upper({Of(type)})", $"trim({Of(type)})", $"left({Of(type)}, {Of(FormulaType.Number)})", $"right({Of(type)}, 2)");
            case FormulaType.Boolean:
                if (isLeaf)
                    return Any("b", "true", "(n > 1)");
                var compared = Same();
                return Any($"({Of(compared)} {Any("=", "<>", "<", "<=", ">", ">=", "!=")} {Of(compared)})", $"(not {Of(type)})", $"({Of(type)} and {Of(type)})", $"({Of(type)} or {Of(type)})");
            case FormulaType.Date:
                return isLeaf ? Any("d", "date('2026-12-31')", "date(z)") : Any($"({Of(type)} {Any("+", "-")} {Any("7", "n", "-m")})", $"date({Of(FormulaType.Moment)})");
            default:
                return isLeaf ? "z" : $"({Of(type)} {Any("+", "-")} {Any("0.5", "-3", "m / 1000000000")})";
        }
    }
}
