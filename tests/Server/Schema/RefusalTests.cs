using System.Text.Json.Nodes;

namespace Socle.Tests.Server.Schema;

/// <summary>What is wrong is told all at once, each fault with its path in the body.</summary>
[Collection(nameof(SchemaServer))]
public sealed class RefusalTests(SchemaServer server)
{
    [Fact]
    public async Task Every_fault_of_a_table_is_told_at_once_with_its_path()
    {
        var answer = await server.Expect(400, Call.Post("/api/schema/tables", """
            {
              "name": "Ma Table", "serch": ["a"], "timestamps": "no", "key": ["zzz"],
              "fields": {
                "a": { "type": "txt" }, "companyName": "text", "c": { "type": "decimal", "scale": 2 }, "d": { "type": "reference" },
                "e": { "type": "choice", "choices": [] }, "f": { "type": "number", "default": "x", "uniqe": true }, "g": null, "id": "text", "xmin": "text",
                "h": { "type": "reference", "to": "clientz" }, "i": { "type": "text", "on_delete": "cascade" }
              },
              "indexes": [["nope desc"]]
            }
            """));
        var faults = Faults(answer);
        Assert.Equal(
            new[]
            {
                "fields.a.type", "fields.c.scale", "fields.companyName", "fields.d", "fields.e.choices", "fields.f.default", "fields.f.uniqe", "fields.g",
                "fields.h.to", "fields.i.on_delete", "fields.xmin", "indexes[0]", "key", "name", "serch", "timestamps",
            },
            faults.Keys.Order(StringComparer.Ordinal));
        Assert.Contains("Did you mean 'text'", faults["fields.a.type"], StringComparison.Ordinal);
        Assert.Contains("'company_name'", faults["fields.companyName"], StringComparison.Ordinal);
        Assert.Contains("Did you mean 'search'", faults["serch"], StringComparison.Ordinal);
        Assert.Contains("'ma_table'", faults["name"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"fields":{"a":"text"}}""", 422, "name")]
    [InlineData("""{"name":5,"fields":{"a":"text"}}""", 400, "name")]
    [InlineData("""{"name":"files","fields":{"a":"text"}}""", 400, "name")]
    [InlineData("""{"name":"keyless","fields":{"a":"text"}}""", 409, "name")]
    [InlineData("""{"name":"high_meters","fields":{"a":"text"}}""", 409, "name")]
    [InlineData("""{"name":"empty_one"}""", 400, "fields")]
    [InlineData("""{"name":"empty_one","fields":{}}""", 400, "fields")]
    [InlineData("""{"name":"empty_one","fields":"text"}""", 400, "fields")]
    [InlineData("""{"name":"empty_one","fields":[{"type":"text"}]}""", 422, "fields[0].name")]
    [InlineData("""{"name":"empty_one","fields":["text"]}""", 422, "fields[0].name")]
    [InlineData("""{"name":"empty_one","fields":[{"name":"a","type":"text"},{"name":"a","type":"text"}]}""", 400, "fields.a")]
    [InlineData("""{"name":"empty_one","fields":{"a":"text"},"sample":[]}""", 400, "sample")]
    [InlineData("""{"name":"empty_one","fields":{"a":"text"},"order":["b"]}""", 400, "order")]
    [InlineData("""{"name":"empty_one","fields":{"a":"text"},"order":"a"}""", 400, "order")]
    [InlineData("""{"name":"empty_one","fields":{"a":{"type":"text","name":"b"}}}""", 400, "fields.a.name")]
    [InlineData("""{"name":"empty_one","fields":{"created_at":"date"}}""", 400, "fields.created_at")]
    [InlineData("""{"name":"empty_one","fields":{"a":{"type":"text","default":"\u0000"}}}""", 400, null)]
    [InlineData("""{"name":"empty_one","fields":{"a":{"type":"text","default":"\ud800"}}}""", 400, null)]
    [InlineData("""{"name":"a","name":"b","fields":{"a":"text"}}""", 400, null)]
    [InlineData("""[]""", 400, null)]
    [InlineData("""{"name":""", 400, null)]
    public async Task A_table_that_cannot_be_is_refused(string body, int status, string? path)
    {
        var answer = await server.Expect(status, Call.Post("/api/schema/tables", body));
        if (path is not null)
            Assert.Contains(path, Faults(answer).Keys);
        await server.Expect(404, Call.Get("/api/schema/tables/empty_one"));
    }

    [Theory]
    [InlineData("""{"name":"name","type":"text"}""", 409, "name")]
    [InlineData("""{"name":"id","type":"text"}""", 409, "name")]
    [InlineData("""{"type":"text"}""", 422, "name")]
    [InlineData("""{"name":"x"}""", 400, "name")]
    [InlineData("""{"name":"x","type":"text","required":"yes"}""", 400, "required")]
    [InlineData("""{"name":"x","type":"reference","to":"nowhere"}""", 400, "to")]
    [InlineData("""{"name":"x y","type":"text"}""", 400, "name")]
    [InlineData("""{"name":"socle_aside_1","type":"text"}""", 400, "name")]
    public async Task A_field_that_cannot_be_is_refused(string body, int status, string path) =>
        Assert.Contains(path, Faults(await server.Expect(status, Call.Post($"/api/schema/tables/{await server.NewTable()}/fields", body))).Keys);

    [Fact]
    public async Task What_is_not_there_is_not_found_with_a_hint()
    {
        var name = await server.NewTable("""{"company_name":"text"}""");
        Assert.Contains("company_name", (string)(await server.Expect(404, Call.Patch($"/api/schema/tables/{name}/fields/compny_name", "{}"))).Error["message"]!, StringComparison.Ordinal);
        await server.Expect(200, Call.Get($"/api/schema/tables/{name}/fields/companyName"));
        await server.Expect(404, Call.Get($"/api/schema/tables/{name}/fields/nothing"));
        await server.Expect(404, Call.Delete($"/api/schema/tables/{name}/fields/nothing"));
        await server.Expect(409, Call.Delete($"/api/schema/tables/{name}/fields/created_at"));
        await server.Expect(404, Call.Patch("/api/schema/tables/nothing", "{}"));
        await server.Expect(404, Call.Delete("/api/schema/tables/nothing"));
        await server.Expect(404, Call.Get("/api/schema/tables/nothing/fields"));
        await server.Expect(400, Call.Patch($"/api/schema/tables/{name}?dry_run=perhaps", "{}"));
        await server.Expect(400, Call.Patch($"/api/schema/tables/{name}?force=true", "{}"));
        await server.Expect(405, Call.Put($"/api/schema/tables/{name}", "{}"));
    }

    [Theory]
    [InlineData("""{"count":0}""", "count")]
    [InlineData("""{"count":"all"}""", "count")]
    [InlineData("""{"allow_loss":1}""", "allow_loss")]
    [InlineData("""{"steps":1}""", "steps")]
    public async Task A_way_down_that_is_not_understood_is_refused(string body, string path)
    {
        Assert.Contains(path, Faults(await server.Expect(400, Call.Post("/api/schema/migrations/down", body))).Keys);
        Assert.Contains(path, Faults(await server.Expect(400, Call.Post("/api/schema/migrations/up", body))).Keys);
    }

    [Fact]
    public async Task A_change_of_what_somebody_else_changed_is_refused()
    {
        var name = await server.NewTable();
        var tag = (await server.Expect(200, Call.Get($"/api/schema/tables/{name}"))).Message.Headers.ETag!.ToString();
        var changed = await server.Expect(200, Call.Patch($"/api/schema/tables/{name}", """{"label":"Un"}""", $"If-Match: {tag}"));
        Assert.Equal("stale_record", (string)(await server.Expect(412, Call.Patch($"/api/schema/tables/{name}", """{"label":"Deux"}""", $"If-Match: {tag}"))).Error["code"]!);
        await server.Expect(412, Call.Delete($"/api/schema/tables/{name}/fields/amount", $"If-Match: {tag}"));
        var now = changed.Message.Headers.ETag!.ToString();
        Assert.Equal(304, (await server.Send(Call.Get($"/api/schema/tables/{name}", $"If-None-Match: {now}", "Accept-Language: fr"))).Status);
        await server.Expect(200, Call.Delete($"/api/schema/tables/{name}", $"If-Match: {now}"));
    }

    [Fact]
    public async Task Of_many_who_make_the_same_field_one_does()
    {
        var name = await server.NewTable();
        var servers = new[] { server.Server, server.Other };
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => server.Send(Call.Post($"/api/schema/tables/{name}/fields", """{"name":"once","type":"text"}"""), servers[i % 2])));
        Assert.Equal([201, 409, 409, 409, 409, 409, 409, 409], answers.Select(answer => answer.Status).Order());
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => server.Expect(201, Call.Post($"/api/schema/tables/{name}/fields", $$"""{"name":"f{{i}}","type":"text"}"""), servers[i % 2])));
        Assert.Equal(11, (await server.OwnFields(name)).Length);
    }

    [Fact]
    public async Task A_table_has_room_for_a_thousand_fields()
    {
        var many = new JsonObject(Enumerable.Range(0, 1000).Select(i => KeyValuePair.Create($"f{i}", (JsonNode?)"number")));
        var name = await server.NewTable(many.ToJsonString());
        Assert.Contains("fields", Faults(await server.Expect(400, Call.Post($"/api/schema/tables/{name}/fields", """{"name":"one_more","type":"text"}"""))).Keys);
        // Others of these tests measure.
        await server.Expect(200, Call.Delete($"/api/schema/tables/{name}"));
        await server.Expect(413, Call.Post("/api/schema/tables", $$"""{"name":"{{new string('x', 1_100_000)}}"}""", "Expect: 100-continue"));
    }

    [Fact]
    public async Task Every_change_stands_in_the_audit()
    {
        var name = await server.NewTable();
        await server.Expect(201, Call.Post($"/api/schema/tables/{name}/fields", """{"name":"x","type":"text"}"""));
        await server.Expect(200, Call.Patch($"/api/schema/tables/{name}/fields/x", """{"required":true}"""));
        await server.Expect(200, Call.Delete($"/api/schema/tables/{name}/fields/x"));
        await server.Expect(200, Call.Delete($"/api/schema/tables/{name}?dry_run=true"));
        await server.Expect(200, Call.Delete($"/api/schema/tables/{name}"));
        await server.Expect(200, Call.Post("/api/schema/migrations/down", ""));
        await using var command = server.Database.CreateCommand($"SELECT event, target FROM socle_system.audit WHERE id > (SELECT max(id) - 1 FROM socle_system.audit WHERE event = 'table.created' AND target = 'table:{name}') ORDER BY id");
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var events = new List<string>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
            events.Add($"{reader.GetString(0)} {reader.GetString(1).Split(':')[0]}");
        Assert.Equal(["table.created table", "field.created field", "field.changed field", "field.dropped field", "table.dropped table", "migration.taken_down migration"], events);
    }

    private static Dictionary<string, string> Faults(Answer answer) =>
        answer.Error["fields"]?.AsObject().ToDictionary(member => member.Key, member => (string)member.Value!) ?? [];
}
