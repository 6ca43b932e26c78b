using Socle.Blueprints;
using Socle.Blueprints.Live;

namespace Socle.Tests.Postgres.Schema;

/// <summary>Views and dashboards of a blueprint: what an apply changes of them, and what it leaves.</summary>
public sealed class ViewStepTests(TestServer server) : SchemaScenario(server)
{
    private static Blueprint Tasks(string views = "", string dashboards = "", string field = "state: text") => Read(
        $"""
        blueprint: test
        tables:
          tasks:
            fields:
              name: text
              {field}
            {(views.Length == 0 ? "" : $"views: {{ {views} }}")}
        {(dashboards.Length == 0 ? "" : $"dashboards: {{ {dashboards} }}")}
        """);

    private const string Board = "board: { kind: kanban, query: 'select=name,state&order=state', settings: { group: state } }";

    private Task<string> Stored() => List("SELECT concat_ws(' ', v.key, v.label_en, v.kind, v.query, v.settings, CASE WHEN v.removed_at IS NOT NULL THEN 'removed' END) FROM socle_system.views v ORDER BY v.position");

    [Fact]
    public async Task What_the_blueprint_says_of_a_view_is_changed_and_taken_back()
    {
        await Apply(Tasks(Board));
        await Apply(Tasks("board: { label: Board, kind: grid, query: 'select=name' }, all: { kind: grid }"));
        Assert.Equal("board Board grid select=name {}\nall all grid  {}", await Stored());

        await Down();
        Assert.Equal("""board board kanban select=name,state&order=state {"group":"state"}""", await Stored());
        await Up();
        Assert.Equal("board Board grid select=name {}\nall all grid  {}", await Stored());

        await Apply(Tasks());
        Assert.Equal("", await Stored());
        await Down();
        Assert.Equal("board Board grid select=name {}\nall all grid  {}", await Stored());
    }

    [Fact]
    public async Task What_somebody_changed_or_took_away_by_hand_stays_until_the_blueprint_says_something_else()
    {
        await Apply(Tasks(Board + ", all: { kind: grid }"));
        await Execute("UPDATE socle_system.views SET query = 'select=name' WHERE key = 'board'; UPDATE socle_system.views SET removed_at = now() WHERE key = 'all'");

        Assert.True((await Apply(Tasks(Board + ", all: { kind: grid }"))).IsEmpty);
        Assert.Equal("board board kanban select=name {\"group\":\"state\"}\nall all grid  {} removed", await Stored());

        await Apply(Tasks(Board.Replace("order=state", "order=name", StringComparison.Ordinal) + ", all: { label: All, kind: grid }"));
        Assert.Equal("board board kanban select=name,state&order=name {\"group\":\"state\"}\nall All grid  {}", await Stored());
        await Down();
        Assert.Equal("board board kanban select=name {\"group\":\"state\"}\nall all grid  {} removed", await Stored());
    }

    [Fact]
    public async Task Views_that_people_made_stay_when_the_blueprint_changes()
    {
        await Apply(Tasks(Board));
        await Execute("INSERT INTO socle_system.views (table_id, label_en, label_fr, kind) SELECT id, 'Mine', 'Le mien', 'grid' FROM socle_system.tables WHERE relation = 'tasks'::regclass");
        await Apply(Tasks());

        Assert.Equal("Mine grid  {}", await Stored());
    }

    [Fact]
    public async Task A_view_follows_its_table_and_fields_through_renames_and_aside()
    {
        await Apply(Tasks(Board));
        await Apply(Tasks(Board.Replace("state", "phase", StringComparison.Ordinal), field: "phase: { id: state, type: text }"));
        Assert.Equal("""board board kanban select=name,phase&order=phase {"group":"phase"}""", await Stored());
        await Down();
        Assert.Equal("{}", await List("SELECT socle_system.renamed_fields(fields) FROM socle_system.views"));

        // A view that nobody rewrote knows its fields by their ids.
        await Execute("ALTER TABLE tasks RENAME COLUMN state TO stage; SELECT socle_system.refresh_fields()");
        Assert.Equal("""{"state": "stage"}""", await List("SELECT socle_system.renamed_fields(fields) FROM socle_system.views"));
    }

    [Fact]
    public async Task Dashboards_come_change_and_go()
    {
        const string Count = "home: { widgets: { all: { kind: number, table: tasks, query: 'select=count()' } } }";
        await Apply(Tasks(dashboards: Count));
        await Apply(Tasks(dashboards: Count.Replace("number", "pie", StringComparison.Ordinal).Replace("select=count()", "select=state,count()", StringComparison.Ordinal)));
        Assert.Equal("all pie select=state,count()", await Widgets());
        await Down();
        Assert.Equal("all number select=count()", await Widgets());
        await Up();
        Assert.Equal("all pie select=state,count()", await Widgets());
        await Apply(Tasks());
        Assert.Equal("", await Widgets());
    }

    private Task<string> Widgets() => List("SELECT concat_ws(' ', w.id, w.kind, w.query) FROM socle_system.widgets w ORDER BY w.position");

    [Fact]
    public async Task What_is_there_can_be_said_as_a_blueprint_again()
    {
        var crm = BlueprintLibrary.Find("crm").Value;
        await Apply(crm);
        await Execute("INSERT INTO socle_system.views (table_id, label_en, label_fr, kind, query) SELECT id, 'By Town!', 'Par ville', 'grid', 'select=city,count()' FROM socle_system.tables WHERE relation = 'clients'::regclass");
        await using var connection = await Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        var live = await LiveViews.Read(connection, crm.Tables, TestContext.Current.CancellationToken);

        foreach (var table in crm.Tables)
        {
            var views = live.Of(table.Name)?.Where(view => view.Key != "by_town").ToDictionary() ?? [];
            Assert.Equal(table.Views.Select(view => view.Key), views.Keys);
            foreach (var view in table.Views)
            {
                Assert.Equal(view.View.Query, (string?)views[view.Key]!["query"] ?? "");
                Assert.Equal(view.View.Settings.ToJson(), views[view.Key]!["settings"]?.ToJsonString() ?? "{}");
                Assert.Equal(view.View.Label.French, (string)views[view.Key]!["label"]!["fr"]!);
            }
        }

        Assert.Equal("select=city,count()", (string)live.Of("clients")!["by_town"]!["query"]!);
        var dashboard = Assert.Single(crm.Dashboards);
        Assert.Equal(dashboard.Widgets.Select(widget => widget.Widget.Query), live.AllDashboards[dashboard.Key]!["widgets"]!.AsObject().Select(widget => (string)widget.Value!["query"]!));
    }

    [Fact]
    public async Task The_blueprint_that_is_written_out_makes_the_same_views_elsewhere()
    {
        await Apply(BlueprintLibrary.Find("crm").Value);
        var text = (await EditSchema.Write(Database, "again", Socle.Kernel.Language.English, TestContext.Current.CancellationToken)).Value;
        var again = Read(text);

        var crm = BlueprintLibrary.Find("crm").Value;
        Assert.Equal(
            crm.Tables.OrderBy(table => table.Name, StringComparer.Ordinal).SelectMany(table => table.Views).Select(view => (view.Key, view.View.Label, view.View.Kind, view.View.Query, view.View.Settings.ToJson())),
            again.Tables.OrderBy(table => table.Name, StringComparer.Ordinal).SelectMany(table => table.Views).Select(view => (view.Key, view.View.Label, view.View.Kind, view.View.Query, view.View.Settings.ToJson())));
        Assert.Equal(crm.Dashboards.SelectMany(dashboard => dashboard.Widgets).Select(widget => widget.Widget), again.Dashboards.SelectMany(dashboard => dashboard.Widgets).Select(widget => widget.Widget));
    }
}
