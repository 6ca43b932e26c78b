using System.Collections.Immutable;
using Npgsql;
using Socle.Catalog;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.Views;

/// <param name="Widgets">All of them; null where they stay.</param>
public sealed record DashboardChange(Text? Label, ImmutableArray<WidgetDefinition>? Widgets, bool? IsShared, Sent<int?> Position);

/// <summary>
/// The dashboards. Everybody has those that are shared, and their own; the first shared one greets everybody. Takes dashboards; refuses
/// widgets that their tables and kinds do not allow, with every fault at once, and to change what everybody sees for roles that do not manage.
/// </summary>
public sealed class DashboardRegister(Database database, LiveCatalog catalog)
{
    private const string All = "SELECT d.id, d.key, d.label_en, d.label_fr, d.owner IS NULL, d.position, d.blueprint, d.created_at, d.updated_at FROM socle_system.dashboards d WHERE d.removed_at IS NULL AND (d.owner IS NULL OR d.owner = $1::uuid) AND ($2::uuid IS NULL OR d.id = $2::uuid) ORDER BY d.owner IS NOT NULL, d.position NULLS LAST, d.created_at, d.id";

    private const string Widgets = $"""
        SELECT w.dashboard_id, w.id, w.label_en, w.label_fr, w.kind, n.nspname::text, c.relname::text, w.query, socle_system.renamed_fields(w.fields)::text
        FROM socle_system.widgets w JOIN {StoredView.Tables} ON t.id = w.table_id
        WHERE $1::uuid IS NULL OR w.dashboard_id = $1::uuid
        ORDER BY w.dashboard_id, w.position
        """;

    /// <summary>The shared ones first.</summary>
    public Task<List<DashboardEntry>> List(Caller caller, CancellationToken cancellation) => List(caller, null, cancellation);

    public async Task<DashboardEntry?> Find(Caller caller, Guid id, CancellationToken cancellation) => (await List(caller, id, cancellation)).FirstOrDefault();

    public async Task<Result<DashboardEntry>> Create(Caller caller, Text label, ImmutableArray<WidgetDefinition> widgets, bool isShared, int? position, CancellationToken cancellation)
    {
        if (!catalog.Current.HasSystemSchema)
            return ViewFaults.NoSystemSchema;
        if (SharedRights.Refuse(caller, catalog.Current, isShared) is { } fault)
            return fault;
        if (Check(widgets, caller) is { IsEmpty: false } faults)
            return faults;
        await using var connection = await database.Requests.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var id = Guid.CreateVersion7();
        await Execute(connection, "INSERT INTO socle_system.dashboards (id, label_en, label_fr, owner, position) VALUES ($1, $2, $3, $4::uuid, $5::integer)", cancellation, id, label.English, label.French, isShared ? null : caller.UserId, position);
        await Write(connection, id, widgets, cancellation);
        await transaction.CommitAsync(CancellationToken.None);
        return await Find(caller, id, CancellationToken.None) is { } made ? made : ViewFaults.NoDashboard;
    }

    public async Task<Result<DashboardEntry>> Change(Caller caller, Guid id, DashboardChange change, CancellationToken cancellation)
    {
        if (await Find(caller, id, cancellation) is not { } stored)
            return ViewFaults.NoDashboard;
        var isShared = change.IsShared ?? stored.IsShared;
        if (SharedRights.Refuse(caller, catalog.Current, isShared || stored.IsShared) is { } fault)
            return fault;
        if (!isShared && caller.UserId is null)
            return ViewFaults.NoOwner;
        if (stored.Blueprint is not null && !isShared)
            return ViewFaults.StaysShared;
        if (change.Widgets is { } wanted && Check(wanted, caller) is { IsEmpty: false } faults)
            return faults;
        var label = change.Label ?? stored.Label;
        await using var connection = await database.Requests.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await Execute(
            connection,
            "UPDATE socle_system.dashboards SET label_en = $2, label_fr = $3, owner = $4::uuid, position = $5::integer, updated_at = now() WHERE id = $1",
            cancellation,
            id, label.English, label.French, isShared ? null : caller.UserId, change.Position.IsSent ? change.Position.Value : stored.Position);
        if (change.Widgets is { } widgets)
        {
            await Execute(connection, "DELETE FROM socle_system.widgets WHERE dashboard_id = $1", cancellation, id);
            await Write(connection, id, widgets, cancellation);
        }

        await transaction.CommitAsync(CancellationToken.None);
        return await Find(caller, id, CancellationToken.None) is { } changed ? changed : ViewFaults.NoDashboard;
    }

    /// <summary>What a blueprint made stays away until the blueprint says something else of it.</summary>
    public async Task<Result<DashboardEntry>> Delete(Caller caller, Guid id, CancellationToken cancellation)
    {
        if (await Find(caller, id, cancellation) is not { } stored)
            return ViewFaults.NoDashboard;
        if (SharedRights.Refuse(caller, catalog.Current, stored.IsShared) is { } fault)
            return fault;
        await database.Requests.Execute(
            "WITH kept AS (UPDATE socle_system.dashboards SET removed_at = now() WHERE id = $1 AND blueprint IS NOT NULL) DELETE FROM socle_system.dashboards WHERE id = $1 AND blueprint IS NULL", cancellation, id);
        return stored;
    }

    private async Task<List<DashboardEntry>> List(Caller caller, Guid? id, CancellationToken cancellation)
    {
        var whole = catalog.Current;
        if (!whole.HasSystemSchema)
            return [];
        var seen = whole.For(caller);
        var stored = await database.Requests.List(All, Read, cancellation, caller.UserId, id);
        var widgets = stored.Count == 0 ? [] : await database.Requests.List(Widgets, ReadWidget, cancellation, id);
        var shown = widgets.Select(widget => (widget.Dashboard, Entry: WidgetEntry.Of(widget, whole, seen))).Where(item => item.Entry is not null).ToLookup(item => item.Dashboard, item => item.Entry!);
        return stored.ConvertAll(dashboard => dashboard with { Widgets = [.. shown[dashboard.Id]] });
    }

    private ImmutableArray<Fault> Check(ImmutableArray<WidgetDefinition> widgets, Caller caller) =>
        [.. widgets.SelectMany((widget, i) => WidgetCheck.Check(widget, catalog.Current.For(caller)).Within($"widgets[{i}]"))];

    private async Task Write(NpgsqlConnection connection, Guid dashboard, ImmutableArray<WidgetDefinition> widgets, CancellationToken cancellation)
    {
        for (var i = 0; i < widgets.Length; i++)
        {
            var widget = widgets[i];
            var table = catalog.Current.FindTable(widget.Table)!;
            await Execute(
                connection,
                $"""
                INSERT INTO socle_system.widgets (dashboard_id, id, position, label_en, label_fr, kind, table_id, query, fields)
                SELECT $1, $2, $3, $4, $5, $6, t.id, $7, socle_system.field_ids(t.id, $8)
                FROM {StoredView.Tables} WHERE n.nspname = $9 AND c.relname = $10
                """,
                cancellation,
                dashboard, widget.Id, i, widget.Label.English, widget.Label.French, Kinds.Word(widget.Kind), widget.Query, SavedNames.Of(widget, catalog.Current).ToArray(), table.Schema, table.Names.Relation);
        }
    }

    private static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken cancellation, params object?[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection).With(values);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static DashboardEntry Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.Optional<string>(1), new Text(row.GetString(2), row.GetString(3)), row.GetBoolean(4), row.OptionalValue<int>(5), row.Optional<string>(6), row.GetFieldValue<DateTimeOffset>(7), row.GetFieldValue<DateTimeOffset>(8), []);

    private static StoredWidget ReadWidget(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetString(1), new Text(row.GetString(2), row.GetString(3)), Kinds.Widgets[row.GetString(4)], TableName.Qualify(row.GetString(5), row.GetString(6)), row.GetString(7), StoredView.ReadRenames(row.GetString(8)));
}
