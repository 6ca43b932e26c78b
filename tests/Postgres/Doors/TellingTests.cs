using System.Text.Json;
using Socle.Catalog;
using Socle.Grammar;
using Socle.Kernel;
using Socle.Postgres;
using Socle.Records;
using Socle.Records.Running;

namespace Socle.Tests.Postgres.Doors;

/// <summary>Statements that tell policies themselves who asks do so before any policy asks, however PostgreSQL plans them.</summary>
public sealed class TellingTests(TestServer server) : BoundTables(server)
{
    private const string Direct = "notes.owner_id = (SELECT socle_system.caller_id())";
    private const string Related = "EXISTS (SELECT FROM owners o WHERE o.id = notes.owner_id AND o.id = (SELECT socle_system.caller_id()))";
    private const string Among = "notes.owner_id IN (SELECT o.id FROM owners o WHERE o.id = (SELECT socle_system.caller_id()))";

    /// <summary>What makes PostgreSQL plan them in other ways.</summary>
    private static readonly string[] Settings =
        ["enable_seqscan=off", "enable_indexscan=off -c enable_bitmapscan=off", "enable_nestloop=off -c plan_cache_mode=force_generic_plan", "enable_hashjoin=off -c enable_material=off"];

    private CatalogSnapshot _notes = CatalogSnapshot.Empty;

    [Theory]
    [InlineData(Direct, false)]
    [InlineData(Direct, true)]
    [InlineData(Related, false)]
    [InlineData(Among, false)]
    [InlineData(Among, true)]
    public async Task Everybody_reaches_their_own_records_and_no_others(string condition, bool isPartitioned)
    {
        await MakeOwnedNotes(condition, isPartitioned);
        _notes = await Snapshot();
        Assert.Equal(AskingWho.InPolicies, _notes.Access.FindAskingWho(AsAnn));
        foreach (var setting in Settings)
        {
            await using var database = OpenPrivate(setting);
            var store = new RecordStore(database, maxRows: 1000);
            for (var turn = 0; turn < 2; turn++)
            {
                await ReachAll(store, AsAnn, "1", Bob, "2");
                await ReachAll(store, AsBob, "2", Ann, "1");
                Assert.Equal("", await Left(database));
            }
        }

        Assert.Equal("1 mine,2 mine", await Ask<string>("SELECT string_agg(id || ' ' || title, ',' ORDER BY id) FROM notes"));
    }

    private async Task ReachAll(RecordStore store, Caller caller, string own, Guid others, string other)
    {
        Assert.Equal(1, await Do(store, RecordAction.Get, caller, own));
        Assert.Equal(1, await Do(store, RecordAction.Patch, caller, own, """{"title":"mine"}"""));
        Assert.Equal(1, await Do(store, RecordAction.Patch, caller, own, "{}"));
        Assert.Equal(1, await Do(store, RecordAction.Create, caller, null, $$"""{"id":10,"owner_id":"{{caller.UserId}}"}"""));
        Assert.Equal(1, await Do(store, RecordAction.Delete, caller, "10"));
        Assert.Equal(0, await Do(store, RecordAction.Get, caller, other, owner: others));
        Assert.Equal(0, await Do(store, RecordAction.Patch, caller, other, """{"title":"stolen"}""", others));
        Assert.Equal(0, await Do(store, RecordAction.Patch, caller, other, "{}", others));
        Assert.Equal(0, await Do(store, RecordAction.Delete, caller, other, owner: others));
        Assert.Equal(0, await Do(store, RecordAction.Create, caller, null, $$"""{"id":99,"owner_id":"{{others}}"}"""));
    }

    private async Task MakeOwnedNotes(string condition, bool isPartitioned)
    {
        await Execute($"""
            CREATE TABLE owners (id uuid PRIMARY KEY, name text);
            CREATE TABLE notes (id int, owner_id uuid, title text, PRIMARY KEY (id{(isPartitioned ? ", owner_id" : "")})) {(isPartitioned ? "PARTITION BY HASH (owner_id)" : "")};
            CREATE INDEX ON notes (owner_id);
            INSERT INTO owners VALUES ('{Ann}', 'ann'), ('{Bob}', 'bob');
            """);
        if (isPartitioned)
            await Execute("CREATE TABLE notes_0 PARTITION OF notes FOR VALUES WITH (MODULUS 2, REMAINDER 0); CREATE TABLE notes_1 PARTITION OF notes FOR VALUES WITH (MODULUS 2, REMAINDER 1)");
        await Execute($"INSERT INTO notes VALUES (1, '{Ann}', 'a'), (2, '{Bob}', 'b')");
        await Secure();
        await Execute("INSERT INTO socle_system.policies (role, table_id, action) SELECT 'member', id, 'delete' FROM socle_system.tables WHERE relation = 'notes'::regclass ON CONFLICT DO NOTHING");
        await Bind("notes", "member", "owner_id=eq.{user.id}", condition, "read", "create", "update", "delete");
        await Secure();
    }

    /// <summary>How many records that found.</summary>
    private async Task<int> Do(RecordStore store, RecordAction action, Caller caller, string? id, string? body = null, Guid? owner = null)
    {
        if (id is not null && _notes.Tables.Single(table => table.Name == "notes").IsPartitioned)
            id = $"{id},{owner ?? caller.UserId}";
        using var json = JsonDocument.Parse(body ?? "{}");
        var origin = action == RecordAction.Get ? null : ChangeOrigin.New("api");
        var done = await store.Run(new RecordRequest(action, "notes", RecordQuery.Everything, caller, id, body is null ? null : json.RootElement, Origin: origin), _notes, null, Cancellation);
        if (done.IsFault)
            return 0;
        await using var answer = done.Value;
        var count = 0;
        while (await answer.Rows.Next())
            count++;
        return count;
    }

    /// <summary>Who the role's connection is told after a transaction; nobody.</summary>
    private static async Task<string> Left(Database database)
    {
        await using var command = database.Roles!.Find("socle_member")!.CreateCommand("SELECT coalesce(current_setting('socle.user_id', true), '')");
        return (string)(await command.ExecuteScalarAsync(Cancellation))!;
    }
}
