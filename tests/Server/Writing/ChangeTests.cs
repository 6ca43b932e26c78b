using System.Text.Json.Nodes;

namespace Socle.Tests.Server.Writing;

/// <summary>PUT, PATCH and DELETE, by id and by condition.</summary>
[Collection(nameof(WritingServer))]
public sealed class ChangeTests(WritingServer server)
{
    [Fact]
    public async Task A_patch_changes_what_is_sent_and_nothing_else()
    {
        var id = await Create("""{"lastName":"Avant","firstName":"A","email":"avant@x.fr","tags":["t"]}""");
        await server.Expect(200, Call.Patch($"/api/clients/{id}?select=lastName,firstName,tags,email", """{"lastName":"Après","email":null}"""), """{"lastName":"Après","firstName":"A","tags":["t"],"email":null}""");
        await server.Expect(200, Call.Patch($"/clients/{id}/?select=first_name", "{}"), """{"firstName":"A"}""");
    }

    [Fact]
    public async Task A_put_replaces_and_gives_defaults_to_what_was_not_sent()
    {
        var id = await Create("""{"lastName":"Avant","firstName":"A","status":"lost","tags":["t"],"data":{"a":1}}""");
        await server.Expect(200, Call.Put($"/api/clients/{id}?select=lastName,firstName,status,tags,data", """{"lastName":"Après"}"""), """{"lastName":"Après","firstName":null,"status":"active","tags":[],"data":null}""");
        var read = await server.Expect(200, Call.Get($"/api/clients/{id}"));
        await server.Expect(200, Call.Put($"/api/clients/{id}", read.Data!.ToJsonString()));
    }

    [Fact]
    public async Task A_delete_answers_the_record_that_went()
    {
        var id = await Create("""{"lastName":"Parti","companyId":5}""");
        await server.Expect(200, Call.Delete($"/api/clients/{id}?select=lastName,companies(name)"), """{"lastName":"Parti","companies":{"name":"Seule"}}""");
        await server.Expect(404, Call.Get($"/api/clients/{id}"));
        await server.Expect(404, Call.Delete($"/api/clients/{id}"));
    }

    [Fact]
    public async Task A_composite_key_is_an_address()
    {
        await server.Expect(201, Call.Post("/api/order_lines", """{"orderId":2,"lineNo":5,"productId":2,"unitPrice":3}"""));
        await server.Expect(200, Call.Patch("/api/order_lines/2,5?select=orderId,lineNo,lineTotal", """{"quantity":7}"""), """{"orderId":2,"lineNo":5,"lineTotal":21.00}""");
        await server.Expect(200, Call.Put("/api/order_lines/2,5?select=quantity", """{"productId":2,"unitPrice":3,"orderId":2,"lineNo":5}"""), """{"quantity":1}""");
        await server.Expect(200, Call.Delete("/api/order_lines/2,5?select=lineNo"), """{"lineNo":5}""");
        await server.Expect(200, Call.Patch("/api/text_pairs/\"x,y\",z?select=n", """{"n":3}"""), """{"n":3}""");
        await server.Expect(400, Call.Delete("/api/order_lines/2"));
        await server.Expect(400, Call.Delete("/api/order_lines/2,5,1"));
    }

    [Fact]
    public async Task Conditions_choose_the_records_to_change()
    {
        await server.Expect(201, Call.Post("/api/log_lines", """[{"line":"f1","level":7},{"line":"f2","level":7},{"line":"f3","level":8}]"""));
        await server.Expect(200, Call.Patch("/api/log_lines?level=eq.7&or=(line.eq.f1,line.eq.f2)&order=line.desc", """{"level":9}"""), """[{"line":"f2","level":9},{"line":"f1","level":9}]""");
        await server.Expect(200, Call.Patch("/api/log_lines?level=eq.7", """{"level":10}"""), "[]");
        await server.Expect(200, Call.Patch("/api/log_lines?level=eq.9&order=line", "{}"), """[{"line":"f1","level":9},{"line":"f2","level":9}]""");
        await server.Expect(200, Call.Delete("/api/log_lines?level=in.(8,9)&select=line&order=line"), """[{"line":"f1"},{"line":"f2"},{"line":"f3"}]""");
        await server.Expect(200, Call.Delete("/api/log_lines?level=in.(8,9)"), "[]");
        Assert.Equal(3L, await server.Ask<long>("SELECT count(*) FROM log_lines WHERE level < 7"));
    }

    [Theory]
    [InlineData("!inner()&companies.name=eq.Nobody")]
    [InlineData("!inner(id)&companies.city=eq.Nowhere&last_name=eq.Martin")]
    [InlineData("()&companies=is.null&last_name=eq.Martin")]
    public async Task An_embed_that_must_match_chooses_the_records_to_change_too(string embed)
    {
        var address = $"/api/clients?select=id,companies{embed}&id=eq.00000000-0000-4000-8000-000000000001";
        await server.Expect(200, Call.Patch(address, """{"firstName":"Changed"}"""), "[]");
        await server.Expect(200, Call.Delete(address), "[]");
    }

    [Fact]
    public async Task A_record_that_a_change_moves_out_of_its_conditions_is_answered_all_the_same()
    {
        var id = await Create("""{"lastName":"Mobile","companyId":5}""");
        await server.Expect(
            200,
            Call.Patch($"/api/clients/{id}?select=companies!inner(name)&companies.name=eq.Seule", """{"companyId":null}"""),
            """{"companies":null}""");
    }

    [Fact]
    public async Task What_was_read_may_be_sent_back_but_kept_fields_not_changed()
    {
        var id = await Create("""{"lastName":"Écho"}""");
        var record = (await server.Expect(200, Call.Get($"/api/clients/{id}"))).Data!.AsObject();
        record["lastName"] = "Écho 2";
        var changed = (await server.Expect(200, Call.Patch($"/api/clients/{id}", record.ToJsonString()))).Data!;
        Assert.NotEqual((string)record["updatedAt"]!, (string)changed["updatedAt"]!);
        // The one who sends the old moment back has not seen the newer change.
        var stale = await server.Expect(422, Call.Patch($"/api/clients/{id}", record.ToJsonString()));
        Assert.Equal("rule_violation", (string)stale.Error["code"]!);
        Assert.Contains("updatedAt", stale.Error["fields"]!.AsObject().Select(field => field.Key));

        await server.Expect(422, Call.Patch($"/api/clients/{id}", """{"createdAt":"2000-01-01T00:00:00Z"}"""));
        await server.Expect(422, Call.Patch($"/api/clients/{id}", """{"id":"00000000-0000-4000-8000-00000000ffff"}"""));
        await server.Expect(422, Call.Patch("/api/order_lines/1,1", """{"lineTotal":1}"""));
        await server.Expect(200, Call.Patch("/api/order_lines/1,1?select=lineTotal", """{"lineTotal":7.50}"""), """{"lineTotal":7.50}""");
        await server.Expect(422, Call.Put("/api/companies/5", """{"id":6,"name":"Seule"}"""));
        await server.Expect(200, Call.Patch("/api/companies/5?select=id", """{"id":5,"city":null}"""), """{"id":5}""");
        await server.Expect(404, Call.Patch($"/api/clients/00000000-0000-4000-8000-00000000dead", record.ToJsonString()));
    }

    [Fact]
    public async Task A_view_that_PostgreSQL_can_write_is_written()
    {
        var id = await Create("""{"lastName":"Par la vue"}""");
        await server.Expect(200, Call.Patch($"/api/active_clients?id=eq.{id}&select=last_name", """{"lastName":"Vu"}"""), """[{"lastName":"Vu"}]""");
        var refused = await server.Expect(422, Call.Patch($"/api/active_clients?id=eq.{id}", """{"status":"lost"}"""));
        Assert.Equal("rule_violation", (string)refused.Error["code"]!);
    }

    private async Task<string> Create(string body) => (string)(await server.Expect(201, Call.Post("/api/clients", body))).Data!["id"]!;
}
