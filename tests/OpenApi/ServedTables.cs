using System.Text.Json.Nodes;
using Socle.Testing;

[assembly: AssemblyFixture(typeof(Socle.Tests.OpenApi.ServedTables))]

namespace Socle.Tests.OpenApi;

/// <summary>A server with the tables of washgo, their sample records, and tables that are odd in every way.</summary>
public sealed class ServedTables : IAsyncLifetime
{
    /// <summary>Public validators of OpenAPI.</summary>
    internal static NodeProject Node { get; } = NodeProject.Beside(typeof(ServedTables));

    public RunningServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Server = await RunningServer.Start(blueprint: "washgo", sample: true);
        await Server.Psql("-1", "-f", Path.Combine(AppContext.BaseDirectory, "OddTables.sql"));
        await Until(async () => (await Describe())["components"]!["schemas"]!["EveryType"] is not null);
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    public async Task<string> DescribeText(string language = "en")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/openapi.json") { Headers = { { "Accept-Language", language } } };
        using var answer = await Server.Http.SendAsync(request);
        return await answer.Content.ReadAsStringAsync();
    }

    public async Task<JsonNode> Describe(string language = "en") => JsonNode.Parse(await DescribeText(language))!;

    /// <summary>A file with the description, for programs that read files.</summary>
    public async Task<string> DescribeFile(string language = "en")
    {
        var file = Path.Combine(Server.DataFolder, "..", $"openapi-{language}.json");
        await File.WriteAllTextAsync(file, await DescribeText(language));
        return file;
    }

    public static async Task Until(Func<Task<bool>> condition)
    {
        for (var tries = 0; !await condition(); tries++)
        {
            Assert.True(tries < 300, "It did not happen within 15 seconds.");
            await Task.Delay(50);
        }
    }
}
