using System.Text.Json;
using Npgsql;
using Socle.Blueprints.Live;
using Socle.Catalog;
using Socle.Kernel;
using Socle.Postgres;
using Socle.Schema;
using Socle.Schema.Migrations;

namespace Socle.Tests.Postgres.Schema;

/// <summary>What somebody changes by hand beside a blueprint.</summary>
public sealed class EditTests(TestServer server) : SchemaScenario(server)
{
    [Fact]
    public async Task A_blueprint_applied_again_leaves_what_was_made_by_hand_and_puts_back_what_it_says()
    {
        var blueprint = Things("fields: { name: { type: text, label: Name }, size: number }");
        await Apply(blueprint);
        await Edit("things", """{"fields":{"extra":"text","name":{"label":"Autre","name":"title"},"size":null}}""");
        await Execute("INSERT INTO things (title, extra) VALUES ('kept', 'kept too')");
        var done = await Apply(blueprint);
        Assert.Contains(done.Steps, step => step is RenameField { To: "name" });
        Assert.Contains(done.Steps, step => step is AddField { Column: "size" });
        Assert.DoesNotContain(done.Steps, step => step is DropField);
        Assert.Equal(1, await Ask<long>("SELECT count(*) FROM things WHERE name = 'kept' AND extra = 'kept too'"));
    }

    [Fact]
    public async Task A_table_made_by_hand_is_no_blueprints_until_one_describes_it()
    {
        await Apply(Things("fields: { name: text }"));
        var edit = await Schema();
        Right(await edit.Create(Json("""{"name":"by_hand","fields":{"a":"text"}}"""), Request(), TestContext.Current.CancellationToken));
        Assert.True((await Plan(Things("fields: { name: text }"))).IsEmpty);
        Assert.Equal(0, await Ask<long>("SELECT count(*) FROM socle_system.tables WHERE relation = 'by_hand'::regclass AND (blueprint IS NOT NULL OR made_by IS NOT NULL)"));
    }

    [Fact]
    public async Task What_is_taken_from_other_tables_is_made_renamed_and_dropped()
    {
        var edit = await Schema();
        Right(await edit.Create(Json("""{"name":"words","fields":{"word":{"type":"text","required":true},"kind":"text"}}"""), Request(), TestContext.Current.CancellationToken));
        Right(await edit.Create(Json("""{"name":"t","fields":{"a":"text","state":{"type":"choice","choices":{"from":"words","value":"word","where":"kind=eq.state"}},"word_id":{"type":"reference","to":"words"},"kind":{"type":"lookup","through":"word_id","field":"kind"},"b":"text"}}"""), Request(), TestContext.Current.CancellationToken));
        await Execute("INSERT INTO words (word, kind) VALUES ('x', 'state'), ('y', 'other'); INSERT INTO t (state) VALUES ('x')");
        await Assert.ThrowsAsync<PostgresException>(() => Execute("INSERT INTO t (state) VALUES ('y')"));
        await Edit("t", """{"fields":{"word_id":{"name":"w_id"},"kind":{"name":"sort"},"state":{"name":"etat"},"c":"text"}}""");
        Assert.Equal("a,etat,w_id,sort,b,c", string.Join(',', (await edit.Get("t", TestContext.Current.CancellationToken)).Value.Blueprint!.Fields.Select(field => field.Name).Except(["id", "created_at", "updated_at"])));
        await Assert.ThrowsAsync<PostgresException>(() => Execute("INSERT INTO t (etat) VALUES ('y')"));
        var refused = await edit.Drop("words", Request(), TestContext.Current.CancellationToken);
        Assert.Equal(FaultCode.StillReferenced, refused.Faults[0].Code);
        await Edit("t", """{"fields":{"sort":null,"etat":{"type":"text"},"w_id":null}}""");
        await Execute("INSERT INTO t (etat) VALUES ('y')");
        Right(await edit.Drop("words", Request(), TestContext.Current.CancellationToken));
        await Execute("DELETE FROM t WHERE etat = 'y'");
        await Down(4);
    }

    [Fact]
    public async Task Down_and_up_again_through_many_changes_keeps_every_value()
    {
        var edit = await Schema();
        Right(await edit.Create(Json("""{"name":"t","fields":{"a":{"type":"text","unique":true},"b":{"type":"decimal","precision":10,"scale":2},"c":{"type":"choice","choices":["x","y"]}},"search":["a"]}"""), Request(), TestContext.Current.CancellationToken));
        await Execute("INSERT INTO t (a, b, c) SELECT 'a' || i, i + 0.25, (ARRAY['x','y'])[1 + i % 2] FROM generate_series(1, 20) i");
        const string Content = "SELECT md5(string_agg(concat_ws('|', id, a, b, c), ',' ORDER BY id)) FROM t";
        var before = await Ask<string>(Content);
        await Edit("t", """{"fields":{"b":{"type":"text"}}}""");
        await Edit("t", """{"fields":{"a":{"name":"z"},"c":{"name":"a"}},"name":"u"}""");
        await Edit("u", """{"fields":{"z":null,"n":{"type":"number","default":5}},"timestamps":false}""");
        await Edit("u", """{"fields":{"a":{"type":"text","required":true}},"history":false}""");
        var after = await List(StructureOf.Served);
        await Down(4);
        Assert.Equal(before, await Ask<string>(Content));
        await Up();
        Assert.Equal(after, await List(StructureOf.Served));
        await Down(4);
        Assert.Equal(before, await Ask<string>(Content));
    }

    [Fact]
    public async Task Formulas_and_numbers_are_made_changed_and_follow_renames()
    {
        var edit = await Schema();
        Right(await edit.Create(Json("""{"name":"t","fields":{"price":"currency","count":"number","total":{"type":"formula","formula":"price * count"},"code":{"type":"autonumber","format":"T-{000}"}}}"""), Request(), TestContext.Current.CancellationToken));
        await Execute("INSERT INTO t (price, count) VALUES (2.5, 4)");
        await Edit("t", """{"fields":{"count":{"name":"pieces"},"extra":"text"}}""");
        Assert.Equal("10.00|T-001", await List("SELECT round(total, 2) || '|' || code FROM t"));
        await Edit("t", """{"fields":{"total":{"formula":"price * pieces + 1"},"code":{"format":"U-{000}"}}}""");
        await Execute("INSERT INTO t (price, pieces) VALUES (1, 1)");
        Assert.Equal("11.00 2.00", (await List("SELECT round(total, 2) FROM t ORDER BY price DESC")).Replace('\n', ' '));
        var refused = await edit.Change("t", Json("""{"fields":{"pieces":null}}"""), Request(), TestContext.Current.CancellationToken);
        Assert.StartsWith("fields.total", refused.Faults[0].Field, StringComparison.Ordinal);
        await Down(3);
    }

    private async Task Edit(string table, string body) =>
        Right(await (await Schema()).Change(table, Json(body), Request(), TestContext.Current.CancellationToken));

    private async Task<EditSchema> Schema()
    {
        var catalog = new LiveCatalog();
        await using var connection = await Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        catalog.Swap(await CatalogReader.Read(connection, SchemaChoice.Default, catalog.NextVersion(), TestContext.Current.CancellationToken));
        var database = Socle.Postgres.Database.Open(new NpgsqlConnectionStringBuilder(Database.ConnectionString), TimeSpan.FromSeconds(30));
        return new EditSchema(database, new SchemaChange(database, catalog, SchemaChoice.Default));
    }

    private async Task<T> Ask<T>(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    private static void Right(Result<SchemaEdit> edit) =>
        Assert.True(!edit.IsFault, edit.IsFault ? string.Join('\n', edit.Faults.Select(fault => $"{fault.Field}: {fault.Message.English}")) : "");

    private static EditRequest Request() => new("{}", new ChangeTerms(IsTrial: false, AllowsLoss: false, ChangeOrigin.New("schema")));

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
