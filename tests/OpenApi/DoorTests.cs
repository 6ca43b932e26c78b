using System.Net;
using System.Net.Http.Headers;
using Socle.Testing;

namespace Socle.Tests.OpenApi;

public sealed class DoorTests(ServedTables tables)
{
    private HttpClient Http => tables.Server.Http;

    [Fact]
    public async Task A_trailing_slash_does_not_matter()
    {
        using var answer = await Http.GetAsync(new Uri("/api/openapi.json/", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("application/json; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        Assert.Equal(["nosniff"], answer.Headers.GetValues("X-Content-Type-Options"));
    }

    [Fact]
    public async Task Who_has_the_description_gets_no_second_copy()
    {
        using var first = await Http.GetAsync(new Uri("/api/openapi.json", UriKind.Relative));
        using var again = new HttpRequestMessage(HttpMethod.Get, "/api/openapi.json") { Headers = { IfNoneMatch = { first.Headers.ETag! } } };
        using var second = await Http.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        using var french = new HttpRequestMessage(HttpMethod.Get, "/api/openapi.json") { Headers = { IfNoneMatch = { first.Headers.ETag! }, AcceptLanguage = { StringWithQualityHeaderValue.Parse("fr") } } };
        using var other = await Http.SendAsync(french);
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        Assert.Equal(["fr"], other.Content.Headers.ContentLanguage);
        Assert.Equal(["Accept-Language", "Authorization", "Cookie"], other.Headers.Vary);
    }

    [Fact]
    public async Task HEAD_gives_the_headers_alone()
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, "/api/openapi.json");
        using var answer = await Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.True(answer.Content.Headers.ContentLength > 10_000);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Without_its_database_the_server_says_so()
    {
        await using var server = await RunningServer.Start(env: new Dictionary<string, string> { ["DATABASE_URL"] = "postgres://nobody@127.0.0.1:9/none" }, untilReady: false);
        using var answer = await server.Http.GetAsync(new Uri("/api/openapi.json", UriKind.Relative));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("database_unavailable", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a%2Fb", "a/b")]
    [InlineData("%252F", "%2F")]
    [InlineData("a%20b", "a b")]
    public async Task Slashes_and_percent_signs_reach_the_table_as_they_were_meant(string sent, string id)
    {
        using var answer = await Http.GetAsync(new Uri($"/api/%252F/{sent}", UriKind.Relative));
        Assert.Equal($$$"""{"success":true,"data":{"id":"{{{id}}}"}}""", await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("/api/clients.csv?limit=1&select=name&order=name")]
    [InlineData("/clients.csv?limit=1&select=name&order=name")]
    public async Task A_table_is_a_CSV_file_by_its_address(string address)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { { "Accept", "text/html,application/xhtml+xml,*/*;q=0.8" } } };
        using var answer = await Http.SendAsync(request);
        Assert.Equal("text/csv", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("clients.csv", answer.Content.Headers.ContentDisposition!.FileNameStar);
        Assert.StartsWith("name\r\n", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/clients.xlsx?limit=1&select=name&order=name", "*/*")]
    [InlineData("/clients.xlsx?limit=1&select=name&order=name", "text/html,application/xhtml+xml,*/*;q=0.8")]
    [InlineData("/api/clients?limit=1", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")]
    [InlineData("/api/clients?limit=1", "text/csv;q=0.5,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")]
    public async Task A_table_is_a_workbook_by_its_address_or_by_Accept(string address, string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { { "Accept", accept } } };
        using var answer = await Http.SendAsync(request);
        Assert.Equal("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("clients.xlsx", answer.Content.Headers.ContentDisposition!.FileNameStar);
        Assert.StartsWith("PK", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
