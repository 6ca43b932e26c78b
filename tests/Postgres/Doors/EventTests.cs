using Socle.Kernel;

namespace Socle.Tests.Postgres.Doors;

/// <summary>Listeners hear of the records that they may read, and of no others.</summary>
public sealed class EventTests(TestServer server) : BoundTables(server)
{
    [Fact]
    public async Task What_comes_into_view_is_created_what_leaves_it_is_deleted_and_the_rest_is_not_told()
    {
        await MakeNotes();
        await using var database = Open();
        await using var listening = new Listening(database, await Snapshot());
        var ann = await listening.Listen(() => AsAnn);
        var bob = await listening.Listen(() => AsBob, null, "notes");
        var manager = await listening.Listen(() => Manager);
        await Execute($"INSERT INTO notes VALUES (1, '{Ann}', 'a', 'x'), (2, '{Bob}', 'b', 'y')");
        await ann.Expect(Created(1, Ann, "a"));
        await bob.Expect(Created(2, Bob, "b"));
        await Execute($"UPDATE notes SET owner_id = '{Bob}' WHERE id = 1");
        await ann.Expect(Created(1, Ann, "a"), "deleted 1");
        await bob.Expect(Created(2, Bob, "b"), Created(1, Bob, "a"));
        await Execute("UPDATE notes SET title = 'c'");
        Assert.Equal(new[] { Updated(2, Bob, "c"), Updated(1, Bob, "c") }.Order(), (await bob.WaitFor(4)).Skip(2).Order());
        await Execute("DELETE FROM notes WHERE id = 2; UPDATE notes SET owner_id = NULL; DELETE FROM notes");
        await manager.WaitFor(8);
        await bob.WaitFor(6);
        Assert.Equal(["deleted 1", "deleted 2"], bob.Heard.Skip(4).Order());
        await ann.Expect(Created(1, Ann, "a"), "deleted 1");
    }

    [Fact]
    public async Task Several_changes_in_one_transaction_are_told_as_far_as_each_was_seen()
    {
        await MakeNotes();
        await Execute($"INSERT INTO notes VALUES (1, '{Ann}', 'a', 'x')");
        await using var database = Open();
        await using var listening = new Listening(database, await Snapshot());
        var ann = await listening.Listen(() => AsAnn);
        await Execute($"BEGIN; UPDATE notes SET title = 'b'; UPDATE notes SET owner_id = '{Bob}'; UPDATE notes SET title = 'c'; UPDATE notes SET owner_id = '{Ann}'; COMMIT");
        var now = $$"""{"id":1,"ownerId":"{{Ann}}","title":"c"}""";
        await ann.Expect($"updated 1 {now}", "deleted 1", $"created 1 {now}");
    }

    [Fact]
    public async Task A_role_without_conditions_is_told_of_its_fields_only()
    {
        await MakeNotes(fields: null);
        await Execute("UPDATE socle_system.policies SET fields = '{id,title}' WHERE role = 'viewer'");
        await Secure();
        await using var database = Open();
        await using var listening = new Listening(database, await Snapshot());
        var viewer = await listening.Listen(() => new Caller(Language.French, "viewer", Ann));
        var admin = await listening.Listen(() => Admin);
        await Execute("INSERT INTO notes VALUES (1, NULL, 'a', 'x'); DELETE FROM notes");
        await admin.WaitFor(2);
        await viewer.WaitFor(2);
        Assert.DoesNotContain(viewer.Heard, heard => heard.Contains("private", StringComparison.Ordinal) || heard.Contains("owner", StringComparison.Ordinal));
        await Execute("INSERT INTO notes VALUES (2, NULL, 'b', 'x')");
        await viewer.WaitFor(3);
        Assert.Equal("""created 2 {"id":2,"title":"b"}""", viewer.Heard[2]);
        await admin.WaitFor(3);
        Assert.Equal("""created 2 {"id":2,"ownerId":null,"title":"b","private":"x"}""", admin.Heard[2]);
    }

    [Fact]
    public async Task A_bound_listener_that_comes_again_hears_what_it_missed_and_may_read()
    {
        await MakeNotes();
        await using var database = Open();
        await using var listening = new Listening(database, await Snapshot());
        var first = await listening.Listen(() => AsAnn);
        await Execute($"INSERT INTO notes VALUES (1, '{Ann}', 'a', 'x')");
        await first.Expect(Created(1, Ann, "a"));
        var place = first.LastId;
        await Execute($"INSERT INTO notes SELECT n, CASE WHEN n % 700 = 0 THEN '{Ann}' ELSE '{Bob}' END::uuid, 't', 'x' FROM generate_series(2, 1500) n; DELETE FROM notes WHERE id IN (1, 2)");
        var again = await listening.Listen(() => AsAnn, place);
        await again.Expect(Created(700, Ann, "t"), Created(1400, Ann, "t"), "deleted 1");
        await first.WaitFor(4);
        Assert.Equal(again.Heard, first.Heard.Skip(1));
    }

    [Fact]
    public async Task New_policies_hold_in_open_streams_and_a_caller_without_rights_is_sent_away()
    {
        await MakeNotes();
        await Execute("CREATE TABLE open (id int PRIMARY KEY); SELECT socle_system.keep_history('open')");
        await Secure();
        await using var database = Open();
        await using var listening = new Listening(database, await Snapshot());
        var caller = AsAnn;
        var (ann, viewer) = (await listening.Listen(() => caller), await listening.Listen(() => new Caller(Language.English, "viewer")));
        await Execute($"INSERT INTO notes VALUES (1, '{Ann}', 'a', 'x')");
        await ann.WaitFor(1);
        await viewer.WaitFor(1);
        await Execute("DELETE FROM socle_system.policies p USING socle_system.tables t WHERE t.id = p.table_id AND t.relation = 'notes'::regclass AND p.role IN ('member', 'viewer')");
        await Secure();
        listening.Catalog.Swap(await Snapshot());
        Refused(FaultCode.NotFound, await listening.Open(() => caller, null, "notes"));
        await Execute($"INSERT INTO notes VALUES (2, '{Ann}', 'b', 'x'); INSERT INTO open VALUES (7)");
        await ann.Expect(Created(1, Ann, "a"), """created 7 {"id":7}""");
        Assert.Equal("""created 7 {"id":7}""", (await viewer.WaitFor(2))[1]);

        // Another role from one moment to the next, and then none.
        caller = Admin;
        await Execute($"INSERT INTO notes VALUES (3, '{Ann}', 'c', 'x')");
        Assert.StartsWith("created 3 ", (await ann.WaitFor(3))[2], StringComparison.Ordinal);
        await Execute("DELETE FROM socle_system.roles WHERE name = 'viewer'");
        listening.Catalog.Swap(await Snapshot());
        Assert.True(viewer.Stream.IsOver);
        await Execute("INSERT INTO open VALUES (8)");
        await viewer.End.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
        Assert.Equal(2, viewer.Heard.Count);
        Refused(FaultCode.Forbidden, await listening.Open(() => new Caller(Language.English, "viewer")));
    }

    private static string Created(int id, Guid owner, string title) => $$"""created {{id}} {"id":{{id}},"ownerId":"{{owner}}","title":"{{title}}"}""";

    private static string Updated(int id, Guid owner, string title) => $$"""updated {{id}} {"id":{{id}},"ownerId":"{{owner}}","title":"{{title}}"}""";
}
