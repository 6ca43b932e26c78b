using System.Text.Json.Nodes;

namespace Socle.Tests.Server.Schema;

/// <summary>Tables made, changed and dropped while the server runs.</summary>
[Collection(nameof(SchemaServer))]
public sealed class TableTests(SchemaServer server)
{
    [Fact]
    public async Task A_new_table_is_served_when_it_is_answered_and_on_the_other_server_soon_after()
    {
        var name = server.NewName();
        var answer = await server.Expect(201, Call.Post("/api/schema/tables", $$"""
            {
              "name": "{{name}}", "label": { "fr": "Devis", "en": "Quotes" }, "search": ["number"],
              "fields": {
                "number": { "type": "text", "required": true, "unique": true },
                "amount": { "type": "decimal", "precision": 12, "scale": 2, "default": 0 },
                "state": { "type": "choice", "choices": ["draft", { "value": "sent", "fr": "Envoyé", "en": "Sent" }], "default": "draft" },
                "day": { "type": "date", "default": "today" },
                "parent_id": { "type": "reference", "to": "{{name}}", "onDelete": "set_null" }
              },
              "indexes": [["state", "day desc"]]
            }
            """));
        await server.Expect(201, Call.Post($"/api/{name}", """{"number":"D-1","amount":12.5}"""));
        await Until(async () => (await server.Send(Call.Get($"/api/{name}?number=eq.D-1"), server.Other)).Status == 200);

        var table = answer.Data!;
        Assert.Equal(["number"], table["search"]!.AsArray().Select(word => (string)word!));
        Assert.Equal(["id", "number", "amount", "state", "day", "parent_id", "created_at", "updated_at"], table["fields"]!.AsArray().Select(field => (string)field!["name"]!));
        ScenarioServer.Same("""[["state","day desc"]]""", table["indexes"], name);
        ScenarioServer.Same("""{"fr":"Devis","en":"Quotes"}""", table["label"], name);
        ScenarioServer.Same(
            """{"name":"state","type":"choice","id":"state","label":null,"required":false,"unique":false,"default":"draft","index":false,"isImplicit":false,"choices":[{"value":"draft","fr":"draft","en":"draft"},{"value":"sent","fr":"Envoyé","en":"Sent"}]}""",
            await server.Field(name, "state"),
            name);
        Assert.Contains(table["plan"]!["steps"]!.AsArray(), step => (string)step!["words"]! == $"create the table {name} with 8 fields");
        Assert.Equal("uuid", await server.Ask<string>($"SELECT data_type::text FROM information_schema.columns WHERE table_name = '{name}' AND column_name = 'parent_id'"));
    }

    [Fact]
    public async Task Fields_may_come_as_a_list_and_keys_in_snake_case()
    {
        var (first, second) = (await server.NewTable(), server.NewName());
        await server.Expect(201, Call.Post("/api/schema/tables", $$"""{"name":"{{second}}","fields":[{"name":"b","type":"text"},{"name":"a","type":"reference","to":"{{first}}","on_delete":"cascade"}]}"""));
        Assert.Equal(["b", "a"], await server.OwnFields(second));
        Assert.Equal("cascade", (string)(await server.Field(second, "a"))["onDelete"]!);
    }

    [Fact]
    public async Task What_a_table_answers_makes_the_same_table_again()
    {
        var name = await server.NewTable("""{"a":{"type":"choice","choices":["x","y"],"default":"y","index":true},"b":{"type":"tags","default":["p","q \"r\""]},"c":{"type":"json","default":{"k":[1]}},"d":{"type":"email","unique":"ignore_case"},"e":{"type":"date_time","default":"now"},"f":{"type":"boolean","default":false},"g":"long_text","h":{"type":"number","default":-5}}""");
        var told = (await server.Expect(200, Call.Get($"/api/schema/tables/{name}"))).Data!.AsObject();
        var again = server.NewName();
        var fields = new JsonArray([.. told["fields"]!.AsArray().Where(field => !(bool)field!["isImplicit"]!).Select(field => field!.DeepClone())]);
        foreach (var field in fields)
        {
            field!.AsObject().Remove("isImplicit");
            if (field["label"] is null)
                field.AsObject().Remove("label");
        }

        await server.Expect(201, Call.Post("/api/schema/tables", new JsonObject { ["name"] = again, ["fields"] = fields }.ToJsonString()));
        var made = (await server.Expect(200, Call.Get($"/api/schema/tables/{again}"))).Data!;
        Assert.Equal(told["fields"]!.ToJsonString(), made["fields"]!.ToJsonString());
    }

    [Fact]
    public async Task A_renamed_table_is_the_same_table()
    {
        var name = await server.NewTable(more: ""","search":["name"],"indexes":[["name","amount desc"]]""");
        await server.Expect(201, Call.Post($"/api/{name}", """{"name":"kept"}"""));
        var oid = await server.Ask<uint>($"SELECT '{name}'::regclass::oid");
        var to = server.NewName();
        var renamed = await server.Expect(200, Call.Patch($"/api/schema/tables/{name}", $$"""{"name":"{{to}}","label":"Autrement"}"""));
        Assert.Equal(name, (string)renamed.Data!["id"]!);
        Assert.Equal(oid, await server.Ask<uint>($"SELECT '{to}'::regclass::oid"));
        Assert.Equal("kept", (string)(await server.Expect(200, Call.Get($"/api/{to}?q=kept"))).Data![0]!["name"]!);
        await server.Expect(404, Call.Get($"/api/{name}"));
        Assert.Equal(1, await server.Ask<long>($"SELECT count(*) FROM pg_indexes WHERE tablename = '{to}' AND indexname = 'ix_{to}_name_amount'"));
        await server.NewTable();
    }

    [Fact]
    public async Task A_name_that_another_table_had_once_is_free()
    {
        var name = await server.NewTable();
        var to = server.NewName();
        await server.Expect(200, Call.Patch($"/api/schema/tables/{name}", $$"""{"name":"{{to}}"}"""));
        await server.Expect(201, Call.Post("/api/schema/tables", $$"""{"name":"{{name}}","fields":{"other":"text"} }"""));
        Assert.Equal(["name", "amount"], await server.OwnFields(to));
        Assert.Equal(["other"], await server.OwnFields(name));
    }

    [Fact]
    public async Task Fields_are_put_in_another_order_and_history_ends_and_begins()
    {
        var name = await server.NewTable("""{"a":"text","b":"text","c":"text"}""");
        await server.Expect(200, Call.Patch($"/api/schema/tables/{name}", """{"order":["c","a"],"history":false}"""));
        Assert.Equal(["c", "a", "b"], await server.OwnFields(name));
        var table = (await server.Expect(200, Call.Get($"/api/schema/tables/{name}"))).Data!;
        Assert.False((bool)table["history"]!);
        Assert.Equal(["id", "c", "a", "b", "createdAt", "updatedAt"], (await server.Expect(201, Call.Post($"/api/{name}", "{}"))).Data!.AsObject().Select(member => member.Key));
        await server.Expect(200, Call.Patch($"/api/schema/tables/{name}", """{"history":true}"""));
    }

    [Fact]
    public async Task One_request_changes_many_fields()
    {
        var name = await server.NewTable("""{"a":"text","b":"text","c":{"type":"number","index":true}}""", ""","search":["a","b"]""");
        var changed = await server.Expect(200, Call.Patch($"/api/schema/tables/{name}", """{"fields":{"a":{"name":"b2"},"b":{"name":"a"},"c":null,"d":{"type":"boolean","default":true}}}"""));
        Assert.Equal(["b2", "a", "d"], await server.OwnFields(name));
        Assert.Equal(["b2", "a"], changed.Data!["search"]!.AsArray().Select(word => (string)word!));
        // Taken back in one go, too.
        await server.Expect(200, Call.Post("/api/schema/migrations/down", """{"count":1}"""));
        Assert.Equal(["a", "b", "c"], await server.OwnFields(name));
    }

    [Fact]
    public async Task A_junction_has_a_key_of_its_own_and_a_table_may_lose_its_timestamps()
    {
        var (one, two) = (await server.NewTable(), await server.NewTable());
        var name = await server.NewTable($$"""{"one_id":{"type":"reference","to":"{{one}}","onDelete":"cascade"},"two_id":{"type":"reference","to":"{{two}}"},"rank":"number"}""", ""","key":["one_id","two_id"]""");
        var table = (await server.Expect(200, Call.Get($"/api/schema/tables/{name}"))).Data!;
        Assert.Equal(["one_id", "two_id"], table["key"]!.AsArray().Select(word => (string)word!));
        await server.Expect(200, Call.Patch($"/api/schema/tables/{name}", """{"timestamps":false}"""));
        Assert.Equal(["one_id", "two_id", "rank"], (await server.Expect(200, Call.Get($"/api/schema/tables/{name}/fields"))).Data!.AsArray().Select(field => (string)field!["name"]!));
        var refused = await server.Expect(409, Call.Delete($"/api/schema/tables/{name}/fields/one_id"));
        Assert.Contains("key", (string)refused.Error["message"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dropped_table_is_set_aside_and_comes_back_with_its_records()
    {
        var name = await server.NewTable();
        await server.Expect(201, Call.Post($"/api/{name}", """{"name":"kept"}"""));
        var gone = await server.Expect(200, Call.Delete($"/api/schema/tables/{name}"));
        Assert.Equal("moves_aside", (string)gone.Data!["plan"]!["steps"]![0]!["verdict"]!);
        Assert.Equal(1, (int)gone.Data["plan"]!["steps"]![0]!["losses"]!);
        await server.Expect(404, Call.Get($"/api/{name}"));
        await server.Expect(404, Call.Get($"/api/schema/tables/{name}"));
        await server.Expect(200, Call.Post("/api/schema/migrations/down", "{}"));
        Assert.Equal("kept", (string)(await server.Expect(200, Call.Get($"/api/{name}"))).Data![0]!["name"]!);
    }

    [Fact]
    public async Task A_table_that_others_refer_to_stays()
    {
        var name = await server.NewTable();
        var other = await server.NewTable($$"""{"name":"text","t_id":{"type":"reference","to":"{{name}}"} }""");
        var refused = await server.Expect(409, Call.Delete($"/api/schema/tables/{name}"));
        Assert.Equal("still_referenced", (string)refused.Error["code"]!);
        Assert.Contains(other, (string)refused.Error["message"]!, StringComparison.Ordinal);
        await server.Expect(200, Call.Delete($"/api/schema/tables/{other}/fields/tId"));
        await server.Expect(200, Call.Delete($"/api/schema/tables/{name}"));
    }

    [Fact]
    public async Task A_trial_tells_the_plan_and_changes_nothing()
    {
        var name = server.NewName();
        var trial = await server.Expect(200, Call.Post("/api/schema/tables?dry_run=true", $$"""{"name":"{{name}}","fields":{"a":"text"} }""", "Accept-Language: fr"));
        Assert.Equal(["plan"], trial.Data!.AsObject().Select(member => member.Key));
        Assert.StartsWith("créer la table", (string)trial.Data["plan"]!["steps"]![0]!["words"]!, StringComparison.Ordinal);
        await server.Expect(404, Call.Get($"/api/schema/tables/{name}"));
        var made = await server.NewTable();
        await server.Expect(200, Call.Delete($"/api/schema/tables/{made}?dry_run=true"));
        await server.Expect(200, Call.Get($"/api/{made}"));
    }

    [Fact]
    public async Task Nothing_asked_is_nothing_done()
    {
        var name = await server.NewTable();
        var migrations = await server.Ask<long>("SELECT count(*) FROM socle_system.migrations");
        var same = await server.Expect(200, Call.Patch($"/api/schema/tables/{name}", """{"fields":{"name":{"required":true}}}"""));
        Assert.Empty(same.Data!["plan"]!["steps"]!.AsArray());
        Assert.Equal(migrations, await server.Ask<long>("SELECT count(*) FROM socle_system.migrations"));
    }

    private static async Task Until(Func<Task<bool>> holds)
    {
        var start = DateTime.UtcNow;
        while (!await holds())
        {
            Assert.True(DateTime.UtcNow - start < TimeSpan.FromSeconds(5), "It did not come about in five seconds.");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}
