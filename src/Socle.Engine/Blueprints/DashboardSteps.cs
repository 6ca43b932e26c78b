using System.Collections.Immutable;
using Socle.Kernel;
using Socle.Schema;

namespace Socle.Blueprints;

/// <summary>A dashboard as a blueprint makes it, or as socle_system.dashboards has it.</summary>
/// <param name="Asked">What the blueprint says of it.</param>
/// <param name="IsRemoved">Somebody took it away.</param>
public sealed record StoredDashboardRow(string Key, Text Label, int? Position, string Blueprint, string Asked, bool IsRemoved, ImmutableArray<StoredWidgetRow> Widgets);

/// <param name="Table">The condition by which its row of socle_system.tables is found.</param>
/// <param name="Fields">The columns that it names; null for one that is kept already.</param>
/// <param name="StoredFields">As the database has them, for one that is kept already.</param>
public sealed record StoredWidgetRow(string Id, Text Label, string Kind, string Table, string Query, ImmutableArray<string>? Fields, string? StoredFields);

/// <summary>Makes a dashboard, or says something else of it.</summary>
/// <param name="Before">What it is until now; null when there is none.</param>
public sealed record SetDashboard(StoredDashboardRow Dashboard, StoredDashboardRow? Before) : SchemaStep
{
    public override string? Table => null;

    public override StepOrder Order => StepOrder.View;

    public override TableLock Lock => TableLock.None;

    public override Text Words => Before is null
        ? new($"add the dashboard {Dashboard.Key}", $"ajouter le tableau de bord {Dashboard.Key}")
        : new($"change the dashboard {Dashboard.Key}", $"modifier le tableau de bord {Dashboard.Key}");

    public override string Sql => Write(Dashboard);

    public override string Down => Before is null ? RemoveDashboard.Delete(Dashboard.Key) : Write(Before);

    internal static string Write(StoredDashboardRow dashboard)
    {
        var key = AccessText.Constant(dashboard.Key);
        return string.Join(";\n", [
            $"""
            INSERT INTO socle_system.dashboards (key, label_en, label_fr, position, blueprint, asked, removed_at)
            VALUES ({key}, {AccessText.Constant(dashboard.Label.English)}, {AccessText.Constant(dashboard.Label.French)}, {ViewText.Number(dashboard.Position)}, {AccessText.Constant(dashboard.Blueprint)}, {AccessText.Constant(dashboard.Asked)}, {(dashboard.IsRemoved ? "now()" : "NULL")})
            ON CONFLICT (key) DO UPDATE SET label_en = excluded.label_en, label_fr = excluded.label_fr, position = excluded.position, blueprint = excluded.blueprint, asked = excluded.asked, removed_at = excluded.removed_at, updated_at = now()
            """,
            $"DELETE FROM socle_system.widgets w USING socle_system.dashboards d WHERE d.id = w.dashboard_id AND d.key = {key}",
            .. dashboard.Widgets.Select((widget, i) =>
                $"""
                INSERT INTO socle_system.widgets (dashboard_id, id, position, label_en, label_fr, kind, table_id, query, fields)
                SELECT d.id, {AccessText.Constant(widget.Id)}, {ViewText.Number(i)}, {AccessText.Constant(widget.Label.English)}, {AccessText.Constant(widget.Label.French)}, {AccessText.Constant(widget.Kind)}, t.id, {AccessText.Constant(widget.Query)}, {ViewText.Fields(widget.Fields, widget.StoredFields)}
                FROM socle_system.dashboards d, socle_system.tables t WHERE d.key = {key} AND {widget.Table}
                """),
        ]);
    }
}

/// <summary>Removes a dashboard that the blueprint made and no longer names.</summary>
public sealed record RemoveDashboard(StoredDashboardRow Dashboard) : SchemaStep
{
    public override string? Table => null;

    public override StepOrder Order => StepOrder.View;

    public override TableLock Lock => TableLock.None;

    public override Text Words => new($"remove the dashboard {Dashboard.Key}", $"retirer le tableau de bord {Dashboard.Key}");

    public override string Sql => Delete(Dashboard.Key);

    public override string Down => SetDashboard.Write(Dashboard);

    internal static string Delete(string key) => $"DELETE FROM socle_system.dashboards WHERE key = {AccessText.Constant(key)}";
}
