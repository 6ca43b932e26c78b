namespace Socle.Tests.Server.Writing;

/// <summary>POST with a resolution: what happens when the record exists already.</summary>
[Collection(nameof(WritingServer))]
public sealed class UpsertTests(WritingServer server)
{
    private const string Merge = "Prefer: resolution=merge-duplicates";
    private const string Ignore = "Prefer: resolution=ignore-duplicates";

    [Fact]
    public async Task By_the_primary_key()
    {
        await server.Expect(201, Call.Post("/api/products", """{"id":30,"sku":"U1","name":"Un","price":1}""", Merge));
        await server.Expect(200, Call.Post("/api/products?select=name,price", """{"id":30,"sku":"U1","name":"Deux","price":1}""", Merge), """{"name":"Deux","price":1.00}""");
        await server.Expect(201, Call.Post("/api/products?select=name", """{"id":30,"sku":"U1","name":"Trois","price":1}""", Ignore), "null");
        await server.Expect(200, Call.Get("/api/products/30?select=name"), """{"name":"Deux"}""");
    }

    [Fact]
    public async Task By_a_unique_column_and_only_with_what_was_sent()
    {
        await server.Expect(201, Call.Post("/api/sandbox?on_conflict=email&select=name,small", """{"email":"u@x.fr","name":"Un","small":3}""", Merge), """{"name":"Un","small":3}""");
        await server.Expect(200, Call.Post("/api/sandbox?on_conflict=email&select=name,small", """{"email":"u@x.fr","name":"Deux"}""", Merge), """{"name":"Deux","small":3}""");
    }

    [Fact]
    public async Task Of_nothing_is_counted_as_nothing()
    {
        await server.Expect(200, Call.Post("/api/sandbox?select=count()", "[]", Merge), """[{"count":0}]""");
    }

    [Fact]
    public async Task By_an_expression_index()
    {
        await server.Expect(201, Call.Post("/api/clients?on_conflict=email&select=lastName", """{"email":"Upsert@X.fr","lastName":"Un"}""", Merge), """{"lastName":"Un"}""");
        await server.Expect(200, Call.Post("/api/clients?on_conflict=email&select=lastName,email", """{"email":"UPSERT@x.fr","lastName":"Deux"}""", Merge), """{"lastName":"Deux","email":"UPSERT@x.fr"}""");
        await server.Expect(201, Call.Post("/api/clients?on_conflict=email&select=lastName", """{"email":"upsert@x.fr","lastName":"Trois"}""", Ignore), "null");
        Assert.Equal(1L, await server.Ask<long>("SELECT count(*) FROM clients WHERE lower(email) = 'upsert@x.fr'"));
    }

    [Fact]
    public async Task By_a_composite_key()
    {
        const string line = """{"orderId":3,"lineNo":1,"productId":1,"quantity":2,"unitPrice":2.40}""";
        await server.Expect(200, Call.Post("/api/order_lines?on_conflict=orderId,line_no&select=quantity", line, Merge), """{"quantity":2}""");
        await server.Expect(200, Call.Post("/api/order_lines?select=quantity", line, Merge), """{"quantity":2}""");
    }

    [Fact]
    public async Task Many_at_once_are_201_when_one_is_new()
    {
        await server.Expect(201, Call.Post("/api/products", """[{"id":40,"sku":"B1","name":"a","price":1},{"id":41,"sku":"B2","name":"b","price":1}]"""));
        await server.Expect(
            201,
            Call.Post("/api/products?select=id,name&order=id", """[{"id":40,"sku":"B1","name":"A","price":1},{"id":42,"sku":"B3","name":"c","price":1}]""", Merge),
            """[{"id":40,"name":"A"},{"id":42,"name":"c"}]""");
        await server.Expect(200, Call.Post("/api/products?select=id", """[{"id":41,"sku":"B2","name":"B","price":1}]""", Merge), """[{"id":41}]""");
        await server.Expect(
            201,
            Call.Post("/api/products?select=id", """[{"id":41,"sku":"B2","name":"no","price":1},{"id":43,"sku":"B4","name":"d","price":1}]""", Ignore),
            """[{"id":43}]""");
        await server.Expect(400, Call.Post("/api/products", """[{"id":44,"sku":"S","name":"d","price":1},{"id":44,"sku":"S","name":"d","price":1}]""", Merge));
    }

    [Fact]
    public async Task Records_with_other_keys_are_not_merged_for_they_would_overwrite_what_they_lack()
    {
        var answer = await server.Expect(400, Call.Post("/api/sandbox?on_conflict=email", """[{"email":"h1@x.fr","name":"UN"},{"email":"h2@x.fr","small":22}]""", Merge));
        Assert.Equal("invalid_request", (string)answer.Error["code"]!);
        await server.Expect(201, Call.Post("/api/sandbox?on_conflict=email&select=name,small&order=email", """[{"email":"h1@x.fr","name":"UN"},{"email":"h2@x.fr","small":22}]""", Ignore), """[{"name":"UN","small":null},{"name":"x","small":22}]""");
    }

    [Fact]
    public async Task What_was_merged_may_be_answered_as_a_sum()
    {
        const string body = """[{"id":80,"sku":"S1","name":"s","price":2},{"id":81,"sku":"S2","name":"t","price":3}]""";
        await server.Expect(201, Call.Post("/api/products?select=count(),price.sum()", body, Merge), """[{"count":2,"sum":5.00}]""");
        await server.Expect(200, Call.Post("/api/products?select=name,price.sum()&order=name", body, Merge), """[{"name":"s","sum":2.00},{"name":"t","sum":3.00}]""");
    }

    [Fact]
    public async Task A_table_without_a_key_and_without_on_conflict_just_inserts()
    {
        await server.Expect(201, Call.Post("/api/log_lines?select=line", """{"line":"kept","level":6}""", Merge), """{"line":"kept"}""");
        await server.Expect(200, Call.Delete("/api/log_lines?level=eq.6&select=line"), """[{"line":"kept"}]""");
    }

    [Theory]
    [InlineData("clients?on_conflict=last_name", "invalid_request")]
    [InlineData("clients?on_conflict=nothing", "unknown_field")]
    [InlineData("bookings?on_conflict=reference", "invalid_request")]
    [InlineData("bookings?on_conflict=room_id,period", "invalid_request")]
    public async Task What_is_not_unique_is_refused(string address, string code)
    {
        var answer = await server.Expect(400, Call.Post($"/api/{address}", """{"lastName":"x"}""", Merge));
        Assert.Contains((string)answer.Error["code"]!, new[] { code, "unknown_field" });
        Assert.Contains("on_conflict", answer.Error["fields"]!.AsObject().Select(field => field.Key));
    }
}
