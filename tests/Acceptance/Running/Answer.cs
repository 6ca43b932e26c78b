using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Socle.Tests.Acceptance.Running;

/// <summary>What the server answered, and how long that took.</summary>
public sealed record Answer(HttpStatusCode Status, string Text, TimeSpan Elapsed, string? RequestId, TimeSpan? RetryAfter)
{
    public JsonNode Json => JsonNode.Parse(Text)!;

    public JsonNode Data => Json["data"]!;

    public JsonArray Records => Data.AsArray();

    public Answer Expect(HttpStatusCode status)
    {
        Assert.True(Status == status, $"Answered {(int)Status}, not {(int)status}: {Text}");
        return this;
    }
}

/// <summary>Calls as users make them.</summary>
public static class Calls
{
    public static Task<Answer> Get(this HttpClient http, string address, string? accept = null) => http.Send(HttpMethod.Get, address, null, accept);

    public static Task<Answer> Post(this HttpClient http, string address, JsonNode body) => http.Send(HttpMethod.Post, address, body.ToJsonString());

    public static async Task<Answer> Send(this HttpClient http, HttpMethod method, string address, string? body = null, string? accept = null)
    {
        using var request = new HttpRequestMessage(method, address);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        if (accept is not null)
            request.Headers.Accept.ParseAdd(accept);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return new Answer(
            response.StatusCode,
            text,
            clock.Elapsed,
            response.Headers.TryGetValues("X-Request-Id", out var ids) ? ids.Single() : null,
            response.Headers.RetryAfter?.Delta);
    }
}
