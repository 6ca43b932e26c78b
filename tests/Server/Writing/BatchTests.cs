using System.Text.Json.Nodes;

namespace Socle.Tests.Server.Writing;

/// <summary>POST /api/batch: many operations, all or none.</summary>
[Collection(nameof(WritingServer))]
public sealed class BatchTests(WritingServer server)
{
    private const string Nobody = "00000000-0000-4000-8000-00000000dead";

    [Fact]
    public async Task Operations_run_in_order_and_answer_what_each_would_have_answered()
    {
        var id = Guid.NewGuid();
        var answer = await server.Expect(200, Batch($$$"""
            {"method":"POST","path":"/api/clients?select=id,lastName","body":{"id":"{{{id}}}","lastName":"Lot"}},
            {"method":"patch","path":"/clients/{{{id}}}/?select=firstName","body":{"firstName":"A"}},
            {"method":"GET","path":"/api/clients?select=firstName&id=eq.{{{id}}}&count=exact"},
            {"method":"PUT","path":"/api/clients/{{{id}}}?select=lastName,firstName","body":{"last_name":"Lot 2"}},
            {"method":"POST","path":"/api/log_lines","body":[{"line":"lot","level":21},{"line":"lot","level":22}]},
            {"method":"GET","path":"/api/clients/{{{id}}}?select=companies(name)"},
            {"method":"DELETE","path":"/api/clients/{{{id}}}?select=id"}
            """));
        ScenarioServer.Same(
            $$$"""
            [
              {"status":201,"body":{"id":"{{{id}}}","lastName":"Lot"}},
              {"status":200,"body":{"firstName":"A"}},
              {"status":200,"body":[{"firstName":"A"}],"meta":{"limit":1000,"offset":0,"total":1}},
              {"status":200,"body":{"lastName":"Lot 2","firstName":null}},
              {"status":201,"body":[{"line":"lot","level":21},{"line":"lot","level":22}]},
              {"status":200,"body":{"companies":null}},
              {"status":200,"body":{"id":"{{{id}}}"}}
            ]
            """,
            WithoutTags(answer),
            "the batch");
        Assert.True(Guid.TryParse(answer.Message.Headers.GetValues("Change-Id").Single(), out _));
    }

    [Theory]
    [InlineData("""{"method":"POST","path":"/api/clients","body":{"lastName":"x","email":"paul@martin.fr"}}""", 409, "unique_violation", "email")]
    [InlineData("""{"method":"POST","path":"/api/clients","body":{"lastName":"x","emial":"e"}}""", 400, "unknown_field", "emial")]
    [InlineData("""{"method":"POST","path":"/api/clients","body":[{"lastName":"x"},{}]}""", 422, "required", "operations[1][1].lastName")]
    [InlineData("""{"method":"PATCH","path":"/api/clients/00000000-0000-4000-8000-00000000dead","body":{"lastName":"x"}}""", 404, "not_found", "")]
    [InlineData("""{"method":"GET","path":"/api/clients/00000000-0000-4000-8000-00000000dead"}""", 404, "not_found", "")]
    [InlineData("""{"method":"GET","path":"/api/texts?select=value::int"}""", 400, "invalid_value", "")]
    [InlineData("""{"method":"DELETE","path":"/api/companies/2"}""", 409, "still_referenced", "")]
    [InlineData("""{"method":"POST","path":"/api/client_totals","body":{}}""", 405, "method_not_allowed", "")]
    [InlineData("""{"method":"PATCH","path":"/api/clients","body":{"lastName":"x"}}""", 400, "invalid_request", "")]
    public async Task The_first_failure_takes_everything_back_and_says_which_it_was(string operation, int status, string code, string field)
    {
        var line = $"{Guid.NewGuid()}";
        var refused = await server.Expect(status, Batch($$$"""{"method":"POST","path":"/api/log_lines","body":{"line":"{{{line}}}"}}, {{{operation}}}, {"method":"GET","path":"/api/clients"}"""));
        Assert.Equal(code, (string)refused.Error["code"]!);
        Assert.StartsWith("operations[1] (", (string)refused.Error["message"]!, StringComparison.Ordinal);
        var path = field.StartsWith('o') ? field : field.Length == 0 ? "operations[1]" : $"operations[1].{field}";
        Assert.Equal(path, refused.Error["fields"]!.AsObject().First().Key);
        Assert.Equal(0L, await server.Ask<long>($"SELECT count(*) FROM log_lines WHERE line = '{line}'"));
    }

    [Fact]
    public async Task Every_bad_shape_is_reported_at_once()
    {
        var refused = await server.Expect(400, Batch("""
            3,
            {"method":"TRACE","path":"clients"},
            {"method":"GET","path":"/api/clients","body":{}},
            {"method":"POST","path":"/api/clients"},
            {"method":"GET","path":"/api/client"},
            {"method":"GET","path":"/api/clients?limit=x&order=("},
            {"method":"GET","path":"/api/clients/1/2"},
            {"method":"DELETE","path":"/api/clients/1","headers":{"If-Match":3,"X-Other":"y"},"extra":1},
            {"path":"/x?y"}
            """));
        var fields = refused.Error["fields"]!.AsObject().Select(field => field.Key).ToHashSet();
        Assert.Superset(
            new HashSet<string>
            {
                "operations[0]", "operations[1].method", "operations[2].body", "operations[3].body", "operations[4]", "operations[5].limit", "operations[6].path",
                "operations[7].headers.If-Match", "operations[7].headers.X-Other", "operations[7].extra", "operations[8].method",
            },
            fields);
    }

    [Theory]
    [InlineData("{}", 400)]
    [InlineData("[]", 400)]
    [InlineData("3", 400)]
    [InlineData("null", 400)]
    [InlineData("{", 400)]
    [InlineData("""{"operations":{}}""", 400)]
    [InlineData("""{"operations":[],"more":1}""", 400)]
    [InlineData("""[{"method":"GET","path":"/api/\ud800"}]""", 400)]
    [InlineData("""[{"method":"GET","path":"/api/clients/%00"}]""", 400)]
    public async Task What_is_no_batch_is_refused(string body, int status) => await server.Expect(status, Call.Post("/api/batch", body));

    [Fact]
    public async Task An_array_alone_is_a_batch_too_and_a_thousand_operations_fit()
    {
        var refused = await server.Expect(404, Call.Post("/api/batch", $$$"""[{"method":"GET","path":"/api/companies/1"},{"method":"GET","path":"/api/clients/{{{Nobody}}}"}]"""));
        Assert.Equal("[1]", refused.Error["fields"]!.AsObject().Single().Key);
        var operations = Enumerable.Range(0, 1001).Select(i => $$$"""{"method":"POST","path":"/api/log_lines","body":{"line":"mille"}}""").ToList();
        await server.Expect(400, Call.Post("/api/batch", $"[{string.Join(',', operations)}]"));
        await server.Expect(200, Call.Post("/api/batch", $"[{string.Join(',', operations.Skip(1))}]"));
        Assert.Equal(1000L, await server.Ask<long>("SELECT count(*) FROM log_lines WHERE line = 'mille'"));
    }

    [Fact]
    public async Task What_is_judged_at_the_end_takes_everything_back_too()
    {
        var refused = await server.Expect(409, Batch($$$"""
            {"method":"POST","path":"/api/log_lines","body":{"line":"fin"}},
            {"method":"POST","path":"/api/late_notes","body":{"id":91,"clientId":"{{{Nobody}}}"}}
            """));
        Assert.Equal("unknown_reference", (string)refused.Error["code"]!);
        Assert.Equal(0L, await server.Ask<long>("SELECT count(*) FROM log_lines WHERE line = 'fin'"));
        // Within one transaction the reference may come before what it refers to.
        var id = Guid.NewGuid();
        await server.Expect(200, Batch($$$"""
            {"method":"POST","path":"/api/late_notes","body":{"id":92,"clientId":"{{{id}}}"}},
            {"method":"POST","path":"/api/clients","body":{"id":"{{{id}}}","lastName":"Après"}}
            """));
    }

    [Fact]
    public async Task A_batch_with_a_key_is_done_once()
    {
        var call = Batch("""{"method":"POST","path":"/api/log_lines","body":{"line":"lot à clé"}}""") with { Headers = [$"Idempotency-Key: {Guid.NewGuid()}"] };
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => server.Expect(200, call)));
        Assert.Single(answers.Select(answer => answer.Text).Distinct());
        Assert.Equal(1L, await server.Ask<long>("SELECT count(*) FROM log_lines WHERE line = 'lot à clé'"));
        var reused = await server.Expect(422, Batch("""{"method":"GET","path":"/api/companies"}""") with { Headers = call.Headers });
        Assert.Equal("idempotency_key_reused", (string)reused.Error["code"]!);
    }

    [Fact]
    public async Task Batches_at_once_that_meet_in_the_wrong_order_are_done_or_refused_whole()
    {
        await server.Expect(201, Call.Post("/api/products", """[{"id":501,"sku":"D1","name":"0","price":1},{"id":502,"sku":"D2","name":"0","price":1}]"""));
        string Patch(int id, int n) => $$$"""{"method":"PATCH","path":"/api/products/{{{id}}}","body":{"name":"{{{n}}}"}}""";
        var answers = await Task.WhenAll(Enumerable.Range(1, 16).Select(n => server.Send(Batch(n % 2 == 0 ? $"{Patch(501, n)},{Patch(502, n)}" : $"{Patch(502, n)},{Patch(501, n)}"))));
        Assert.All(answers, answer => Assert.Contains(answer.Status, new[] { 200, 409, 503 }));
        Assert.Contains(answers, answer => answer.Status == 200);
        Assert.Equal(1L, await server.Ask<long>("SELECT count(DISTINCT name) FROM products WHERE id IN (501, 502)"));
    }

    [Fact]
    public async Task The_door_takes_POST_only()
    {
        var refused = await server.Expect(405, Call.Get("/api/batch"));
        Assert.Equal(["POST", "OPTIONS"], refused.Message.Content.Headers.Allow);
        await server.Expect(204, new Call("OPTIONS", "/api/batch"));
    }

    private static Call Batch(string operations) => Call.Post("/api/batch", $$$"""{"operations":[{{{operations}}}]}""");

    private static JsonNode WithoutTags(Answer answer)
    {
        var data = answer.Data!;
        foreach (var operation in data.AsArray())
            operation!.AsObject().Remove("etag");
        return data;
    }
}
