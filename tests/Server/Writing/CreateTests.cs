using System.Text.Json.Nodes;

namespace Socle.Tests.Server.Writing;

/// <summary>POST: one, many, none, with defaults, and what it answers.</summary>
[Collection(nameof(WritingServer))]
public sealed class CreateTests(WritingServer server)
{
    [Fact]
    public async Task A_created_record_is_answered_as_it_is_stored()
    {
        var answer = await server.Expect(201, Call.Post("/api/clients", """{"lastName":"Neuf","email":"neuf@x.fr","tags":["a","b c",""],"data":{"k":[1,null,"é"]},"status":"lead","company_id":5}"""));
        var stored = await server.Expect(200, Call.Get($"/api/clients/{answer.Data!["id"]}"));
        Assert.True(JsonNode.DeepEquals(answer.Data, stored.Data));
        ScenarioServer.Same("""["a","b c",""]""", stored.Data!["tags"], "tags");
        ScenarioServer.Same("""{"k":[1,null,"é"]}""", stored.Data["data"], "data");
        Assert.Equal("Neuf", (string)stored.Data["lastName"]!);
    }

    [Fact]
    public Task Records_with_other_keys_take_the_defaults_of_what_they_lack() => server.Expect(
        201,
        Call.Post("/api/orders?select=status,amount,placed_on,clients(lastName)", """
            [{"clientId":"00000000-0000-4000-8000-000000000001","status":"paid","amount":1.5},
             {"clientId":"00000000-0000-4000-8000-000000000002"},
             {"client_id":"00000000-0000-4000-8000-000000000003","status":"void","placedOn":"2020-02-29","amount":null}]
            """),
        """
        [{"status":"paid","amount":1.50,"placedOn":"2024-06-01","clients":{"lastName":"Martin"}},
         {"status":"open","amount":null,"placedOn":"2024-06-01","clients":{"lastName":"Martin, née Durand"}},
         {"status":"void","amount":null,"placedOn":"2020-02-29","clients":{"lastName":"O'Brien \"Bob\""}}]
        """);

    [Fact]
    public async Task A_column_whose_name_is_as_long_as_can_be_takes_its_default_or_its_value() => await server.Expect(
        201,
        Call.Post("/api/we\"ird?select=id,long:a123456789_123456789_123456789_123456789_123456789_123456789_12&order=id", """
            [{"id":50}, {"id":51,"a123456789_123456789_123456789_123456789_123456789_123456789_12":"given"}]
            """),
        """[{"id":50,"long":"long"},{"id":51,"long":"given"}]""");

    [Theory]
    [InlineData("sandbox", "{}", """{"name":"x","small":null,"doubled":null}""", "name,small,doubled")]
    [InlineData("sandbox", "[{},{}]", """[{"name":"x"},{"name":"x"}]""", "name")]
    [InlineData("sandbox", """[{},{"small":4}]""", """[{"small":null,"doubled":null},{"small":4,"doubled":8}]""", "small,doubled")]
    [InlineData("sandbox", "[]", "[]", "*")]
    [InlineData("log_lines", "{}", """{"line":null,"level":null}""", "*")]
    [InlineData("counters", "{}", """{"note":null}""", "note")]
    [InlineData("counters", "[{},{\"note\":\"a\"}]", """[{"note":null},{"note":"a"}]""", "note")]
    public Task Nothing_given_is_every_default(string table, string body, string data, string select) =>
        server.Expect(201, Call.Post($"/api/{table}?select={select}", body), data);

    [Fact]
    public async Task An_identity_that_is_always_generated_is_generated()
    {
        var one = await server.Expect(201, Call.Post("/api/companies?select=id,name", """{"name":"Identité"}"""));
        Assert.True((int)one.Data!["id"]! > 5);
        await server.Expect(422, Call.Post("/api/companies", """{"id":77,"name":"Autre"}"""));
        var given = await server.Expect(201, Call.Post("/api/bookings?select=id", """{"id":70,"roomId":2,"period":"[2030-01-01,2030-01-02)"}"""));
        Assert.Equal(70, (int)given.Data!["id"]!);
    }

    [Theory]
    [InlineData("fixture_is_loaded")]
    [InlineData("numbers_only")]
    public async Task A_table_in_which_nothing_can_be_written_refuses(string table)
    {
        var answer = await server.Expect(400, Call.Post($"/api/{table}", "{}"));
        Assert.Equal("invalid_request", (string)answer.Error["code"]!);
    }

    [Fact]
    public async Task Columns_choose_what_of_the_body_is_written()
    {
        await server.Expect(
            201,
            Call.Post("/api/products?columns=id,sku,name,\"price\"&select=id,name", """[{"id":60,"sku":"C1","name":"a","price":1,"ignored":{"x":1}},{"id":61,"sku":"C2","name":"b","price":2,"line":"y"}]"""),
            """[{"id":60,"name":"a"},{"id":61,"name":"b"}]""");
        await server.Expect(201, Call.Post("/api/orders?columns=client_id&select=status", """{"clientId":"00000000-0000-4000-8000-000000000001","status":"nonsense"}"""), """{"status":"open"}""");
    }

    [Fact]
    public Task An_embed_of_a_created_record_knows_what_it_points_to() => server.Expect(
        201,
        Call.Post("/api/order_lines?select=lineNo,lineTotal,orders(clients(lastName)),...products(product:name)", """{"orderId":4,"lineNo":9,"productId":1,"quantity":4,"unitPrice":0.25}"""),
        """{"lineNo":9,"lineTotal":1.00,"orders":{"clients":{"lastName":"O'Brien \"Bob\""}},"product":"Savon"}""");

    [Fact]
    public async Task Every_type_is_stored_as_it_was_sent()
    {
        var sent = """
            {"id":90,"i2":-32768,"i4":2147483647,"i8":9223372036854775807,"num":-0.00000000000000000000000000000001,"num2":1.25,"f4":3.5,"f8":1e300,"flag":false,"txt":"a\"b\\c\n\t\u0001é😀",
             "vc":"abcde","ch":"abc","ci":"MiXed","status":"say \"hi\", (ok)","code":"75002","uid":"6f9619ff-8b86-4d01-b42d-00cf4fc964ff","day":"2024-02-29","tm":"23:59:59.999999","ts":"2024-01-15T09:30:00.5",
             "tsz":"2024-01-15T08:30:00+00:00","span":"P1DT2H","js":{"b":[1,{"c":null}],"a":"x"},"jb":[1,"two",{"k":null}],"bytes":"\\x00ff","ints":[1,null,3],"texts":["a,b","{}","NULL","","é\"\\"],"nums":[1.5],"days":["2024-01-01"],
             "uids":[],"flags":[true,false],"statuses":["lead"],"moments":["2024-01-01T00:00:00+00:00"],"i4r":"[1,5)","numr":"[1.5,2.5]","dayr":"[2024-01-01,2024-02-01)","ip":"10.1.2.3","net":"10.0.0.0/8","mac":"08:00:2b:01:02:03",
             "dims":{"width":3,"it's":"x"},"boxes":[{"width":1,"it's":null}],"timez":"09:30:00+01","bits":"101","place":"(1,2)","doc":"<a>1</a>","multi":"{[1,3),[5,7)}"}
            """;
        await server.Expect(201, Call.Post($"/api/types?select={string.Join(',', JsonNode.Parse(sent)!.AsObject().Select(property => property.Key))}", sent), sent);
        await server.Expect(200, Call.Delete("/api/types/90"));
    }
}
