using System.Net;
using System.Text.Json.Nodes;
using Socle.Testing;
using Socle.Tests.Acceptance.Running;

namespace Socle.Tests.Acceptance.Realtime;

/// <summary>Who comes back with the id of the last event gets exactly what came after it.</summary>
[Collection<Measured>]
public sealed class ResumeTests(ListeningServer fixture) : IClassFixture<ListeningServer>
{
    private RunningServer Server => fixture.Server;

    [Fact]
    public async Task A_listener_that_stops_in_the_middle_of_fifty_thousand_records_goes_on_right_after_it()
    {
        const int Count = 50_000;
        await Server.Ask("DELETE FROM baskets");
        var listener = await EventListener.Start(Server.Address, "?table=baskets");
        await using var whole = await EventListener.Start(Server.Address, "?table=baskets");
        var insert = Server.Ask($"INSERT INTO baskets SELECT n FROM generate_series(1, {Count}) n");
        await listener.WaitFor(3_333, 30);
        await listener.DisposeAsync();
        await insert;
        var first = listener.Events;
        Assert.InRange(first.Count, 3_333, Count - 1);

        await using var again = await EventListener.Start(Server.Address, "?table=baskets", first[^1].Id);
        var second = await again.WaitFor(Count - first.Count, 60);
        await whole.WaitFor(Count, 60);
        Assert.Equal(Enumerable.Range(1, Count), first.Concat(second).Select(told => int.Parse(told.Key)));
        Assert.Equal(Enumerable.Range(1, Count), whole.Events.Select(told => int.Parse(told.Key)));
        await Server.Ask("DELETE FROM baskets");
    }

    [Fact]
    public async Task The_id_of_every_event_is_a_place_to_go_on_from()
    {
        await using var listener = await EventListener.Start(Server.Address, "?table=clients,baskets");
        await Server.Ask("INSERT INTO clients (name) SELECT n::text FROM generate_series(1, 5) n");
        await Server.Ask("BEGIN; INSERT INTO baskets VALUES (1001, NULL); INSERT INTO clients (name) VALUES ('x'); UPDATE baskets SET note = '1' WHERE id = 1001; COMMIT");
        var events = await listener.WaitFor(8);
        for (var i = 0; i < events.Count; i++)
        {
            await using var again = await EventListener.Start(Server.Address, "?table=clients,baskets", events[i].Id);
            Assert.Equal(events.Skip(i + 1).Select(told => $"{told.Kind} {told.Key}"), (await again.WaitFor(7 - i)).Select(told => $"{told.Kind} {told.Key}"));
        }
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("0f9e3d6c0f9e7d6c8f9e3d6c0f9e3d6c")]
    [InlineData("0f9e3d6c0f9e7d6c8f9e3d6c0f9e3d6c~00000000000000000000000000000000~7")]
    [InlineData("00000000000000000000000000000000!5")]
    [InlineData("00000000000000000000000000000000~x~-1")]
    public async Task An_unknown_id_is_told_to_begin_anew_and_then_hears_what_comes(string id)
    {
        await using var listener = await EventListener.Start(Server.Address, "?table=clients", id);
        (await Server.Http.Post("/api/clients", new JsonObject { ["name"] = "Nouveau" })).Expect(HttpStatusCode.Created);
        var events = await listener.WaitFor(2);
        Assert.Equal(["reset", "created"], events.Select(told => told.Kind));
    }

    [Fact]
    public async Task After_a_restart_of_the_server_nothing_is_missed_and_nothing_told_twice()
    {
        using var data = await DataFolder.WithWashgo();
        var server = await Serving.Start(data);
        try
        {
            await ListeningServer.Prepare(server);
            await using var listener = EventListener.Follow(() => server.Address, "?table=baskets");
            await listener.WaitUntil(_ => listener.IsPlaced);
            for (var turn = 0; turn < 3; turn++)
            {
                await server.Ask($"INSERT INTO baskets SELECT n FROM generate_series({turn * 20 + 1}, {turn * 20 + 10}) n");
                await listener.WaitFor(turn * 20 + 10);
                var clock = System.Diagnostics.Stopwatch.StartNew();
                await server.Stop();
                Assert.True(clock.Elapsed < Machine.Allow(TimeSpan.FromSeconds(8)), $"A listener held the end of the server for {clock.Elapsed}.");
                await server.DisposeAsync();
                server = await Serving.Start(data);
                await server.Ask($"INSERT INTO baskets SELECT n FROM generate_series({turn * 20 + 11}, {turn * 20 + 20}) n");
                await listener.WaitFor(turn * 20 + 20);
            }

            Assert.Equal(Enumerable.Range(1, 60), listener.Events.Select(told => int.Parse(told.Key)));
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    [Fact]
    public async Task After_a_restore_from_a_dump_old_ids_begin_anew_and_old_changes_are_not_told_again()
    {
        using var data = await DataFolder.WithWashgo();
        string old;
        await using (var server = await Serving.Start(data))
        {
            await ListeningServer.Prepare(server);
            await using var listener = await EventListener.Start(server.Address, "?table=baskets");
            await server.Ask("INSERT INTO baskets VALUES (1, NULL), (2, NULL)");
            old = (await listener.WaitFor(2))[^1].Id;
            // Transaction ids of another cluster, a little ahead of what this one has after its start.
            await server.Ask("UPDATE socle_system.changes SET xid = (pg_current_xact_id()::text::bigint + 45)::text::xid8");
        }

        await using var restored = await Serving.Start(data);
        await using var again = await EventListener.Start(restored.Address, "?table=baskets", old);
        await again.WaitFor(1);
        // What was seen is looked for again after this, and it is all from before the restore.
        await restored.Ask("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'LISTEN socle_changes'");
        await restored.Psql([.. Enumerable.Range(3, 50).SelectMany(id => new[] { "-c", $"INSERT INTO baskets VALUES ({id}, NULL)" })]);
        var events = await again.WaitFor(51);
        Assert.Equal("reset", events[0].Kind);
        Assert.Equal(Enumerable.Range(3, 50), events.Skip(1).Select(told => int.Parse(told.Key)));
    }
}
