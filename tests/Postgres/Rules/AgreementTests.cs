using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Npgsql;
using NpgsqlTypes;
using Socle.Blueprints;
using Socle.Catalog;
using Socle.Kernel;
using Socle.Records.Running;
using Socle.Rules;
using Socle.Testing;
using Socle.Tests.Postgres.Policies;

namespace Socle.Tests.Postgres.Rules;

/// <summary>500 rules over 10,000 records: what the browser's evaluator, the server's and the database say is the same.</summary>
public sealed class AgreementTests(TestServer server) : SecuredDatabase(server)
{
    private const int Tables = 25;
    private const int RulesOfEach = 20;
    private const int RecordsOfEach = 400;

    /// <summary>Writes one record after the other as whoever asks, and tells what PostgreSQL makes of each.</summary>
    private const string Writer = """
        CREATE FUNCTION public.try_all(relation regclass, cases json) RETURNS SETOF json LANGUAGE plpgsql AS $$
        DECLARE
            one json;
            told text;
            written json;
        BEGIN
            FOR one IN SELECT json_array_elements(cases) LOOP
                BEGIN
                    IF one ->> 'before' IS NULL THEN
                        EXECUTE format('INSERT INTO %1$s SELECT * FROM json_populate_record(NULL::%1$s, $1) RETURNING row_to_json(%2$s.*)', relation, relation::text) INTO written USING one -> 'record';
                    ELSE
                        EXECUTE format('UPDATE %1$s t SET (%2$s) = (SELECT %2$s FROM json_populate_record(NULL::%1$s, $1)) WHERE t.id = ($1 ->> ''id'')::uuid RETURNING row_to_json(t.*)', relation,
                            (SELECT string_agg(format('%I', a.attname), ', ') FROM pg_attribute a WHERE a.attrelid = relation AND a.attnum > 0)) INTO written USING one -> 'record';
                    END IF;
                    RETURN NEXT json_build_object('written', written);
                EXCEPTION WHEN check_violation THEN
                    GET STACKED DIAGNOSTICS told = PG_EXCEPTION_HINT;
                    RETURN NEXT json_build_object('broken', told::json);
                END;
            END LOOP;
        END $$;
        """;

    private sealed record Case(JsonElement Record, JsonElement? Before);

    [Fact]
    public async Task Five_hundred_rules_say_the_same_of_ten_thousand_records_in_the_browser_the_server_and_the_database()
    {
        var (blueprint, rules) = Invent();
        var applied = await ApplyBlueprint.Apply(Database, blueprint, withSample: false, Cancellation);
        Assert.True(!applied.IsFault, applied.IsFault ? applied.Faults[0].Message.English : "");
        await SecureOnce();
        await Execute(Writer);
        var snapshot = await Snapshot();
        Assert.Equal(Tables * RulesOfEach, snapshot.Tables.Sum(table => table.Rules.Rules.Length));

        var asked = new JsonArray();
        var expected = new List<(string What, string Verdict)>();
        var (refused, changed) = (0, 0);
        foreach (var table in snapshot.Tables)
        {
            var inventor = new RandomRules(table.Name.GetHashCode(StringComparison.Ordinal) == 0 ? 0 : int.Parse(table.Name[1..]) + 1000);
            ImmutableArray<Case> news = [.. Enumerable.Range(0, RecordsOfEach / 2).Select(_ => new Case(Record(table, inventor, null), null))];
            var written = await Check(table, news, expected);
            refused += written.Count(record => record is null);
            ImmutableArray<Case> changes = [.. written.OfType<JsonElement>().Take(RecordsOfEach / 2).Select(stored => new Case(Record(table, inventor, stored), stored))];
            for (var stored = written.OfType<JsonElement>().ToList(); changes.Length < RecordsOfEach / 2 && stored.Count > 0;)
                changes = [.. changes, new Case(Record(table, inventor, null), null)];
            changed += (await Check(table, changes, expected)).Count(record => record is not null);
            asked.Add(Question(table, [.. news, .. changes]));
        }

        TestContext.Current.SendDiagnosticMessage($"refused {refused} changed {changed}");
        Assert.InRange(refused, 500, (Tables * RecordsOfEach) - 500);
        Assert.InRange(changed, 100, Tables * RecordsOfEach);
        Assert.Equal(Tables * RecordsOfEach, expected.Count);
        await CompareWithBrowser(asked, expected);
    }

    private async Task<CatalogSnapshot> Snapshot()
    {
        await using var connection = await Database.OpenConnectionAsync(Cancellation);
        return await CatalogReader.Read(connection, SchemaChoice.Default, 1, Cancellation);
    }

    private static (Blueprint Blueprint, ImmutableArray<Rule> Rules) Invent()
    {
        var bare = BlueprintReader.Read($"blueprint: random\ntables:\n{string.Concat(Enumerable.Range(0, Tables).Select(RandomRules.Blueprint))}", "random.yaml").Value;
        var all = ImmutableArray.CreateBuilder<Rule>();
        var tables = bare.Tables.Select((table, i) =>
        {
            var inventor = new RandomRules(i);
            ImmutableArray<RuleField> fields = [.. table.Fields.Select(field => RuleField.Of(field.Name, field.Type.ColumnType(field.Settings), field.IsRequired, isComputed: false, field.Type.Name == "choice" ? field.Settings.Choices!.Select(choice => choice.Value) : null))];
            ImmutableArray<RuleField> usable = [.. fields.Where(field => field.Name != "id")];
            var rules = new List<Rule>();
            for (var tries = 0; rules.Count < RulesOfEach && tries < 5000; tries++)
            {
                var rule = inventor.Rule($"r{rules.Count}", usable);
                if (!RuleSet.Compile(fields, [.. rules, rule]).IsFault)
                    rules.Add(rule);
            }

            Assert.Equal(RulesOfEach, rules.Count);
            all.AddRange(rules);
            return table with { Rules = [.. rules] };
        }).ToImmutableArray();
        return (bare with { Tables = tables }, all.ToImmutable());
    }

    /// <summary>A new record, or one that changes some fields of a stored one.</summary>
    private static JsonElement Record(TableSnapshot table, RandomRules inventor, JsonElement? stored)
    {
        var record = new JsonObject();
        foreach (var field in table.Fields)
        {
            var value = field.Name == "id" ? JsonSerializer.SerializeToElement(Guid.NewGuid()) : inventor.Value(table.Rules.FindField(field.Name)!);
            var isKept = stored is not null && (field.Name == "id" || !inventor.Once(4));
            record[field.Name] = JsonNode.Parse((isKept ? stored!.Value.GetProperty(field.Name) : value).GetRawText());
        }

        return JsonSerializer.SerializeToElement(record);
    }

    /// <summary>Holds the database's verdict against the server's; gives what was written, or null where it was refused.</summary>
    private async Task<List<JsonElement?>> Check(TableSnapshot table, ImmutableArray<Case> cases, List<(string What, string Verdict)> expected)
    {
        var told = await Write(table, cases);
        Assert.Equal(cases.Length, told.Count);
        var written = new List<JsonElement?>();
        foreach (var (one, answer) in cases.Zip(told))
        {
            var verdict = RecordRules.Judge(table, table.Rules, one.Record, one.Before);
            var what = $"{table.Name}: {one.Record} before {one.Before}\n{string.Join('\n', table.Rules.Rules.Select(rule => RuleJson.Write(rule.Rule)))}";
            var broken = string.Join(' ', verdict.Broken.Select(item => $"[\"{item.Rule}\", \"{BrokenRule.WordOf(item.Effect)}\", \"{item.Field}\"]"));
            Assert.True(broken == (answer.TryGetProperty("broken", out var found) ? string.Join(' ', found.EnumerateArray().Select(item => item.GetRawText())) : ""), $"The database: {answer}\nThe server: {broken}\n{what}");
            expected.Add((what, Verdict(verdict)));
            written.Add(answer.TryGetProperty("written", out var row) ? row : null);
            if (written[^1] is { } stored)
                Assert.All(verdict.Set, set => Assert.True(HasValue(table, stored, set), $"{set} is not in {stored}\n{what}"));
        }

        return written;
    }

    private static bool HasValue(TableSnapshot table, JsonElement stored, FieldValue set)
    {
        var field = table.Rules.FindField(set.Field)!;
        return RuleValue.AreEqual(RuleValue.Read(field, set.Value), RuleValue.Read(field, stored.GetProperty(set.Field)));
    }

    private async Task<List<JsonElement>> Write(TableSnapshot table, ImmutableArray<Case> cases)
    {
        await using var connection = await Database.OpenConnectionAsync(Cancellation);
        await using (var role = new NpgsqlCommand("SET ROLE socle_member", connection))
            await role.ExecuteNonQueryAsync(Cancellation);
        await using var command = new NpgsqlCommand("SELECT x::text FROM public.try_all($1::regclass, $2) x", connection)
        {
            Parameters =
            {
                new() { Value = table.SqlName, NpgsqlDbType = NpgsqlDbType.Unknown },
                new() { Value = JsonSerializer.Serialize(cases.Select(one => new { record = one.Record, before = one.Before })), NpgsqlDbType = NpgsqlDbType.Json },
            },
        };
        var told = new List<JsonElement>();
        await using (var reader = await command.ExecuteReaderAsync(Cancellation))
        {
            while (await reader.ReadAsync(Cancellation))
                told.Add(JsonDocument.Parse(reader.GetString(0)).RootElement);
        }

        await using var reset = new NpgsqlCommand("RESET ROLE", connection);
        await reset.ExecuteNonQueryAsync(Cancellation);
        return told;
    }

    private static JsonObject Question(TableSnapshot table, ImmutableArray<Case> cases) => new()
    {
        ["fields"] = new JsonObject(table.Rules.Fields.Select(field => KeyValuePair.Create(field.Name, (JsonNode?)field.Word))),
        ["rules"] = new JsonArray([.. table.Rules.Rules.Select(rule => JsonNode.Parse(RuleJson.Write(rule.Rule)))]),
        ["cases"] = JsonNode.Parse(JsonSerializer.Serialize(cases.Select(one => new { record = one.Record, before = one.Before }))),
    };

    /// <summary>A verdict as text that no number's notation changes.</summary>
    private static string Verdict(RuleVerdict verdict) => JsonSerializer.Serialize(new
    {
        set = new JsonObject(verdict.Set.Select(set => KeyValuePair.Create(set.Field, (JsonNode?)JsonNode.Parse(set.Value.GetRawText())))),
        hidden = verdict.Hidden,
        readOnly = verdict.ReadOnly,
        required = verdict.Required,
        choices = new JsonObject(verdict.Choices.Select(choices => KeyValuePair.Create(choices.Field, (JsonNode?)new JsonArray([.. choices.Values.Select(value => JsonNode.Parse(value.GetRawText()))])))),
        broken = verdict.Broken.Select(item => new { rule = item.Rule, effect = BrokenRule.WordOf(item.Effect), field = item.Field }),
    });

    private static async Task CompareWithBrowser(JsonArray asked, List<(string What, string Verdict)> expected)
    {
        var node = NodeProject.Beside(typeof(AgreementTests));
        await node.Run("node_modules/typescript/bin/tsc");
        var file = Path.Combine(Path.GetTempPath(), $"socle-rules-{Environment.ProcessId}.json");
        try
        {
            await File.WriteAllTextAsync(file, asked.ToJsonString(), Cancellation);
            var clock = Stopwatch.StartNew();
            var answers = JsonNode.Parse(await node.Run("test/judge.mjs", file))!.AsArray().SelectMany(table => table!.AsArray()).ToList();
            Assert.Equal(expected.Count, answers.Count);
            Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(60));
            // In the order in which the server's verdicts were made: news, then changes, table by table.
            foreach (var ((what, verdict), answer) in expected.Zip(answers))
                Assert.True(JsonNode.DeepEquals(JsonNode.Parse(verdict), answer), $"The server: {verdict}\nThe browser: {answer!.ToJsonString()}\n{what}");
        }
        finally
        {
            File.Delete(file);
        }
    }
}
