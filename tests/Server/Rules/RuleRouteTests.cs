using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Npgsql;
using Socle.Tests.Server.Accounts;

namespace Socle.Tests.Server.Rules;

/// <summary>Administrators make rules, and the next write goes by them, whoever writes.</summary>
[Collection(nameof(AccountServer))]
public sealed class RuleRouteTests(AccountServer server)
{
    private const string Late = """
        {"id":"late","when":"status=eq.late","require":["late_reason","due_on"],"choices":{"level":["high","top"]},"message":{"fr":"En retard : dites pourquoi.","en":"Late: say why."}}
        """;

    [Fact]
    public async Task A_new_rule_holds_for_the_next_write_and_for_psql()
    {
        var (table, admin) = await Make();
        var made = await admin.Expect(201, Call.Post($"/api/schema/tables/{table}/rules", Late));
        Assert.Equal("""{"status":"text","level":"text","late_reason":"text","due_on":"date"}""", made.Data!["fields"]!.ToJsonString());
        Assert.Equal("refuse", (string)made.Data["existing"]!);

        var refused = await admin.Expect(422, Call.Post($"/api/{table}", """{"status":"late","level":"low"}"""));
        Assert.Equal("rule_violation", (string)refused.Error["code"]!);
        Assert.Equal(["lateReason", "dueOn", "level"], refused.Error["fields"]!.AsObject().Select(field => field.Key));
        var snake = await admin.Expect(422, Call.Post($"/api/{table}", """[{"status":"open"},{"status":"late","due_on":"2026-01-01","level":null},{"status":"late"}]""", "Accept-Language: fr"));
        Assert.Equal(["[1].lateReason", "[2].lateReason", "[2].dueOn"], snake.Error["fields"]!.AsObject().Select(field => field.Key));
        Assert.Contains("En retard : dites pourquoi.", snake.Text, StringComparison.Ordinal);
        Assert.Equal(0L, await server.Ask<long>($"SELECT count(*) FROM {table}"));

        var stored = await admin.Expect(201, Call.Post($"/api/{table}", """{"status":"open"}"""));
        var id = (int)stored.Data!["id"]!;
        var patch = await admin.Expect(422, Call.Patch($"/api/{table}/{id}", """{"status":"late"}"""));
        Assert.Equal(2, patch.Error["fields"]!.AsObject().Count);
        await admin.Expect(200, Call.Patch($"/api/{table}/{id}", """{"status":"late","lateReason":"snow","dueOn":"2026-02-01"}"""));

        var psql = await Assert.ThrowsAsync<PostgresException>(() => server.Run($"SET ROLE socle_admin; INSERT INTO {table} (status) VALUES ('late')"));
        Assert.Equal("23514", psql.SqlState);
        await server.Run("RESET ROLE");
        // The constraint holds whatever becomes of the trigger.
        await server.Run($"ALTER TABLE {table} DISABLE TRIGGER USER");
        psql = await Assert.ThrowsAsync<PostgresException>(() => server.Run($"INSERT INTO {table} (status) VALUES ('late')"));
        Assert.StartsWith($"ck_{table}_rule_late", psql.ConstraintName, StringComparison.Ordinal);
        await server.Run($"ALTER TABLE {table} ENABLE TRIGGER USER");

        await admin.Expect(200, Call.Delete($"/api/schema/tables/{table}/rules/late"));
        await admin.Expect(201, Call.Post($"/api/{table}", """{"status":"late"}"""));
        await admin.Expect(404, Call.Get($"/api/schema/tables/{table}/rules/late"));
        Assert.Equal("rule.removed rule.created", string.Join(' ', (await admin.Expect(200, Call.Get("/api/audit?event=rule."))).Data!.AsArray().Where(entry => ((string)entry!["target"]!).Contains(table, StringComparison.Ordinal)).Select(entry => (string)entry!["event"]!)));
    }

    [Fact]
    public async Task Stored_records_that_break_a_rule_refuse_it_with_the_first_ten_or_stay_until_they_are_written()
    {
        var (table, admin) = await Make();
        await server.Run($"INSERT INTO {table} (status) SELECT 'late' FROM generate_series(1, 12)");
        var refused = await admin.Expect(409, Call.Post($"/api/schema/tables/{table}/rules", """{"id":"late","when":"status=eq.late","require":["due_on"]}"""));
        Assert.Contains("12 stored records break the rule 'late' in 'due_on', with the ids (the first ten) 1, 2, 3, 4, 5, 6, 7, 8, 9, 10.", refused.Text.Replace("\\u0027", "'", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Empty((await admin.Expect(200, Call.Get($"/api/schema/tables/{table}/rules"))).Data!.AsArray());

        await admin.Expect(201, Call.Post($"/api/schema/tables/{table}/rules", """{"id":"late","when":"status=eq.late","require":["due_on"],"existing":"keep"}"""));
        await admin.Expect(422, Call.Post($"/api/{table}", """{"status":"late"}"""));
        await admin.Expect(422, Call.Patch($"/api/{table}/1", """{"level":"high"}"""));
        await admin.Expect(200, Call.Patch($"/api/{table}/1", """{"dueOn":"2026-01-01"}"""));
    }

    [Fact]
    public async Task The_database_sets_what_a_rule_sets_and_keeps_what_is_read_only()
    {
        var (table, admin) = await Make();
        await admin.Expect(201, Call.Post($"/api/schema/tables/{table}/rules", """{"id":"top","when":"status=eq.late","set":{"level":"top"}}"""));
        await admin.Expect(201, Call.Post($"/api/schema/tables/{table}/rules", """{"id":"closed","when":"level=eq.top","read_only":["status"],"show":["late_reason"]}"""));
        var made = await admin.Expect(201, Call.Post($"/api/{table}", """{"status":"late","level":"low"}"""));
        Assert.Equal("top", (string)made.Data!["level"]!);
        var refused = await admin.Expect(422, Call.Patch($"/api/{table}/{made.Data["id"]}", """{"status":"open"}"""));
        Assert.Equal(["status"], refused.Error["fields"]!.AsObject().Select(field => field.Key));
        await admin.Expect(200, Call.Patch($"/api/{table}/{made.Data["id"]}", """{"status":"late","level":"low","lateReason":"x"}"""));

        var verdict = (await admin.Expect(200, Call.Post($"/api/schema/tables/{table}/rules/check", $$"""{"record":{"status":"open","lateReason":null},"id":{{made.Data["id"]}}}"""))).Data!;
        Assert.Equal("""{"valid":false,"set":{},"hidden":[],"readOnly":["status"],"required":[],"choices":{},"broken":[{"rule":"closed","effect":"read_only","field":"status","message":"'status' cannot be changed any more."}]}""", verdict.ToJsonString().Replace("\\u0027", "'", StringComparison.Ordinal));
        var fresh = (await admin.Expect(200, Call.Post($"/api/schema/tables/{table}/rules/check", """{"record":{"status":"late"}}"""))).Data!;
        Assert.Equal("""{"valid":true,"set":{"level":"top"},"hidden":[],"readOnly":[],"required":[],"choices":{},"broken":[]}""", fresh.ToJsonString());
        Assert.Equal("lateReason", (string)(await admin.Expect(200, Call.Post($"/api/schema/tables/{table}/rules/check", """{"record":{"status":"open"}}"""))).Data!["hidden"]![0]!);
        await admin.Expect(404, Call.Post($"/api/schema/tables/{table}/rules/check", """{"record":{},"id":"4242"}"""));
        await admin.Expect(400, Call.Post($"/api/schema/tables/{table}/rules/check", """{"record":{"stat":1,"dueOn":"soon"},"x":1}"""));
    }

    [Fact]
    public async Task Rows_of_a_file_that_break_rules_are_named_and_the_others_go_in()
    {
        var (table, admin) = await Make();
        await admin.Expect(201, Call.Post($"/api/schema/tables/{table}/rules", Late));
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/{table}/import") { Content = new StringContent("status;level;late_reason;due_on\nopen;;;\nlate;low;;\nlate;high;snow;01/02/2026\nlate;high;snow;\n", Encoding.UTF8) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("text/csv");
        request.Headers.Authorization = new("Bearer", server.Admin);
        var answer = JsonNode.Parse(await (await admin.Send(request)).Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["data"]!;
        Assert.Equal((2, 2), ((int)answer["created"]!, (int)answer["rejected"]!));
        Assert.Equal(["3 rule_violation lateReason", "5 rule_violation dueOn"], answer["rejections"]!.AsArray().Select(item => $"{item!["line"]} {item["code"]} {item["field"]}"));
    }

    [Theory]
    [InlineData("""{"when":"status=eq.late","require":["due_on"]}""", 400, "needs an id")]
    [InlineData("""{"id":"a","when":"status=eq.late"}""", 400, "has no effect")]
    [InlineData("""{"id":"a","when":"statu=eq.late","require":["due_on"]}""", 400, "Did you mean 'status'?")]
    [InlineData("""{"id":"a","require":["due"]}""", 400, "which is no field")]
    [InlineData("""{"id":"a","when":"status=match.^l","require":["due_on"]}""", 400, "must judge alike")]
    [InlineData("""{"id":"a","when":"status=fts.late","require":["due_on"]}""", 400, "must judge alike")]
    [InlineData("""{"id":"a","when":"owner=eq.{user.id}","require":["due_on"]}""", 400, "compared with who asks")]
    [InlineData("""{"id":"a","when":"due_on=eq.soon","require":["level"]}""", 400, "a date such as 2026-12-31")]
    [InlineData("""{"id":"a","when":"status=eq","require":["level"]}""", 400, "status")]
    [InlineData("""{"id":"a","requir":["due_on"]}""", 400, "Did you mean 'require'?")]
    [InlineData("""{"id":"a","set":{"due_on":"soon"}}""", 400, "no value of 'due_on'")]
    [InlineData("""{"id":"a","choices":{"level":[]}}""", 400, "at least one value")]
    [InlineData("""{"id":"a","require":["level"],"hide":["level"]}""", 409, "'a' contradicts itself")]
    [InlineData("""{"id":"a","when":"status=eq.x","set":{"status":"y"}}""", 409, "its own condition")]
    [InlineData("""[1]""", 400, "JSON object")]
    public async Task A_rule_that_makes_no_sense_is_refused_with_the_reason(string rule, int status, string reason)
    {
        var (table, admin) = await Make("rule_refusals");
        var refused = await admin.Expect(status, Call.Post($"/api/schema/tables/{table}/rules", rule));
        Assert.Contains(reason, JsonNode.Parse(refused.Text)!["error"]!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_may_read_a_table_reads_its_rules_but_not_those_about_fields_that_they_do_not_see()
    {
        var (table, admin) = await Make();
        await admin.Expect(201, Call.Post($"/api/schema/tables/{table}/rules", """{"id":"open","when":"level=eq.x","require":["due_on"]}"""));
        await admin.Expect(201, Call.Post($"/api/schema/tables/{table}/rules", """{"id":"secret","when":"status=eq.late","require":["due_on"]}"""));
        var role = $"r{Guid.NewGuid():N}"[..20];
        await admin.Expect(201, Call.Post("/api/roles", $$"""{"name":"{{role}}"}"""));
        await admin.Expect(201, Call.Post("/api/policies", $$"""{"role":"{{role}}","table":"{{table}}","action":"read","fields":["level","due_on"]}"""));
        await admin.Expect(201, Call.Post("/api/policies", $$"""{"role":"{{role}}","table":"{{table}}","action":"create"}"""));
        var (_, email) = await server.NewUser(role);
        var reader = new Visitor(server.Server.Address, $"Authorization: Bearer {await server.SignIn(email)}");

        Assert.Equal("open", (string)Assert.Single((await reader.Expect(200, Call.Get($"/api/schema/tables/{table}/rules"))).Data!.AsArray())!["id"]!);
        await reader.Expect(404, Call.Get($"/api/schema/tables/{table}/rules/secret"));
        await reader.Expect(403, Call.Post($"/api/schema/tables/{table}/rules", Late));
        await reader.Expect(403, Call.Delete($"/api/schema/tables/{table}/rules/open"));
        await reader.Expect(422, Call.Post($"/api/{table}", """{"level":"x"}"""));
        Assert.Equal("due_on", (string)(await reader.Expect(200, Call.Post($"/api/schema/tables/{table}/rules/check", """{"record":{"level":"x","due_on":null}}"""))).Data!["required"]![0]!);
        var hidden = await reader.Send(Call.Post($"/api/{table}", """{"level":"y","status":"late"}"""));
        Assert.True(hidden.Status is 400 or 422, hidden.Text);
        Assert.DoesNotContain("secret", hidden.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rule_is_changed_part_by_part_and_follows_a_renamed_field()
    {
        var (table, admin) = await Make();
        await admin.Expect(201, Call.Post($"/api/schema/tables/{table}/rules", Late));
        await admin.Expect(200, Call.Patch($"/api/schema/tables/{table}/rules/late", """{"choices":null,"when":"status=in.(late,lost)"}"""));
        await admin.Expect(422, Call.Post($"/api/{table}", """{"status":"lost"}"""));
        await server.Run($"ALTER TABLE {table} RENAME COLUMN status TO state");
        await AccountServer.Until(async () => (await admin.Send(Call.Post($"/api/{table}", """{"state":"lost"}"""))).Status == 422);
        var rule = (await admin.Expect(200, Call.Get($"/api/schema/tables/{table}/rules/late"))).Data!;
        Assert.Equal("state=in.(late,lost)", (string)rule["when"]!);
        Assert.Null(rule["choices"]);
        await admin.Expect(201, Call.Post($"/api/{table}", """{"state":"late","lateReason":"x","dueOn":"2026-01-01"}"""));
    }

    [Fact]
    public async Task Fields_that_are_changed_by_hand_keep_their_rules_and_stay_while_a_rule_uses_them()
    {
        var admin = server.AdminAt();
        var table = $"rules_{Guid.NewGuid():N}"[..24];
        await admin.Expect(201, Call.Post("/api/schema/tables", $$$"""{"name":"{{{table}}}","fields":{"status":"text","reason":"text","total":"number","other":"text"}}"""));
        await admin.Expect(201, Call.Post($"/api/schema/tables/{table}/rules", """{"id":"late","when":"status=eq.late&total=gt.1","require":["reason"]}"""));
        await admin.Expect(200, Call.Patch($"/api/schema/tables/{table}/fields/status", """{"name":"state"}"""));
        Assert.Equal("state=eq.late&total=gt.1", (string)(await admin.Expect(200, Call.Get($"/api/schema/tables/{table}/rules/late"))).Data!["when"]!);
        await admin.Expect(422, Call.Post($"/api/{table}", """{"state":"late","total":2}"""));
        await admin.Expect(200, Call.Patch($"/api/schema/tables/{table}/fields/total", """{"type":"decimal"}"""));
        await admin.Expect(422, Call.Post($"/api/{table}", """{"state":"late","total":1.5}"""));
        await admin.Expect(200, Call.Delete($"/api/schema/tables/{table}/fields/other"));
        Assert.Contains("'late.require' speaks of 'reason'", (await admin.Expect(400, Call.Delete($"/api/schema/tables/{table}/fields/reason"))).Error.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }), StringComparison.Ordinal);
        Assert.Contains("id: late", (await admin.Expect(200, Call.Get("/api/schema/blueprint"))).Text, StringComparison.Ordinal);
        await admin.Expect(200, Call.Patch($"/api/schema/tables/{table}", $$"""{"name":"{{table}}_2"}"""));
        await admin.Expect(422, Call.Post($"/api/{table}_2", """{"state":"late","total":1.5}"""));
        await admin.Expect(200, Call.Delete($"/api/schema/tables/{table}_2"));
    }

    /// <summary>A table of the test's own, served already.</summary>
    private async Task<(string Table, Visitor Admin)> Make(string? name = null)
    {
        var table = name ?? $"rules_{Guid.NewGuid():N}"[..24];
        await server.Run($"CREATE TABLE IF NOT EXISTS {table} (id integer GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, status text, level text, late_reason text, due_on date, owner uuid)");
        var admin = server.AdminAt();
        await AccountServer.Until(async () => (await admin.Send(Call.Get($"/api/{table}?limit=0"))).Status == 200);
        return (table, admin);
    }
}
