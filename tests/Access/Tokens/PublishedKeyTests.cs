using System.Net;
using System.Text.Json.Nodes;
using Socle.Testing;

namespace Socle.Tests.Access.Tokens;

/// <summary>What a running server publishes of its key.</summary>
public sealed class PublishedKeyTests
{
    private const string Secret = "4Uq0u7mCz1kHhYw2pXcJ8sVbTgNfLr5D3aEiQoZxM9yRtW6K";

    [Fact]
    public async Task Servers_with_one_SECRET_KEY_publish_one_key_and_others_another()
    {
        var first = await Publish(new() { ["SECRET_KEY"] = Secret });
        Assert.Equal("ES256", (string)Assert.Single(first)!["alg"]!);
        Assert.True(JsonNode.DeepEquals(first, await Publish(new() { ["SECRET_KEY"] = Secret })));
        Assert.False(JsonNode.DeepEquals(first, await Publish(new())));
    }

    [Fact]
    public async Task With_HS256_nothing_is_published() => Assert.Empty(await Publish(new() { ["SECRET_KEY"] = Secret, ["JWT_ALGORITHM"] = "HS256" }));

    /// <summary>Asked by nobody in particular, of a server that has no database.</summary>
    private static async Task<JsonArray> Publish(Dictionary<string, string> env)
    {
        env["ANONYMOUS_ROLE"] = "";
        env["DATABASE_URL"] = "postgres://nobody@127.0.0.1:9/none";
        await using var server = await RunningServer.Start(env: env, untilReady: false);
        using var answer = await server.Http.GetAsync(new Uri("/.well-known/jwks.json", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("public, max-age=300", answer.Headers.CacheControl!.ToString());
        Assert.DoesNotContain("\"d\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["keys"]!.AsArray();
    }
}
