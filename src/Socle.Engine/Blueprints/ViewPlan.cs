using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Npgsql;
using Socle.Catalog;
using Socle.Kernel;
using Socle.Postgres;
using Socle.Schema;
using Socle.Views;

namespace Socle.Blueprints;

/// <summary>
/// Takes the views and dashboards of a blueprint and those of the database, gives the steps between. What somebody changed of them
/// or took away by hand stays so until the blueprint says something else; what the blueprint no longer names goes.
/// </summary>
internal static class ViewPlan
{
    private const string Views = """
        SELECT c.relname::text, t.key, v.key, v.label_en, v.label_fr, v.kind, v.query, v.settings, v.fields::text, v.position, v.blueprint, v.asked, v.removed_at IS NOT NULL
        FROM socle_system.views v
        JOIN socle_system.tables t ON t.id = v.table_id
        JOIN pg_class c ON c.oid = t.relation AND c.relnamespace = 'public'::regnamespace
        WHERE v.blueprint IS NOT NULL
        ORDER BY c.relname, v.key
        """;

    private const string Dashboards = """
        SELECT d.key, d.label_en, d.label_fr, d.position, d.blueprint, d.asked, d.removed_at IS NOT NULL, w.id, w.label_en, w.label_fr, w.kind, w.table_id::text, w.query, w.fields::text
        FROM socle_system.dashboards d LEFT JOIN socle_system.widgets w ON w.dashboard_id = d.id
        WHERE d.blueprint IS NOT NULL
        ORDER BY d.key, w.position
        """;

    private sealed record ViewRow(string Table, string? TableKey, StoredViewRow View);

    public static async Task<ImmutableArray<SchemaStep>> Plan(NpgsqlConnection connection, Blueprint blueprint, CancellationToken cancellation)
    {
        var snapshot = PolicyChecks.Snapshot(blueprint);
        return [.. PlanViews(blueprint, await ReadViews(connection, cancellation), snapshot), .. PlanDashboards(blueprint, await ReadDashboards(connection, cancellation), snapshot)];
    }

    private static IEnumerable<SchemaStep> PlanViews(Blueprint blueprint, List<ViewRow> rows, CatalogSnapshot snapshot)
    {
        // What a table is called when the plan is done: its id outlives its name.
        var stored = rows.ToDictionary(row => (Table: blueprint.Tables.FirstOrDefault(table => table.Id is not null && table.Id == row.TableKey)?.Name ?? row.Table, row.View.Key), row => row.View);
        foreach (var table in blueprint.Tables)
        {
            for (var i = 0; i < table.Views.Length; i++)
            {
                var wanted = Wanted(table.Views[i], i, blueprint.Name, snapshot.FindTable(table.Name)!);
                stored.Remove((table.Name, wanted.Key), out var before);
                if (before?.Asked != wanted.Asked || before.Blueprint != blueprint.Name)
                    yield return new SetView(table.Name, wanted, before);
            }

            foreach (var ((_, _), gone) in stored.Where(row => row.Key.Table == table.Name && row.Value.Blueprint == blueprint.Name))
                yield return new RemoveView(table.Name, gone);
        }
    }

    private static IEnumerable<SchemaStep> PlanDashboards(Blueprint blueprint, Dictionary<string, StoredDashboardRow> stored, CatalogSnapshot snapshot)
    {
        for (var i = 0; i < blueprint.Dashboards.Length; i++)
        {
            var wanted = Wanted(blueprint.Dashboards[i], i, blueprint.Name, snapshot);
            stored.Remove(wanted.Key, out var before);
            if (before?.Asked != wanted.Asked || before.Blueprint != blueprint.Name)
                yield return new SetDashboard(wanted, before);
        }

        foreach (var gone in stored.Values.Where(row => row.Blueprint == blueprint.Name))
            yield return new RemoveDashboard(gone);
    }

    private static StoredViewRow Wanted(ViewBlueprint blueprint, int position, string name, TableSnapshot table)
    {
        var view = blueprint.View;
        var (kind, settings) = (Kinds.Word(view.Kind), view.Settings.ToJson());
        var asked = new JsonArray(view.Label.French, view.Label.English, kind, view.Query, settings, position).ToJsonString();
        return new StoredViewRow(blueprint.Key, view.Label, kind, view.Query, settings, SavedNames.Of(view, table), null, position, name, asked);
    }

    private static StoredDashboardRow Wanted(DashboardBlueprint blueprint, int position, string name, CatalogSnapshot snapshot)
    {
        ImmutableArray<StoredWidgetRow> widgets =
        [
            .. from item in blueprint.Widgets
               let widget = item.Widget
               select new StoredWidgetRow(widget.Id, widget.Label, Kinds.Word(widget.Kind), $"t.relation = {SchemaNames.Relation(widget.Table)}", widget.Query, SavedNames.Of(widget, snapshot), null),
        ];
        var asked = new JsonArray([blueprint.Label.French, blueprint.Label.English, position, .. widgets.Select(widget => new JsonArray(widget.Id, widget.Label.French, widget.Label.English, widget.Kind, widget.Table, widget.Query))]).ToJsonString();
        return new StoredDashboardRow(blueprint.Key, blueprint.Label, position, name, asked, IsRemoved: false, widgets);
    }

    private static async Task<List<ViewRow>> ReadViews(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Views, connection);
        return await command.List(
            row => new ViewRow(row.GetString(0), row.Optional<string>(1), new StoredViewRow(
                row.GetString(2), new Text(row.GetString(3), row.GetString(4)), row.GetString(5), row.GetString(6), row.GetString(7), null, row.GetString(8), row.OptionalValue<int>(9), row.GetString(10), row.Optional<string>(11) ?? "", row.GetBoolean(12))),
            cancellation);
    }

    private static async Task<Dictionary<string, StoredDashboardRow>> ReadDashboards(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Dashboards, connection);
        var rows = await command.List(
            row => (
                Dashboard: new StoredDashboardRow(row.GetString(0), new Text(row.GetString(1), row.GetString(2)), row.OptionalValue<int>(3), row.GetString(4), row.Optional<string>(5) ?? "", row.GetBoolean(6), []),
                Widget: row.IsDBNull(7) ? null : new StoredWidgetRow(row.GetString(7), new Text(row.GetString(8), row.GetString(9)), row.GetString(10), $"t.id = '{row.GetString(11)}'", row.GetString(12), null, row.GetString(13))),
            cancellation);
        return rows.GroupBy(row => row.Dashboard.Key).ToDictionary(group => group.Key, group => group.First().Dashboard with { Widgets = [.. group.Select(row => row.Widget).OfType<StoredWidgetRow>()] });
    }
}
