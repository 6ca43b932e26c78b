using System.Net;
using System.Text.Json.Nodes;
using Socle.Tests.Acceptance.Running;

namespace Socle.Tests.Acceptance.Realtime;

/// <summary>Two servers on one database: what one writes the listeners of the other hear, and a listener may change servers.</summary>
public sealed class SeveralServersTests(ThrowAwayPostgres postgres) : IClassFixture<ThrowAwayPostgres>
{
    [Fact]
    public async Task Listeners_of_each_server_hear_of_the_writes_of_both_once()
    {
        await postgres.CreateDatabase("several", "erp_api");
        await using var one = await Serving.Start(postgres.Url("several", "erp_api"));
        await using var two = await Serving.Start(postgres.Url("several", "erp_api"));
        await postgres.Psql("several", "SELECT socle_system.keep_history('clients')");
        await using var ofOne = await EventListener.Start(one.Address, "?table=clients");
        await using var ofTwo = await EventListener.Start(two.Address, "?table=clients");
        var turn = 0;
        await using var moving = EventListener.Follow(() => Interlocked.Increment(ref turn) % 2 == 0 ? one.Address : two.Address, "?table=clients");
        await moving.WaitUntil(_ => moving.IsPlaced);
        for (var i = 0; i < 40; i++)
        {
            (await (i % 2 == 0 ? one : two).Http.Post("/api/clients", new JsonObject { ["name"] = $"{i}" })).Expect(HttpStatusCode.Created);
            if (i % 5 == 0)
                moving.Disconnect();
        }

        foreach (var listener in new[] { ofOne, ofTwo, moving })
            Assert.Equal(Enumerable.Range(0, 40), (await listener.WaitFor(40)).Select(told => int.Parse((string)told.Data["record"]!["name"]!)));
    }
}
