using Socle.Catalog;
using Socle.Grammar;
using Socle.Kernel;
using Socle.Postgres;
using Socle.Records;
using Socle.Records.Running;

namespace Socle.Tests.Postgres.Doors;

/// <summary>A role's own connections show what the role may see, and are used only where the role says it all.</summary>
public sealed class RoleConnectionTests(TestServer server) : BoundTables(server)
{
    private static readonly Caller Viewer = new(Language.English, "viewer");

    [Fact]
    public async Task Each_role_sees_its_own_records_whoever_asked_before()
    {
        await MakeBoundNotes();
        await using var database = OpenPrivate();
        var store = new RecordStore(database, maxRows: 1000);
        var snapshot = await Snapshot();
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("1", await See(store, snapshot, AsAnn));
            Assert.Equal("2", await See(store, snapshot, AsBob));
            Assert.Equal("3", await See(store, snapshot, Viewer));
            Assert.Equal("1,2,3", await See(store, snapshot, Manager));
            Assert.Equal("1,2,3", await See(store, snapshot, Admin));
        }

        Assert.Equal(["none", "socle_admin", "socle_manager", "socle_viewer"], await RolesOfConnections(database));
    }

    [Fact]
    public async Task A_role_that_was_made_anew_sees_what_it_may_now()
    {
        await MakeBoundNotes();
        await using var database = OpenPrivate();
        var store = new RecordStore(database, maxRows: 1000);
        Assert.Equal("3", await See(store, await Snapshot(), Viewer));
        await Bind("notes", "viewer", "id=eq.1", "notes.id = 1", "read");
        await Secure();
        Assert.Equal("1", await See(store, await Snapshot(), Viewer));
        await Execute("DELETE FROM socle_system.policies WHERE role = 'viewer'");
        await Secure();
        var closed = await store.Run(Everything(Viewer), await Snapshot(), null, Cancellation);
        Assert.True(closed.IsFault);
    }

    [Fact]
    public async Task Where_a_view_asks_who_the_caller_is_it_is_always_said()
    {
        await MakeBoundNotes();
        Assert.Equal(AskingWho.Nowhere, (await Snapshot()).Access.FindAskingWho(Viewer));
        Assert.Equal(AskingWho.InPolicies, (await Snapshot()).Access.FindAskingWho(AsAnn));
        await Execute("CREATE VIEW mine AS SELECT * FROM notes WHERE owner_id = socle_system.caller_id()");
        Assert.Equal(AskingWho.Anywhere, (await Snapshot()).Access.FindAskingWho(Viewer));
    }

    [Fact]
    public async Task A_function_that_asks_counts_too()
    {
        await MakeBoundNotes();
        await Execute("CREATE FUNCTION who() RETURNS text LANGUAGE sql AS $$ SELECT current_setting('socle.user_id', true) $$");
        Assert.Equal(AskingWho.Anywhere, (await Snapshot()).Access.FindAskingWho(Viewer));
    }

    [Fact]
    public async Task No_more_roles_have_connections_than_PostgreSQL_has_room_for()
    {
        await using var database = OpenPrivate();
        Assert.All(Enumerable.Range(0, 4), i => Assert.NotNull(database.Roles!.Find($"r{i}")));
        Assert.Null(database.Roles!.Find("r4"));
        Assert.NotNull(database.Roles!.Find("r0"));
        await using var shared = Open();
        Assert.Null(shared.Roles);
    }

    private async Task MakeBoundNotes()
    {
        await MakeNotes(fields: null);
        await Bind("notes", "viewer", "id=eq.3", "notes.id = 3", "read");
        await Secure();
        await Execute($"INSERT INTO notes VALUES (1, '{Ann}', 'a', 'x'), (2, '{Bob}', 'b', 'y'), (3, NULL, 'c', 'z')");
    }

    private static RecordRequest Everything(Caller caller) => new(RecordAction.List, "notes", RecordQuery.Everything, caller);

    private static async Task<string> See(RecordStore store, Catalog.CatalogSnapshot snapshot, Caller caller)
    {
        await using var answer = Given(await store.Run(Everything(caller), snapshot, null, Cancellation));
        var ids = new List<int>();
        while (await answer.Rows.Next())
        {
            Assert.True(answer.Rows.Read(0, out var id));
            ids.Add(System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(id));
        }

        return string.Join(',', ids.Order());
    }

    private static async Task<string[]> RolesOfConnections(Database database)
    {
        var roles = new List<string>();
        foreach (var source in new[] { database.Requests, database.Roles!.Find("socle_admin"), database.Roles.Find("socle_manager"), database.Roles.Find("socle_viewer") })
        {
            await using var command = source!.CreateCommand("SELECT current_setting('role')");
            roles.Add((string)(await command.ExecuteScalarAsync(Cancellation))!);
        }

        return [.. roles];
    }
}
