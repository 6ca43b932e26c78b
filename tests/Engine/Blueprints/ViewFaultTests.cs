using Socle.Blueprints;

namespace Socle.Tests.Blueprints;

/// <summary>What is wrong with the views and dashboards of a blueprint is told with its line, before there is a database.</summary>
public sealed class ViewFaultTests
{
    private const string Start = """
        blueprint: a
        tables:
          tasks:
            fields:
              name: text
              state: { type: choice, choices: [open, done] }
              due: date
              hours: number

        """;

    public static TheoryData<string, string> Wrong => new()
    {
        { "    views: { x: { query: 'select=name' } }", "9: Say the kind: grid, kanban, calendar, gallery, map, form, timeline." },
        { "    views: { x: { kind: kanbn } }", "9: The kind 'kanbn' is unknown. Did you mean 'kanban'?" },
        { "    views:\n      x: { kind: kanban }", "10: A view of kind kanban needs 'settings.group'" },
        { "    views:\n      x: { kind: kanban, settings: { group: due } }", "10: 'settings.group' must be a field of few values" },
        { "    views:\n      x: { kind: kanban, settings: { groupe: state } }", "10: A view of kind kanban has no setting 'groupe'. Did you mean 'group'?" },
        { "    views:\n      x:\n        kind: calendar\n        settings: { start: [due] }", "12: 'settings.start' must be the name of a field." },
        { "    views:\n      x: { kind: grid, query: 'select=nam' }", "10: 'tasks' has no field 'nam'. Did you mean 'name'?" },
        { "    views:\n      x: { kind: grid, query: 'state=eqq.open' }", "Did you mean \"eq\"?" },
        { "    views:\n      x: { kind: grid, query: 'hours=eq.viele' }", "10: The filter on 'hours' expects" },
        { "    views:\n      x: { kind: grid, query: 'limit=5' }", "10: 'limit' cannot be saved in the query" },
        { "    views:\n      x: { kind: grid, filter: 'state=eq.open' }", "10: The key 'filter' is unknown." },
        { "dashboards:\n  d: { widgets: {} }", "10: A dashboard needs at least one widget." },
        { "dashboards:\n  d: { widgets: { w: { kind: number, query: 'select=count()' } } }", "10: Say the table whose records it counts" },
        { "dashboards:\n  d: { widgets: { w: { kind: number, table: task, query: 'select=count()' } } }", "10: The table 'task' is unknown. Did you mean 'tasks'?" },
        { "dashboards:\n  d: { widgets: { w: { kind: number, table: tasks, query: 'select=name' } } }", "10: A widget of kind number counts or sums" },
        { "dashboards:\n  d: { widgets: { w: { kind: number, table: tasks, query: 'select=state,count()' } } }", "10: A widget of kind number shows one" },
        { "dashboards:\n  d: { widgets: { w: { kind: line, table: tasks, query: 'select=hours.sum()' } } }", "10: A widget of kind line compares groups" },
        { "dashboards:\n  d: { widgets: { w: { kind: line, table: tasks, query: 'select=hours.month(),count()' } } }", "10: 'month()' works on days and moments" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_fault_has_its_line(string lines, string expected) => Assert.Contains(expected, Asked.Faults(Start + lines), StringComparison.Ordinal);

    [Fact]
    public void What_is_right_is_read()
    {
        var blueprint = Asked.Blueprint(Start + """
                views:
                  board: { label: { fr: Tableau, en: Board }, kind: kanban, query: "select=name&or=(due.is.null,due.gte.{today-30})", settings: { group: state } }
                  columns: { kind: grid, settings: { columns: [name, { field: due, width: 120 }] } }
            dashboards:
              home: { widgets: { load: { kind: line, table: tasks, query: "select=due.month(),hours.sum()&due=gte.{year}&order=due.month()" } } }
            """);

        Assert.Equal(["board", "columns"], blueprint.Tables[0].Views.Select(view => view.Key));
        Assert.Equal("""{"columns":[{"field":"name"},{"field":"due","width":120}]}""", blueprint.Tables[0].Views[1].View.Settings.ToJson());
        Assert.Equal("load", Assert.Single(Assert.Single(blueprint.Dashboards).Widgets).Widget.Id);
    }
}
