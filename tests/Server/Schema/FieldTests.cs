namespace Socle.Tests.Server.Schema;

/// <summary>Fields added, changed and dropped while the server runs, with the values that stand in them.</summary>
[Collection(nameof(SchemaServer))]
public sealed class FieldTests(SchemaServer server)
{
    [Fact]
    public async Task A_new_field_is_served_when_it_is_answered()
    {
        var name = await server.NewTable();
        var made = await server.Expect(201, Call.Post($"/api/schema/tables/{name}/fields", """{"name":"paid_on","type":"date","label":{"fr":"Payé le","en":"Paid on"},"index":true}"""));
        Assert.Equal("paid_on", (string)made.Data!["name"]!);
        Assert.True((bool)made.Data["index"]!);
        var record = await server.Expect(201, Call.Post($"/api/{name}", """{"name":"a","paidOn":"2026-12-31"}"""));
        Assert.Equal("2026-12-31", (string)record.Data!["paidOn"]!);
        Assert.Equal(["name", "amount", "paid_on"], await server.OwnFields(name));
    }

    [Fact]
    public async Task A_renamed_field_keeps_its_values_its_index_and_its_identity()
    {
        var name = await server.NewTable("""{"first":{"type":"text","unique":true,"label":"Premier"},"b":"text"}""", ""","search":["first"]""");
        await server.Expect(201, Call.Post($"/api/{name}", """{"first":"kept"}"""));
        var renamed = await server.Expect(200, Call.Patch($"/api/schema/tables/{name}/fields/first", """{"name":"second"}"""));
        Assert.Equal("first", (string)renamed.Data!["id"]!);
        Assert.Equal("second", (string)renamed.Data["name"]!);
        Assert.True((bool)renamed.Data["unique"]!);
        Assert.Equal("kept", (string)(await server.Expect(200, Call.Get($"/api/{name}?q=kept"))).Data![0]!["second"]!);
        Assert.Equal(["second", "b"], await server.OwnFields(name));
        await server.Expect(409, Call.Post($"/api/{name}", """{"second":"kept"}"""));
        // A field that is called as another was once is another.
        await server.Expect(201, Call.Post($"/api/schema/tables/{name}/fields", """{"name":"first","type":"number"}"""));
        Assert.Equal("kept", (string)(await server.Expect(200, Call.Get($"/api/{name}"))).Data![0]!["second"]!);
    }

    [Fact]
    public async Task A_type_that_loses_values_needs_a_word_and_can_be_taken_back()
    {
        var name = await server.NewTable("""{"code":"text","b":"text"}""");
        await server.Expect(201, Call.Post($"/api/{name}", """[{"code":"12"},{"code":"douze"}]"""));
        var refused = await server.Expect(409, Call.Patch($"/api/schema/tables/{name}/fields/code", """{"type":"number"}"""));
        Assert.Contains("1 value would be lost", (string)refused.Error["message"]!, StringComparison.Ordinal);
        Assert.Equal("text", (string)(await server.Field(name, "code"))["type"]!);
        var trial = await server.Expect(200, Call.Patch($"/api/schema/tables/{name}/fields/code?dry_run=true", """{"type":"number"}"""));
        Assert.True((bool)trial.Data!["plan"]!["losesValues"]!);
        await server.Expect(200, Call.Patch($"/api/schema/tables/{name}/fields/code?allow_loss=true", """{"type":"number"}"""));
        Assert.Equal(1, await server.Ask<long>($"SELECT count(*) FROM {name} WHERE code = 12"));
        await server.Expect(200, Call.Post("/api/schema/migrations/down", ""));
        Assert.Equal(1, await server.Ask<long>($"SELECT count(*) FROM {name} WHERE code = 'douze'"));
    }

    [Fact]
    public async Task What_only_the_old_type_knew_goes_with_it()
    {
        var name = await server.NewTable("""{"state":{"type":"choice","choices":["a","b"],"required":true,"default":"a"},"amount":{"type":"decimal","precision":12,"scale":2}}""");
        await server.Expect(200, Call.Patch($"/api/schema/tables/{name}/fields/state", """{"type":"text"}"""));
        await server.Expect(200, Call.Patch($"/api/schema/tables/{name}/fields/amount", """{"type":"decimal","precision":14}"""));
        await server.Expect(201, Call.Post($"/api/{name}", """{"state":"anything","amount":123456789012.34}"""));
        var state = await server.Field(name, "state");
        Assert.True((bool)state["required"]!);
        Assert.Null(state["choices"]);
        var amount = await server.Field(name, "amount");
        Assert.Equal((14, 2), ((int)amount["precision"]!, (int)amount["scale"]!));
    }

    [Fact]
    public async Task A_key_is_taken_away_with_null()
    {
        var name = await server.NewTable("""{"a":{"type":"text","label":"A","default":"x","unique":true,"index":true,"required":true},"b":"text"}""");
        var changed = await server.Expect(200, Call.Patch($"/api/schema/tables/{name}/fields/a", """{"label":null,"default":null,"unique":null,"index":null,"required":false}"""));
        ScenarioServer.Same("""{"name":"a","type":"text","id":"a","label":null,"required":false,"unique":false,"default":null,"index":false,"isImplicit":false}""", WithoutPlan(changed), name);
    }

    [Fact]
    public async Task Rows_that_stand_in_the_way_are_counted()
    {
        var name = await server.NewTable("""{"a":"text","b":"text"}""");
        await server.Expect(201, Call.Post($"/api/{name}", """[{"a":"x"},{"a":"x"},{"b":"y"}]"""));
        Assert.Contains("1 row has no value there", await Refusal("""{"required":true}"""), StringComparison.Ordinal);
        Assert.Contains("1 value is there more than once", await Refusal("""{"unique":true}"""), StringComparison.Ordinal);
        Assert.Contains("2 rows have another value", await Refusal("""{"type":"choice","choices":["y"]}"""), StringComparison.Ordinal);
        var refused = await server.Expect(409, Call.Post($"/api/schema/tables/{name}/fields", """{"name":"c","type":"text","required":true}""", "Accept-Language: fr"));
        Assert.Contains("3 lignes n'y ont pas de valeur", (string)refused.Error["message"]!, StringComparison.Ordinal);

        async Task<string> Refusal(string body) => (string)(await server.Expect(409, Call.Patch($"/api/schema/tables/{name}/fields/a", body))).Error["message"]!;
    }

    [Fact]
    public async Task A_dropped_field_waits_and_comes_back()
    {
        var name = await server.NewTable("""{"a":{"type":"text","index":true},"b":"text","c":"text"}""", ""","search":["a"],"indexes":[["a","b"],["b","c"]]""");
        await server.Expect(201, Call.Post($"/api/{name}", """{"a":"kept"}"""));
        var gone = await server.Expect(200, Call.Delete($"/api/schema/tables/{name}/fields/a"));
        ScenarioServer.Same("""[["b","c"]]""", gone.Data!["indexes"], name);
        Assert.Null(gone.Data["search"]);
        await server.Expect(400, Call.Get($"/api/{name}?a=eq.kept"));
        await server.Expect(200, Call.Post("/api/schema/migrations/down", ""));
        Assert.Equal("kept", (string)(await server.Expect(200, Call.Get($"/api/{name}?q=kept"))).Data![0]!["a"]!);
        await server.Expect(200, Call.Post("/api/schema/migrations/up", """{"count":1}"""));
        Assert.Equal(["b", "c"], await server.OwnFields(name));
        var states = (await server.Expect(200, Call.Get("/api/schema/migrations?limit=1"))).Data!;
        Assert.Equal(("applied", "/api/schema"), ((string)states[0]!["state"]!, (string)states[0]!["blueprint"]!));
    }

    [Fact]
    public async Task A_reference_becomes_another_one()
    {
        var (one, two) = (await server.NewTable(), await server.NewTable());
        var name = await server.NewTable($$"""{"x_id":{"type":"reference","to":"{{one}}"},"who":{"type":"reference","to":"users"} }""");
        await server.Expect(200, Call.Patch($"/api/schema/tables/{name}/fields/x_id", $$"""{"to":"{{two}}","onDelete":"cascade","index":false}"""));
        var field = await server.Field(name, "xId");
        Assert.Equal((two, "cascade", false), ((string)field["to"]!, (string)field["onDelete"]!, (bool)field["index"]!));
        Assert.Equal(("users", "set_null"), ((string)(await server.Field(name, "who"))["to"]!, (string)(await server.Field(name, "who"))["onDelete"]!));
        Assert.Equal(1, await server.Ask<long>($"SELECT count(*) FROM pg_constraint WHERE conrelid = '{name}'::regclass AND contype = 'f' AND confrelid = '{two}'::regclass AND confdeltype = 'c'"));
    }

    private static System.Text.Json.Nodes.JsonObject WithoutPlan(Answer answer)
    {
        var data = answer.Data!.DeepClone().AsObject();
        data.Remove("plan");
        return data;
    }
}
