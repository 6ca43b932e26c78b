using Socle.Catalog;
using Socle.Grammar;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.Views;

/// <param name="Position">Its place among the others; null for the end.</param>
public sealed record ViewChange(Text? Label, ViewKind? Kind, string? Query, System.Text.Json.JsonElement? Settings, bool? IsShared, Sent<int?> Position);

/// <summary>A value that was sent, perhaps as null, or that was not.</summary>
public readonly record struct Sent<T>(bool IsSent, T? Value);

/// <summary>
/// The saved views. Everybody has those that are shared, and their own. Takes views; refuses those that their table and kind do not
/// allow, with every fault at once, and to change what everybody sees for roles that do not manage.
/// </summary>
public sealed class ViewRegister(Database database, LiveCatalog catalog)
{
    private const string All = $"SELECT {StoredView.Columns} FROM socle_system.views v JOIN {StoredView.Tables} ON t.id = v.table_id WHERE v.removed_at IS NULL AND (v.owner IS NULL OR v.owner = $1::uuid)";

    /// <param name="caller">Who looks.</param>
    /// <param name="table">Of one table only; null for all.</param>
    /// <param name="cancellation">The caller left.</param>
    public async Task<List<ViewEntry>> List(Caller caller, TableSnapshot? table, CancellationToken cancellation)
    {
        var whole = catalog.Current;
        if (!whole.HasSystemSchema)
            return [];
        var stored = await database.Requests.List($"{All} ORDER BY n.nspname, c.relname, {StoredView.Order}", StoredView.Read, cancellation, caller.UserId);
        return [.. stored.Where(view => table is null || view.Table == table.Names.Qualified).Select(view => ViewEntry.Of(view, whole, whole.For(caller))).OfType<ViewEntry>()];
    }

    public async Task<ViewEntry?> Find(Caller caller, Guid id, CancellationToken cancellation)
    {
        var whole = catalog.Current;
        return await FindStored(caller, id, cancellation) is { } stored ? ViewEntry.Of(stored, whole, whole.For(caller)) : null;
    }

    public async Task<Result<ViewEntry>> Create(Caller caller, TableSnapshot table, ViewDefinition view, bool isShared, int? position, CancellationToken cancellation)
    {
        if (!catalog.Current.HasSystemSchema)
            return ViewFaults.NoSystemSchema;
        if (SharedRights.Refuse(caller, catalog.Current, isShared) is { } fault)
            return fault;
        if (ViewCheck.Check(view, table, catalog.Current.For(caller)) is { IsEmpty: false } faults)
            return faults;
        var made = await database.Requests.List(
            $"""
            INSERT INTO socle_system.views (table_id, label_en, label_fr, kind, query, settings, fields, owner, position)
            SELECT t.id, $3, $4, $5, $6, $7, socle_system.field_ids(t.id, $8), $9::uuid, $10::integer
            FROM {StoredView.Tables} WHERE n.nspname = $1 AND c.relname = $2
            RETURNING id
            """,
            row => row.GetGuid(0),
            cancellation,
            table.Schema, table.Names.Relation, view.Label.English, view.Label.French, Kinds.Word(view.Kind), view.Query, view.Settings.ToJson(), Names(view, table.Names.Qualified), isShared ? null : caller.UserId, position);
        return made is [var id] && await Find(caller, id, cancellation) is { } entry ? entry : ViewFaults.NoSystemSchema;
    }

    public async Task<Result<ViewEntry>> Change(Caller caller, Guid id, ViewChange change, CancellationToken cancellation)
    {
        if (await FindStored(caller, id, cancellation) is not { } stored || ViewEntry.Of(stored, catalog.Current, catalog.Current.For(caller)) is not { Table: var table })
            return ViewFaults.NotFound;
        var isShared = change.IsShared ?? stored.Owner is null;
        if (SharedRights.Refuse(caller, catalog.Current, isShared || stored.Owner is null) is { } fault)
            return fault;
        var view = Merge(stored, change);
        if (view.IsFault)
            return view.Faults.AddRange(change.Query is { } text ? ViewCheck.CheckQuery(text, ViewSettings.None, table, catalog.Current.For(caller)) : []);
        // A new label does not ask whether the fields are still there.
        var isOther = change.Kind is not null || change.Query is not null || change.Settings is not null;
        if (isOther && ViewCheck.Check(view.Value, table, catalog.Current.For(caller)) is { IsEmpty: false } faults)
            return faults;
        var owner = isShared ? null : stored.Owner ?? caller.UserId;
        if (owner is null && !isShared)
            return ViewFaults.NoOwner;
        if (stored.Blueprint is not null && !isShared)
            return ViewFaults.StaysShared;
        await database.Requests.Execute(
            """
            UPDATE socle_system.views SET label_en = $2, label_fr = $3, kind = $4, query = $5, settings = $6,
                fields = CASE WHEN $7 THEN socle_system.field_ids(table_id, $8) ELSE fields END, owner = $9::uuid, position = $10::integer, updated_at = now()
            WHERE id = $1
            """,
            cancellation,
            id, view.Value.Label.English, view.Value.Label.French, Kinds.Word(view.Value.Kind), view.Value.Query, view.Value.Settings.ToJson(),
            isOther || stored.Renames.Count > 0, Names(view.Value, stored.Table), owner, change.Position.IsSent ? change.Position.Value : stored.Position);
        return await Find(caller, id, cancellation) is { } entry ? entry : ViewFaults.NotFound;
    }

    /// <summary>What a blueprint made stays away until the blueprint says something else of it.</summary>
    public async Task<Result<ViewEntry>> Delete(Caller caller, Guid id, CancellationToken cancellation)
    {
        if (await Find(caller, id, cancellation) is not { } view)
            return ViewFaults.NotFound;
        if (SharedRights.Refuse(caller, catalog.Current, view.IsShared) is { } fault)
            return fault;
        await database.Requests.Execute(
            "WITH kept AS (UPDATE socle_system.views SET removed_at = now() WHERE id = $1 AND blueprint IS NOT NULL) DELETE FROM socle_system.views WHERE id = $1 AND blueprint IS NULL", cancellation, id);
        return view;
    }

    /// <summary>The query as it is to run for the caller now, without the page that they ask of it.</summary>
    public RecordQuery Fill(ViewEntry view, Caller caller, TimeZoneInfo zone) =>
        ViewCheck.Complete(Placeholders.For(caller.UserId, zone).Fill(view.Tree, view.Table, catalog.Current.For(caller)), view.Settings, view.Table);

    private async Task<StoredView?> FindStored(Caller caller, Guid id, CancellationToken cancellation) =>
        catalog.Current.HasSystemSchema ? await database.Requests.Find($"{All} AND v.id = $2", StoredView.Read, cancellation, caller.UserId, id) : null;

    private static Result<ViewDefinition> Merge(StoredView stored, ViewChange change)
    {
        var kind = change.Kind ?? stored.Kind;
        using var kept = System.Text.Json.JsonDocument.Parse(stored.Settings);
        var settings = ViewSettingsReader.Read(kind, change.Settings ?? kept.RootElement);
        if (settings.IsFault)
            return settings.Faults;
        var query = SavedQuery.Read(stored.Query, mayLimit: false);
        var text = stored.Renames.Count == 0 || query.IsFault ? stored.Query : QueryWriter.Write(SavedQuery.Rename(query.Value, stored.Renames));
        return new ViewDefinition(change.Label ?? stored.Label, kind, change.Query ?? text, change.Settings is null ? SavedQuery.Rename(settings.Value, stored.Renames) : settings.Value);
    }

    /// <summary>Also those that the caller does not see.</summary>
    private string[] Names(ViewDefinition view, string table) =>
        catalog.Current.FindTable(table) is { } all ? [.. SavedNames.Of(view, all)] : [];
}
