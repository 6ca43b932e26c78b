using Socle.Blueprints;

namespace Socle.Tests.Server.Schema;

/// <summary>The later field types, made and changed while the server runs, and written out as a blueprint.</summary>
[Collection(nameof(SchemaServer))]
public sealed class LaterTypeTests(SchemaServer server)
{
    private const string Fields = """
        {"quantity":"number","price":{"type":"currency","currency":"CHF"},"who":"user","stars":{"type":"rating","max":10},"hue":"colour","share":"percentage","spent":"duration",
         "n":{"type":"autonumber","format":"N{00}","gapless":true},"total":{"type":"formula","formula":"quantity * price"},"twice":{"type":"formula","formula":"total * 2"}}
        """;

    [Fact]
    public async Task A_table_of_them_is_made_edited_and_told_again()
    {
        var name = await server.NewTable(Fields);
        var record = (await server.Expect(201, Call.Post($"/api/{name}", """{"quantity":3,"price":2.5,"spent":"PT1H","stars":10}"""))).Data!;
        Assert.Equal("N01 7.50 15.00", $"{record["n"]} {record["total"]!.ToJsonString()} {record["twice"]!.ToJsonString()}");

        await server.Expect(201, Call.Post($"/api/schema/tables/{name}/fields", """{"name":"more","type":"text"}"""));
        Assert.Equal("quantity * price", (string)(await server.Field(name, "total"))["formula"]!);
        Assert.Equal("CHF 10 N{00} True", $"{(await server.Field(name, "price"))["currency"]} {(await server.Field(name, "stars"))["max"]} {(await server.Field(name, "n"))["format"]} {(bool)(await server.Field(name, "n"))["gapless"]!}");
        Assert.Equal(1, await server.Ask<long>($"SELECT count(*) FROM {name} WHERE total = 7.5"));
    }

    [Fact]
    public async Task A_rename_is_followed_a_drop_is_refused_and_a_change_of_type_computes_anew()
    {
        var name = await server.NewTable(Fields);
        await server.Expect(201, Call.Post($"/api/{name}", """{"quantity":3,"price":2.5}"""));
        await server.Expect(200, Call.Patch($"/api/schema/tables/{name}/fields/quantity", """{"name":"pieces"}"""));
        Assert.Equal("pieces * price", (string)(await server.Field(name, "total"))["formula"]!);
        await server.Expect(200, Call.Patch($"/api/schema/tables/{name}/fields/pieces", """{"type":"decimal","precision":10,"scale":2}"""));
        Assert.Equal("7.5000", await server.Ask<string>($"SELECT total::text FROM {name}"));

        var refused = await server.Send(Call.Delete($"/api/schema/tables/{name}/fields/pieces"));
        Assert.InRange(refused.Status, 400, 422);
        Assert.Contains("fields.total.formula", refused.Text, StringComparison.Ordinal);
        Assert.Contains("'pieces' is unknown", refused.Text.Replace("\\u0027", "'", StringComparison.Ordinal), StringComparison.Ordinal);

        await server.Expect(200, Call.Patch($"/api/schema/tables/{name}/fields/total", """{"formula":"pieces + 1"}"""));
        Assert.Equal("4.00 8.00", await server.Ask<string>($"SELECT total || ' ' || twice FROM {name}"));
    }

    [Fact]
    public async Task A_field_with_values_becomes_a_formula_and_comes_back()
    {
        var name = await server.NewTable("""{"a":"number","b":"number"}""");
        await server.Expect(201, Call.Post($"/api/{name}", """{"a":1,"b":99}"""));
        await server.Expect(200, Call.Patch($"/api/schema/tables/{name}/fields/b", """{"type":"formula","formula":"a + 1"}"""));
        Assert.Equal("2", await server.Ask<string>($"SELECT b::text FROM {name}"));
        await server.Expect(200, Call.Post("/api/schema/migrations/down", ""));
        Assert.Equal("99", await server.Ask<string>($"SELECT b::text FROM {name}"));
    }

    [Fact]
    public async Task What_was_made_by_hand_is_written_as_a_blueprint_that_is_right()
    {
        var name = await server.NewTable(Fields);
        var yaml = (await server.Send(Call.Get("/api/schema/blueprint"))).Text;
        var read = BlueprintReader.Read(yaml, "live.yaml");
        Assert.True(!read.IsFault, read.IsFault ? string.Join('\n', read.Faults.Select(fault => $"{fault.Line}: {fault.Message.English}")) + "\n" + yaml : "");
        var table = read.Value.Tables.Single(other => other.Name == name);
        Assert.Equal("quantity * price", table.FindField("total")!.Settings.Formula);
        Assert.Equal("N{00}", table.FindField("n")!.Settings.Format);
        Assert.Equal("user", table.FindField("who")!.Type.Name);
    }
}
