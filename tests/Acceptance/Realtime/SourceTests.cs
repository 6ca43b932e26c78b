using System.Net;
using System.Text.Json.Nodes;
using Socle.Testing;
using Socle.Tests.Acceptance.Running;

namespace Socle.Tests.Acceptance.Realtime;

/// <summary>Every change of a record is told, wherever it was made.</summary>
[Collection<Measured>]
public sealed class SourceTests(ListeningServer fixture) : IClassFixture<ListeningServer>
{
    private static readonly TimeSpan Promptly = TimeSpan.FromMilliseconds(200);

    private RunningServer Server => fixture.Server;

    [Fact]
    public async Task What_the_API_writes_is_told_with_the_record_as_the_API_answers_it()
    {
        await using var listener = await EventListener.Start(Server.Address, "?table=clients");
        var created = (await Server.Http.Post("/api/clients", new JsonObject { ["name"] = "Été \n", ["companyName"] = "Société" })).Expect(HttpStatusCode.Created).Data;
        var id = (string)created["id"]!;
        await listener.WaitFor(1);
        await Server.Http.Send(HttpMethod.Patch, $"/api/clients/{id}", """{"status":"inactive"}""");
        await listener.WaitFor(2);
        await Server.Http.Send(HttpMethod.Delete, $"/api/clients/{id}");
        var events = await listener.WaitFor(3);

        Assert.Equal(["created", "updated", "deleted"], events.Select(told => told.Kind));
        Assert.All(events, told => Assert.Equal(("clients", id), ((string)told.Data["table"]!, told.Key)));
        Assert.True(JsonNode.DeepEquals(created, events[0].Data["record"]));
        Assert.Equal("inactive", (string)events[1].Data["record"]!["status"]!);
        Assert.Null(events[2].Data["record"]);
        Assert.Equal(3, events.Select(told => (Guid)told.Data["changeId"]!).Distinct().Count());
        Assert.All(events, told => Assert.True(told.At - told.Data["at"]!.GetValue<DateTime>().ToUniversalTime() < TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public async Task What_psql_changes_is_told_and_what_it_takes_back_is_not()
    {
        await using var listener = await EventListener.Start(Server.Address, "?table=baskets");
        await Server.Ask("INSERT INTO baskets VALUES (10, E'{\"a\":\\n1}'), (11, NULL)");
        await Server.Ask("BEGIN; INSERT INTO baskets VALUES (12, NULL); ROLLBACK");
        await Server.Ask("BEGIN; SAVEPOINT one; INSERT INTO baskets VALUES (13, NULL); ROLLBACK TO one; SAVEPOINT two; INSERT INTO baskets VALUES (14, NULL); RELEASE two; COMMIT");
        await Server.Ask("UPDATE baskets SET id = 15 WHERE id = 14");
        await Server.Ask("DELETE FROM baskets WHERE id < 16");
        var events = await listener.WaitFor(8);
        Assert.Equal(
            ["created 10", "created 11", "created 14", "created 15", "deleted 10", "deleted 11", "deleted 14", "deleted 15"],
            events.Select(told => $"{told.Kind} {told.Key}").Order());
        Assert.Equal("sql", (string)events[0].Data["source"]!);
        Assert.Equal(1, (int)events.Single(told => told is { Kind: "created", Key: "10" }).Data["record"]!["note"]!["a"]!);
    }

    [Fact]
    public async Task What_a_cascade_deletes_is_told_with_keys_of_several_columns()
    {
        await Server.Ask("INSERT INTO baskets VALUES (20, NULL)");
        await using var listener = await EventListener.Start(Server.Address, "?table=fruits");
        await Server.Ask("""INSERT INTO fruits VALUES (20, 'pomme', 1.50), (20, 'figue, "sèche"', NULL)""");
        await listener.WaitFor(2);
        (await Server.Http.Send(HttpMethod.Delete, "/api/baskets/20")).Expect(HttpStatusCode.OK);
        var events = await listener.WaitFor(4);

        Assert.Equal("""20,"figue, \"sèche\"" """.TrimEnd(), events.Single(told => told.Kind == "created" && told.Key.Contains("figue", StringComparison.Ordinal)).Key);
        Assert.Equal("1.50", events.Single(told => told is { Kind: "created", Key: "20,pomme" }).Data["record"]!["weight"]!.ToJsonString());
        Assert.All(events.Where(told => told.Kind == "created"), told => Assert.Equal(20, (int)told.Data["record"]!["basketId"]!));
        Assert.Equal(2, events.Count(told => told.Kind == "deleted"));
    }

    [Fact]
    public async Task A_listener_hears_of_the_tables_that_it_named_and_of_all_when_it_named_none()
    {
        await using var two = await EventListener.Start(Server.Address, "?table=clients,baskets&table=baskets");
        await using var all = await EventListener.Start(Server.Address);
        await Server.Ask("INSERT INTO baskets VALUES (30, NULL); INSERT INTO fruits VALUES (30, 'kiwi', 1); INSERT INTO plain VALUES (30); INSERT INTO clients (name) VALUES ('Trente')");
        await all.WaitUntil(events => events.Count(told => told.Text.Contains("30", StringComparison.Ordinal) || told.Text.Contains("Trente", StringComparison.Ordinal)) >= 3);
        await two.WaitFor(2);
        Assert.Contains(all.Events, told => (string)told.Data["table"]! == "fruits");
        Assert.DoesNotContain(all.Events, told => (string)told.Data["table"]! == "plain");
        Assert.DoesNotContain(two.Events, told => (string)told.Data["table"]! == "fruits");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_event_comes_within_two_tenths_of_a_second_after_the_commit(bool isApi)
    {
        await using var listener = await EventListener.Start(Server.Address, "?table=clients");
        var delays = new List<TimeSpan>();
        for (var turn = 1; turn <= 15; turn++)
        {
            // psql itself takes longer to start than the event to come: the database tells when it was.
            if (isApi)
                (await Server.Http.Post("/api/clients", new JsonObject { ["name"] = "Vite" })).Expect(HttpStatusCode.Created);
            else
                await Server.Ask("INSERT INTO clients (name) VALUES ('Vite')");
            var events = await listener.WaitFor(turn);
            delays.Add(events[^1].At - DateTime.Parse((string)events[^1].Data["at"]!, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AdjustToUniversal));
        }

        delays.Sort();
        TestContext.Current.TestOutputHelper!.WriteLine($"median {delays[7].TotalMilliseconds:0.0} ms, longest {delays[^1].TotalMilliseconds:0.0} ms");
        Assert.True(delays[7] < Machine.Allow(Promptly), $"{delays[7].TotalMilliseconds} ms");
    }
}
