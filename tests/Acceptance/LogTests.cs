using System.Net;
using System.Text.Json.Nodes;
using Socle.Testing;
using Socle.Tests.Acceptance.Running;

namespace Socle.Tests.Acceptance;

/// <summary>The log is for machines, can be followed by request, and holds nobody's data.</summary>
public sealed class LogTests(WashgoServer fixture) : IClassFixture<WashgoServer>
{
    private const string Name = "Ottoline Zyvergnac";
    private const string Email = "ottoline.zyvergnac@secret.example";

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);

    private RunningServer Server => fixture.Server;

    [Fact]
    public async Task Every_line_is_json_with_a_time_and_a_level()
    {
        var answer = await Server.Http.Get("/clients");
        await Find(answer.RequestId!);

        Assert.All(Server.LogLines(), line =>
        {
            var entry = JsonNode.Parse(line)!;
            Assert.Equal(DateTimeKind.Utc, entry["time"]!.GetValue<DateTime>().Kind);
            Assert.InRange(entry["time"]!.GetValue<DateTime>(), DateTime.UtcNow.AddMinutes(-5), DateTime.UtcNow.AddSeconds(1));
            Assert.Contains((string?)entry["level"], (string[])["Debug", "Information", "Warning", "Error", "Critical"]);
            Assert.NotEmpty((string)entry["message"]!);
        });
    }

    [Fact]
    public async Task A_request_is_found_by_its_id()
    {
        var answer = (await Server.Http.Get("/api/clients?limit=1")).Expect(HttpStatusCode.OK);
        var refusal = (await Server.Http.Get("/api/clients/none")).Expect(HttpStatusCode.BadRequest);

        var entry = await Find(answer.RequestId!);
        Assert.Equal(("GET", "clients", 200), ((string?)entry["method"], (string?)entry["table"], (int?)entry["status"]));
        Assert.Equal(refusal.RequestId, (string?)refusal.Json["error"]!["requestId"]);
        Assert.Equal(400, (int?)(await Find(refusal.RequestId!))["status"]);
    }

    [Fact]
    public async Task Nobodys_data_is_in_the_log()
    {
        const string Phone = "06 39 98 77 77";
        var client = new JsonObject { ["name"] = Name, ["email"] = Email, ["phone"] = Phone };
        var created = (await Server.Http.Post("/clients/", client)).Expect(HttpStatusCode.Created);
        var id = (string)created.Data["id"]!;
        var last = new[]
        {
            (await Server.Http.Get($"/clients/{id}")).Expect(HttpStatusCode.OK),
            (await Server.Http.Get($"/clients?email=eq.{Email}&q=zyvergnac")).Expect(HttpStatusCode.OK),
            (await Server.Http.Post("/clients/", client)).Expect(HttpStatusCode.Conflict),
            (await Server.Http.Post("/engagements/", new JsonObject { ["title"] = Name, ["clientId"] = "c9c9c9c9-0000-4000-8000-00000000c9c9" })).Expect(HttpStatusCode.Conflict),
            (await Server.Http.Post("/engagements/", new JsonObject { ["title"] = Name, ["startsAt"] = Email })).Expect(HttpStatusCode.BadRequest),
            (await Server.Http.Post("/clients/", new JsonObject { [Email] = Name })).Expect(HttpStatusCode.BadRequest),
            (await Server.Http.Get($"/clients?name=match.({Name}")).Expect(HttpStatusCode.BadRequest),
            (await Server.Http.Get($"/clients?select=name::int&name=eq.{Name}")).Expect(HttpStatusCode.BadRequest),
            (await Server.Http.Get("/clients/c9c9c9c9-0000-4000-8000-00000000c9c9")).Expect(HttpStatusCode.NotFound),
            (await Server.Http.Get("/clients/" + Email)).Expect(HttpStatusCode.BadRequest),
            (await Server.Http.Get("/" + Email)).Expect(HttpStatusCode.NotFound),
            (await Server.Http.Send(HttpMethod.Post, "/clients/", $"{{\"name\":\"{Name}")).Expect(HttpStatusCode.BadRequest),
        }[^1];
        await Find(last.RequestId!);

        var said = string.Join('\n', [Server.Log, Server.Terminal]);
        Assert.All((string[])["Ottoline", "zyvergnac", "secret.example", Phone, id, "c9c9c9c9"], value => Assert.DoesNotContain(value, said, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The request's line: the log is written in the background.</summary>
    private async Task<JsonNode> Find(string requestId)
    {
        JsonNode? found = null;
        await Polling.Until($"the log tells of {requestId}", Soon, () =>
        {
            found = Server.LogLines().Select(line => JsonNode.Parse(line)!).SingleOrDefault(entry => (string?)entry["requestId"] == requestId);
            return Task.FromResult(found is not null);
        });
        return found!;
    }
}
