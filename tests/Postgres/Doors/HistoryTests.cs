using Socle.Catalog;
using Socle.History;
using Socle.Kernel;

namespace Socle.Tests.Postgres.Doors;

/// <summary>The history, the trash and change sets obey the policies of the records.</summary>
public sealed class HistoryTests(TestServer server) : BoundTables(server)
{
    [Fact]
    public async Task A_record_has_its_history_for_whoever_finds_it_and_for_nobody_else()
    {
        await MakeNotes();
        await Execute($"INSERT INTO notes VALUES (1, '{Ann}', 'a', 'x'), (2, '{Bob}', 'b', 'y'); UPDATE notes SET title = title || '2'");
        await using var database = Open();
        var history = new RecordHistory(database);
        var snapshot = await Snapshot();
        foreach (var (caller, id, isSeen) in new[] { (AsAnn, "1", true), (AsAnn, "2", false), (AsBob, "2", true), (AsBob, "1", false), (Admin, "2", true), (Manager, "1", true) })
        {
            var versions = await Read(history, snapshot, caller, id);
            if (isSeen)
                Assert.Equal(2, Given(versions).Total);
            else
                Refused(FaultCode.NotFound, versions);
        }

        Refused(FaultCode.NotFound, await Read(history, snapshot, new Caller(Language.English, "member"), "1"));
    }

    [Fact]
    public async Task A_deleted_record_has_it_for_whoever_would_have_found_it_last()
    {
        await MakeNotes();
        await Execute($"INSERT INTO notes VALUES (1, '{Ann}', 'a', 'x'); UPDATE notes SET owner_id = '{Bob}'; DELETE FROM notes");
        await using var database = Open();
        var history = new RecordHistory(database);
        var snapshot = await Snapshot();
        Refused(FaultCode.NotFound, await Read(history, snapshot, AsAnn, "1"));
        Assert.Equal(3, Given(await Read(history, snapshot, AsBob, "1")).Total);
        Assert.Equal(3, Given(await Read(history, snapshot, Manager, "1")).Total);
        await Execute("""UPDATE socle_system.history SET before = '{"id":1,"owner_id":"no uuid any more"}' WHERE operation = 'D'""");
        Refused(FaultCode.NotFound, await Read(history, await Snapshot(), AsBob, "1"));
    }

    [Fact]
    public async Task Without_a_policy_there_is_no_history_of_a_table()
    {
        await MakeNotes();
        await Execute($"INSERT INTO notes VALUES (1, '{Ann}', 'a', 'x'); DELETE FROM notes; DELETE FROM socle_system.policies WHERE role <> 'viewer'");
        await Secure();
        var snapshot = await Snapshot();
        Assert.Null(new Viewer(AsAnn, snapshot).Seen.FindTable("notes"));
        await using var database = Open();
        Assert.Empty(Given(await new Trash(database).Read(null, 10, 0, new Viewer(AsAnn, snapshot), Cancellation)));
        Assert.Empty(Given(await new ChangeLog(database).Read(new(null, null, null, null), 10, 0, new Viewer(Manager, snapshot), Cancellation)));
        Assert.Single(Given(await new Trash(database).Read(null, 10, 0, new Viewer(Admin, snapshot), Cancellation)));
    }

    [Fact]
    public async Task A_version_is_put_back_under_the_callers_role_only()
    {
        await MakeNotes(fields: null);
        await Execute($"INSERT INTO notes VALUES (1, '{Ann}', 'a', 'x'), (2, '{Bob}', 'b', 'y'), (3, '{Bob}', 'c', 'z'); UPDATE notes SET title = 'new'; UPDATE notes SET owner_id = '{Ann}' WHERE id = 3");
        await using var database = Open();
        var history = new RecordHistory(database);
        var snapshot = await Snapshot();
        Assert.NotNull(Given(await Restore(history, snapshot, AsAnn, "1")).Change);
        Assert.Equal("a", await Ask<string>("SELECT title FROM notes WHERE id = 1"));
        Assert.Equal("ann", await Ask<string>("SELECT actor FROM socle_system.changes ORDER BY id DESC LIMIT 1"));
        Refused(FaultCode.NotFound, await Restore(history, snapshot, AsAnn, "2"));
        // Back to its first version it would be somebody else's.
        Refused(FaultCode.Forbidden, await Restore(history, snapshot, AsAnn, "3"));
        Refused(FaultCode.Forbidden, await Restore(history, snapshot, new Caller(Language.English, "viewer"), "2"));
        Assert.Equal("new", await Ask<string>("SELECT title FROM notes WHERE id = 3"));

        await Execute("UPDATE socle_system.policies SET fields = '{title}' WHERE role = 'member' AND action = 'update'");
        await Secure();
        Refused(FaultCode.Forbidden, await Restore(history, await Snapshot(), AsAnn, "1"));
    }

    [Fact]
    public async Task A_role_that_reads_more_than_it_writes_is_told_that_it_may_not()
    {
        await MakeNotes(null, "update");
        await Execute($"INSERT INTO notes VALUES (2, '{Bob}', 'b', 'y'); UPDATE notes SET title = 'new'");
        await using var database = Open();
        Refused(FaultCode.Forbidden, await Restore(new RecordHistory(database), await Snapshot(), AsAnn, "2"));
        Assert.Equal("new", await Ask<string>("SELECT title FROM notes"));
    }

    [Fact]
    public async Task The_trash_holds_what_one_might_have_read_and_lets_one_restore_what_one_may_create()
    {
        await MakeNotes(fields: null);
        await Execute($"INSERT INTO notes SELECT n, CASE WHEN n % 10 = 0 THEN '{Ann}' ELSE '{Bob}' END::uuid, 't' || n, 'x' FROM generate_series(1, 1500) n; DELETE FROM notes");
        await using var database = Open();
        var trash = new Trash(database);
        var viewer = new Viewer(AsAnn, await Snapshot());
        var first = Given(await trash.Read(null, 100, 0, viewer, Cancellation));
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"{1500 - (10 * i)}"), first.Select(entry => entry.Key));
        Assert.Equal(first[70..100].Select(entry => entry.Key), Given(await trash.Read(viewer.Seen.FindTable("notes"), 30, 70, viewer, Cancellation)).Select(entry => entry.Key));
        Assert.Equal(50, Given(await trash.Read(null, 100, 100, viewer, Cancellation)).Length);

        var others = Given(await trash.Read(null, 1, 0, new Viewer(AsBob, await Snapshot()), Cancellation))[0];
        Refused(FaultCode.NotFound, await trash.Restore(others.Entry, viewer, ChangeOrigin.New("restore"), Cancellation));
        Assert.Equal("1500", Of(Given(await trash.Restore(first[0].Entry, viewer, ChangeOrigin.New("restore"), Cancellation)).Record, "id"));
        Assert.Equal(1L, await Ask<long>("SELECT count(*) FROM notes"));
        Refused(FaultCode.Forbidden, await trash.Restore(first[1].Entry, new Viewer(new Caller(Language.English, "viewer"), await Snapshot()), ChangeOrigin.New("restore"), Cancellation));
    }

    [Fact]
    public async Task Only_roles_that_may_undo_and_delete_every_record_forget_for_good()
    {
        await MakeNotes();
        await Execute($"INSERT INTO notes VALUES (1, '{Ann}', 'a', 'x'), (2, '{Ann}', 'b', 'y'); DELETE FROM notes");
        await using var database = Open();
        var trash = new Trash(database);
        var snapshot = await Snapshot();
        var entry = Given(await trash.Read(null, 1, 0, new Viewer(Admin, snapshot), Cancellation))[0].Entry;
        Refused(FaultCode.Forbidden, await trash.Purge(entry, new Viewer(AsAnn, snapshot), Cancellation));
        Refused(FaultCode.Forbidden, await trash.Empty(snapshot.FindTable("notes")!.For(TableRights.All), new Viewer(AsAnn, snapshot), Cancellation));
        await Bind("notes", "manager", "title=eq.a", "notes.title = ''a''", "delete");
        Refused(FaultCode.Forbidden, await trash.Purge(entry, new Viewer(Manager, await Snapshot()), Cancellation));
        Assert.Equal(1, Given(await trash.Purge(entry, new Viewer(Manager, snapshot), Cancellation)));
        var whole = new Viewer(Manager, snapshot);
        Assert.Equal(1, Given(await trash.Empty(whole.Seen.FindTable("notes")!, whole, Cancellation)));
    }

    [Fact]
    public async Task Change_sets_are_shown_and_taken_back_only_where_one_sees_and_writes_all_of_it()
    {
        await MakeNotes();
        await Execute("CREATE TABLE open (id int PRIMARY KEY, n int); SELECT socle_system.keep_history('open')");
        await Secure();
        await Execute($"BEGIN; INSERT INTO notes VALUES (1, '{Ann}', 'a', 'x'); INSERT INTO open VALUES (1, 1); COMMIT; SELECT pg_sleep(0.002)");
        // Change sets are in the order of their milliseconds.
        await Execute("UPDATE open SET n = 2; SELECT pg_sleep(0.002)");
        await Execute("UPDATE notes SET title = 'b'");
        await Bind("notes", "manager", "title=neq.zzz", "notes.title <> ''zzz''", "read");
        await Secure();
        await using var database = Open();
        var (log, undo) = (new ChangeLog(database), new ChangeUndo(database));
        var viewer = new Viewer(Manager, await Snapshot());
        var sets = Given(await log.Read(new(null, null, null, null), 10, 0, viewer, Cancellation));
        Assert.Equal(2, sets.Length);
        Assert.All(sets.SelectMany(set => set.Counts), count => Assert.Equal("open", count.Table));
        Assert.Empty(Given(await log.Read(new(viewer.Seen.FindTable("notes"), null, null, null), 10, 0, viewer, Cancellation)));
        var all = Given(await log.Read(new(null, null, null, null), 10, 0, new Viewer(Admin, await Snapshot()), Cancellation));
        Refused(FaultCode.NotFound, await log.Get(all[0].Change.Id, 10, 0, viewer, Cancellation));
        Assert.Single(Given(await log.Get(all[2].Change.Id, 10, 0, viewer, Cancellation)).Entries);

        foreach (var refused in new[] { all[0], all[2] })
            Refused(FaultCode.Forbidden, await undo.Run(refused.Change.Id, dryRun: false, viewer, ChangeOrigin.New("undo"), Cancellation));
        Assert.Equal("b", await Ask<string>("SELECT title FROM notes"));
        Assert.Equal(1, Given(await undo.Run(all[1].Change.Id, dryRun: false, viewer, ChangeOrigin.New("undo"), Cancellation)).Undone);
        await Execute("UPDATE socle_system.policies p SET fields = '{id}' FROM socle_system.tables t WHERE t.id = p.table_id AND t.relation = 'open'::regclass AND p.role = 'manager' AND p.action = 'update'");
        Refused(FaultCode.Forbidden, await undo.Run(all[1].Change.Id, dryRun: true, new Viewer(Manager, await Snapshot()), ChangeOrigin.New("undo"), Cancellation));
    }

    private static Task<Result<Page<RecordVersion>>> Read(RecordHistory history, CatalogSnapshot snapshot, Caller caller, string id)
    {
        var viewer = new Viewer(caller, snapshot);
        return history.Read(viewer.Seen.FindTable("notes")!, id, 10, 0, viewer, Cancellation);
    }

    /// <summary>Its first version.</summary>
    private async Task<Result<RestoredRecord>> Restore(RecordHistory history, CatalogSnapshot snapshot, Caller caller, string id)
    {
        var viewer = new Viewer(caller, snapshot);
        var version = await Ask<long>($"SELECT min(h.id) FROM socle_system.history h WHERE h.key = '{id}'");
        return await history.Restore(viewer.Seen.FindTable("notes")!, id, version, viewer, ChangeOrigin.New("restore") with { Actor = caller.Name }, Cancellation);
    }
}
