using FsCheck.Fluent;
using Npgsql;
using Socle.Blueprints;
using Socle.Blueprints.Live;
using Socle.Kernel;
using Socle.Schema;

namespace Socle.Tests.Postgres.Schema;

/// <summary>Everything that a blueprint says of tables survives: blueprint → database → blueprint's text → another database.</summary>
public sealed class LiveTablesTests(TestServer server)
{
    [Fact]
    public async Task Any_blueprint_can_be_read_back_from_the_database()
    {
        foreach (var yaml in RandomBlueprint.Yaml.Sample(24, 30))
            await Holds(Read(yaml), yaml);
    }

    [Fact]
    public async Task So_can_those_that_come_with_Socle()
    {
        foreach (var name in BlueprintLibrary.Names)
            await Holds(BlueprintLibrary.Find(name).Value, name);
    }

    [Fact]
    public async Task Odd_words_survive()
    {
        const string yaml = """
            blueprint: odd
            tables:
              odd:
                id: older
                label: "null"
                history: false
                timestamps: false
                fields:
                  a: { type: text, label: { fr: "é: # \"x\"", en: "- yes" }, default: "it's {a}, [b]: \\ \u0085 \U0001F600" }
                  b: { type: choice, choices: ["yes", "1", { value: "a b", fr: "x: y", en: z }], default: "1", id: b_once }
                  c: { type: tags, default: ["p q", 'r "s"', "{t}", "null", "u\\v", ""] }
                  d: { type: json, default: { k: [1, true, null, "x"], l: {} } }
                  e: { type: number, default: -5 }
                  f: { type: decimal, default: 0.10 }
                  g: { type: boolean, default: false, required: true }
                  h: { type: date, default: 2026-12-31 }
                  i: { type: date_time, default: "2026-12-31T10:00:00Z" }
                  j: { type: uuid, default: uuid, unique: true }
                  k: { type: decimal, precision: 9 }
                  l: { type: reference, to: odd, index: false, on_delete: cascade }
                  m: { type: reference, to: users, on_delete: restrict }
                  n: { type: text, default: now }
                search: []
                indexes: [[a, b desc], { fields: [a, e], unique: true }, [h desc], [c]]
              every:
                fields:
                  who: user
                  owner: { type: user, required: true, on_delete: cascade, index: false }
                  number: { type: autonumber, format: "D-{yyyy}-{0000}" }
                  gapless: { type: autonumber, format: "{000}", gapless: true, time_zone: Pacific/Auckland }
                  price: { type: currency, currency: USD, default: 10.5 }
                  exact: { type: currency, precision: 9, scale: 3 }
                  rate: { type: percentage, required: true, default: 20 }
                  stars: { type: rating, max: 10, default: 3 }
                  shade: { type: colour, default: "#ff8800" }
                  length: { type: duration, default: PT1H30M }
                  total: { type: formula, formula: "round(price * (1 + rate / 100), 2)", index: true }
                  title: { type: formula, formula: "upper(number) & ' - it''s'" }
              documents:
                fields:
                  scan: { type: file, required: true, accept: [application/pdf, "image/*"], max_size: 10 MB }
                  more: files
                  few: { type: files, accept: [.png] }
              taken:
                fields:
                  every_id: { type: reference, to: every }
                  note: text
                  stars: { type: lookup, through: every_id, field: stars, label: Étoiles }
                  state: { type: choice, choices: { from: words, value: word, label: shown, where: "kind=eq.state", order: rank } }
                  word_id: { type: reference, to: words, where: "kind=eq.other", index: false }
                  last: text
              words:
                fields: { word: { type: text, required: true }, shown: text, kind: text, rank: number, uses: { type: rollup, through: taken.word_id, function: count, where: "note=eq.x" } }
              nothing_kept: { key: [code], fields: { code: { type: text }, other_id: { type: reference, to: odd } } }
            """;
        await Holds(Read(yaml), yaml);
    }

    private async Task Holds(Blueprint blueprint, string message)
    {
        await using var database = await server.CreateDatabase();
        await Apply(database, blueprint);
        var live = await Keys(database);
        var text = (await EditSchema.Write(database, "again", Language.English, TestContext.Current.CancellationToken)).Value;
        message = $"{message}\nis written as\n{text}";
        var again = Read(text, message);

        // To the same database it changes no table, though it notes whose they, their rules, roles and views are.
        var rest = (await ApplyBlueprint.Plan(database, again, withSample: false, TestContext.Current.CancellationToken)).Value;
        Assert.True(rest.Steps.All(step => step is SetRules || !step.Locked.Any()), rest.Describe(Language.English) + message);

        await using var other = await server.CreateDatabase();
        await Apply(other, again);
        Assert.Equal(live, await Keys(other));
        var wanted = blueprint.Tables.OrderBy(table => table.Name, StringComparer.Ordinal).ToDictionary(table => table.Name, table => TableKeys.Of(table)["fields"]!.AsObject().Select(field => field.Key).ToList());
        Assert.Equal(wanted, again.Tables.ToDictionary(table => table.Name, table => TableKeys.Of(table)["fields"]!.AsObject().Select(field => field.Key).ToList()));
    }

    private static async Task<string> Keys(NpgsqlDataSource database)
    {
        var tables = await LiveTables.List(database, TestContext.Current.CancellationToken);
        Assert.All(tables, table => Assert.True(table.WhyNot is null && table.Gaps.IsEmpty, $"{table.Name}: {table.WhyNot?.English} {string.Join(' ', table.Gaps.Select(gap => $"{gap.Field} {gap.Reason.English}"))}"));
        return string.Join('\n', tables.Select(table => $"{table.Name}: {TableKeys.Of(table.Blueprint!).ToJsonString()}"));
    }

    private static async Task Apply(NpgsqlDataSource database, Blueprint blueprint)
    {
        var done = await ApplyBlueprint.Apply(database, blueprint, withSample: false, TestContext.Current.CancellationToken);
        Assert.True(!done.IsFault, done.IsFault ? string.Join('\n', done.Faults.Select(fault => fault.Message.English)) : "");
    }

    private static Blueprint Read(string yaml, string? message = null)
    {
        var result = BlueprintReader.Read(yaml, "live.yaml");
        Assert.True(!result.IsFault, string.Join('\n', result.Faults.Select(fault => $"{fault.Line}: {fault.Message.English}")) + "\n" + (message ?? yaml));
        return result.Value;
    }
}
