using System.Net.Http.Headers;
using System.Text;

namespace Socle.Tests.Server.Refusals;

/// <summary>Every fault of the contract: status, code, the field at fault, a message in both languages and nothing of the server's inside.</summary>
[Collection(nameof(WritingServer))]
public sealed class FaultTests(WritingServer server)
{
    private const string Nobody = "00000000-0000-4000-8000-00000000dead";
    private const string First = "00000000-0000-4000-8000-000000000001";

    /// <summary>Request line, body, header, status, code, fields.</summary>
    public static TheoryData<string, string?, string?, int, string, string> Rows => new()
    {
        // 400: the request itself
        { "POST /api/clients", "{", null, 400, "invalid_json", "" },
        { "POST /api/clients", "", null, 400, "invalid_json", "" },
        { "POST /api/clients", "12", null, 400, "invalid_json", "" },
        { "POST /api/clients", "null", null, 400, "invalid_json", "" },
        { "POST /api/clients", "{} {}", null, 400, "invalid_json", "" },
        { "POST /api/clients", """[{"lastName":"x"},3]""", null, 400, "invalid_json", "[1]" },
        { "POST /api/clients", """{"lastName":"x","lastName":"y"}""", null, 400, "invalid_json", "" },
        { "POST /api/clients", """{"lastName":"x","last_name":"y"}""", null, 400, "invalid_json", "last_name" },
        { "POST /api/clients", """{"lastName":"\ud800"}""", null, 400, "invalid_value", "lastName" },
        { "POST /api/clients", """{"lastName":"a\u0000"}""", null, 400, "invalid_value", "lastName" },
        { "POST /api/clients", """{"lastName":"a","data":{"x":"\udc00"}}""", null, 400, "invalid_value", "data" },
        { "POST /api/clients", """{"lastName":"a","data":{"x":"\u0000"}}""", null, 400, "invalid_value", "data" },
        { "POST /api/clients", """{"lastName":"a","\ud800":1}""", null, 400, "invalid_json", "" },
        { "POST /api/clients", """{"lastName":"a","data":{"\udc00":1,"b":2}}""", null, 400, "invalid_json", "" },
        { "GET /api/clients?last_name=fts(no.such).x", null, null, 400, "invalid_filter", "last_name" },
        { "PATCH /api/clients/" + First, "[]", null, 400, "invalid_json", "" },
        { "PATCH /api/clients", "{}", null, 400, "invalid_request", "" },
        { "DELETE /api/clients", null, null, 400, "invalid_request", "" },
        { "DELETE /api/clients?limit=1", null, null, 400, "invalid_request", "" },
        { "POST /api/clients", """{"lastNam":"x","emai":"y"}""", null, 400, "unknown_field", "lastNam emai lastName" },
        { "POST /api/clients?columns=nope", """{"lastName":"x"}""", null, 400, "unknown_field", "columns lastName" },
        { "GET /api/clients?nope=eq.1", null, null, 400, "unknown_field", "nope" },
        { "GET /api/clients?select=nope", null, null, 400, "unknown_field", "nope" },
        { "GET /api/clients?order=nope", null, null, 400, "unknown_field", "nope" },
        { "GET /api/clients?status=equals.1", null, null, 400, "invalid_filter", "status" },
        { "GET /api/clients?select=id,companies(foundedOn::uuid)", null, null, 400, "invalid_filter", "foundedOn" },
        { "GET /api/types?select=place::int", null, null, 400, "invalid_filter", "place" },
        { "GET /api/types?select=bits.max()", null, null, 400, "invalid_filter", "bits" },
        { "GET /api/types?select=js,count()", null, null, 400, "invalid_filter", "js" },
        { "GET /api/types?order=js", null, null, 400, "invalid_filter", "js" },
        { "GET /api/clients?limit=ten", null, null, 400, "invalid_filter", "limit" },
        { "GET /api/clients/not-a-uuid", null, null, 400, "invalid_value", "id" },
        { "GET /api/clients?company_id=eq.x", null, null, 400, "invalid_value", "company_id" },
        { "GET /api/texts?select=id,value::int&order=id", null, null, 400, "invalid_value", "" },
        { "GET /api/texts?select=id,value::int&order=id", null, "Accept: text/csv", 400, "invalid_value", "" },
        { "POST /api/orders", $$"""{"clientId":"{{First}}","placedOn":"31/12/2024"}""", null, 400, "invalid_value", "placedOn" },
        // 404
        { "GET /api/client", null, null, 404, "not_found", "" },
        { "GET /nothing", null, null, 404, "not_found", "" },
        { "GET /api/clients/x/y/z.json", null, null, 404, "not_found", "" },
        { "GET /nothing.txt", null, null, 404, "not_found", "" },
        { "GET /api/clients/" + Nobody, null, null, 404, "not_found", "" },
        { "PATCH /api/clients/" + Nobody, "{}", null, 404, "not_found", "" },
        { "PUT /api/clients/" + Nobody, """{"lastName":"x"}""", null, 404, "not_found", "" },
        { "GET /api/log_lines/1", null, null, 404, "not_found", "" },
        { "GET /api/guarded; DROP TABLE guarded", null, null, 404, "not_found", "" },
        // 405, 406, 413, 415, 416
        { "PUT /api/clients", "{}", null, 405, "method_not_allowed", "" },
        { "POST /api/clients/" + First, "{}", null, 405, "method_not_allowed", "" },
        { "TRACE /api/clients", null, null, 405, "method_not_allowed", "" },
        { "POST /health", "{}", null, 405, "method_not_allowed", "" },
        { "PATCH /api/client_totals?orders=eq.1", "{}", null, 405, "method_not_allowed", "" },
        { "POST /api/client_totals", "{}", null, 405, "method_not_allowed", "" },
        { "GET /api/clients", null, "Accept: application/xml", 406, "not_acceptable", "" },
        { "GET /api/clients", null, "Accept: application/json;q=0", 406, "not_acceptable", "" },
        { "POST /api/clients", "a=b", "Content-Type: application/x-www-form-urlencoded", 415, "unsupported_media_type", "" },
        { "POST /api/clients", "x", "Content-Type: text/plain", 415, "unsupported_media_type", "" },
        { "POST /api/clients", "{}", "Content-Type: nonsense", 415, "unsupported_media_type", "" },
        { "GET /api/clients", null, "Range: 5-2", 416, "invalid_range", "Range" },
        { "GET /api/clients", null, "Range: x-y", 416, "invalid_range", "Range" },
        { "GET /api/clients?limit=-1", null, null, 416, "invalid_range", "limit" },
        { "GET /api/clients?offset=99999999999999999999", null, null, 416, "invalid_range", "offset" },
        // 409
        { "POST /api/clients", """{"lastName":"x","email":"PAUL@martin.FR"}""", null, 409, "unique_violation", "email" },
        { "POST /api/products", """{"id":1,"sku":"NEW","name":"x","price":1}""", null, 409, "unique_violation", "id" },
        { "POST /api/products", """{"id":99,"sku":"SAV-1","name":"x","price":1}""", null, 409, "unique_violation", "sku" },
        { "POST /api/product_categories", """{"productId":1,"categoryId":1}""", null, 409, "unique_violation", "categoryId" },
        { "POST /api/bookings", """{"roomId":2,"period":"[2024-01-01,2024-01-02)","reference":"R1"}""", null, 409, "unique_violation", "reference" },
        { "POST /api/bookings", """{"roomId":1,"period":"[2024-01-01 08:30,2024-01-01 10:00)"}""", null, 409, "unique_violation", "roomId" },
        { "PATCH /api/products/2", """{"sku":"SAV-1"}""", null, 409, "unique_violation", "sku" },
        { "DELETE /api/clients/" + First, null, null, 409, "still_referenced", "" },
        { "DELETE /api/companies?name=eq.Holding", null, null, 409, "still_referenced", "" },
        { "PATCH /api/addresses?id=eq.1", """{"id":1000}""", null, 409, "still_referenced", "" },
        { "POST /api/orders", $$"""{"clientId":"{{Nobody}}"}""", null, 409, "unknown_reference", "clientId" },
        { "PATCH /api/orders/1", """{"shippingAddressId":999}""", null, 409, "unknown_reference", "shippingAddressId" },
        { "POST /api/late_notes", $$"""{"id":1,"clientId":"{{Nobody}}"}""", null, 409, "unknown_reference", "clientId" },
        { "POST /api/late_notes", $$"""[{"id":1,"clientId":"{{First}}"},{"id":2,"clientId":"{{Nobody}}"}]""", null, 409, "unknown_reference", "clientId" },
        { "POST /api/late_notes?select=clients(lastName)", $$"""{"id":1,"clientId":"{{Nobody}}"}""", null, 409, "unknown_reference", "clientId" },
        // 422
        { "POST /api/clients", "{}", null, 422, "required", "lastName" },
        { "POST /api/clients", """[{"lastName":"a"},{"firstName":"b"}]""", null, 422, "required", "[1].lastName" },
        { "POST /api/clients", """{"lastName":null}""", null, 422, "required", "lastName" },
        { "PATCH /api/clients/" + First, """{"status":null}""", null, 422, "required", "status" },
        { "PUT /api/clients/" + First, "{}", null, 422, "required", "lastName" },
        { "POST /api/ruled", """{"id":1}""", null, 422, "required", "label" },
        { "PATCH /api/orders/1", """{"amount":-1}""", null, 422, "check_violation", "amount" },
        { "PATCH /api/orders/1", """{"status":"nope"}""", null, 422, "check_violation", "status" },
        { "POST /api/products", """{"id":98,"sku":"X","name":"x","price":0}""", null, 422, "check_violation", "price" },
        { "POST /api/types", """{"id":500,"code":"abcde"}""", null, 422, "check_violation", "code" },
        { "POST /api/ruled", """{"id":1,"label":"x","n":1}""", null, 422, "rule_violation", "" },
        { "POST /api/ruled", """{"id":1,"label":"x","n":2}""", null, 422, "rule_violation", "" },
        { "POST /api/ruled", """{"id":1,"label":"x","n":3}""", null, 422, "rule_violation", "" },
        { "PATCH /api/active_clients?id=eq." + First, """{"status":"lost"}""", null, 422, "rule_violation", "" },
        { "POST /api/clients", """{"lastName":"x","createdAt":"2024-01-01"}""", null, 422, "rule_violation", "createdAt" },
        { "POST /api/order_lines", """{"orderId":1,"lineNo":7,"productId":1,"unitPrice":1,"lineTotal":1}""", null, 422, "rule_violation", "lineTotal" },
        // all at once
        { "POST /api/orders", """[{"clientId":"x","amount":"many","status":1},{"nope":1,"clientId":null}]""", null, 400, "invalid_value", "[0].clientId [0].amount [0].status [1].nope [1].clientId" },
        // not now
        { "GET /api/unfilled", null, null, 503, "database_unavailable", "" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task A_fault_is_answered_with_its_status_its_code_and_its_field(string line, string? body, string? header, int status, string code, string fields)
    {
        var call = new Call(line[..line.IndexOf(' ')], line[(line.IndexOf(' ') + 1)..], body, header is null ? [] : [header]);
        var english = await server.Expect(status, call);
        var french = await server.Expect(status, call with { Headers = [.. call.Headers, "Accept-Language: fr-CA, en;q=0.5", "X-Request-Id: my-own-id"] });

        Assert.Equal(code, (string)english.Error["code"]!);
        Assert.Equal(code, (string)french.Error["code"]!);
        Assert.Equal("my-own-id", (string)french.Error["requestId"]!);
        Assert.NotEqual((string)english.Error["message"]!, (string)french.Error["message"]!);
        Assert.Equal("en fr", $"{english.Message.Content.Headers.ContentLanguage} {french.Message.Content.Headers.ContentLanguage}");
        Assert.Equal(fields, string.Join(' ', english.Error["fields"]?.AsObject().Select(field => field.Key) ?? []));
        Assert.Null(Leaks.Find(english.Text) ?? Leaks.Find(french.Text));
        Assert.Equal(status is 503, english.Message.Headers.RetryAfter is not null);
        Assert.Equal(status is 405, english.Message.Content.Headers.Allow.Count > 0);
        Assert.Equal("application/json; charset=utf-8", english.Message.Content.Headers.ContentType!.ToString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_that_is_too_large_is_413(bool chunked)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/clients");
        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes($$"""{"lastName":"{{new string('x', 200_000)}}"}"""));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TransferEncodingChunked = chunked;
        using var answer = await server.Server.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(413, (int)answer.StatusCode);
        Assert.Contains("too_large", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
