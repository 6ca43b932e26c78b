using System.Net;
using System.Text.Json.Nodes;
using Socle.Testing;
using Socle.Tests.Acceptance.Running;

namespace Socle.Tests.Acceptance;

/// <summary>The server itself is killed in the middle of writes: what it had acknowledged is there when it is started again.</summary>
public sealed class KilledServerTests
{
    private const int BeforeTheKill = 50;

    [Fact]
    public async Task A_killed_server_starts_again_beside_the_PostgreSQL_it_left_and_lost_nothing()
    {
        using var data = await DataFolder.WithWashgo();
        HashSet<Guid> acknowledged;
        int left;
        await using (var server = await Serving.Start(data))
        {
            left = data.ReadPostmaster();
            acknowledged = await WriteUntilKilled(server);
        }

        await using var again = await Serving.Start(data);
        Assert.NotEqual(left, data.ReadPostmaster());
        var stored = (await again.Ask("SELECT id FROM clients")).Split('\n').Select(Guid.Parse).ToHashSet();
        Assert.True(acknowledged.Count >= BeforeTheKill);
        Assert.Superset(acknowledged, stored);
    }

    private static async Task<HashSet<Guid>> WriteUntilKilled(RunningServer server)
    {
        var acknowledged = new HashSet<Guid>();
        var kill = Task.CompletedTask;
        while (true)
        {
            if (acknowledged.Count == BeforeTheKill)
                kill = Programs.Read("kill", "-KILL", $"{server.ProcessId}");
            var id = Guid.NewGuid();
            try
            {
                (await server.Http.Post("/clients/", new JsonObject { ["id"] = id, ["name"] = "Passage" })).Expect(HttpStatusCode.Created);
                acknowledged.Add(id);
            }
            catch (HttpRequestException) when (acknowledged.Count >= BeforeTheKill)
            {
                await kill;
                return acknowledged;
            }
        }
    }
}
