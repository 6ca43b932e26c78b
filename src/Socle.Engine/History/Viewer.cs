using Npgsql;
using Socle.Catalog;
using Socle.Kernel;
using Socle.Postgres;
using Socle.Records.Running;

namespace Socle.History;

/// <summary>Who looks into the history: which tables they see of it, and as whom PostgreSQL judges their records.</summary>
public sealed class Viewer
{
    private readonly Caller _caller;
    private readonly RoleSnapshot? _role;

    public Viewer(Caller caller, CatalogSnapshot snapshot)
    {
        _caller = caller;
        _role = snapshot.Access.FindRole(caller.Role);
        Seen = snapshot.For(caller);
    }

    /// <summary>The tables and fields that there are for them.</summary>
    public CatalogSnapshot Seen { get; }

    /// <summary>Whether no policy binds them: they see also what is not served any more.</summary>
    public bool SeesAll => _caller.IsOperator || _role is { IsAdmin: true };

    /// <summary>Whether they may look at what everybody did, and forget for good.</summary>
    public bool MayUndo => _caller.IsOperator || _role is { MayUndo: true };

    /// <summary>The table as they see it; null where they do not, or cannot tell its records apart.</summary>
    public TableSnapshot? Find(string? schema, string? name) =>
        schema is not null && name is not null && ServedTables.Find(Seen, schema, name) is { } table && (SeesAll || SeesKey(table)) ? table : null;

    public static bool SeesKey(TableSnapshot table) => !table.PrimaryKey.IsEmpty;

    /// <summary>Whether they may read all fields of all records of the table.</summary>
    public static bool SeesWhole(TableSnapshot table) =>
        SeesKey(table) && table.Rights.AllowsEveryRecord(PolicyAction.Read) && table.Rights.AllowsEveryField(PolicyAction.Read);

    /// <param name="origin">Where changes come from; null for a look.</param>
    public TransactionSettings SettingsFor(ChangeOrigin? origin) => RecordStore.SettingsOf(_caller, Seen, origin);

    /// <summary>Which of the table's images they may read.</summary>
    internal Visibility VisibilityOf(TableSnapshot table) => new(table, SettingsFor(origin: null));

    /// <summary>Whether the role's policies find the record that is there.</summary>
    internal async Task<bool> SeesPresent(NpgsqlConnection connection, KeptTable kept, string key, CancellationToken cancellation)
    {
        if (SeesAll)
            return true;
        var settings = SettingsFor(origin: null);
        await using var batch = new NpgsqlBatch(connection);
        if (!settings.IsEmpty)
            batch.BatchCommands.Add(settings.ToCommand());
        batch.BatchCommands.Add(new(settings.Mark(ImageStatements.IsThere(kept))) { Parameters = { new() { Value = key } } });
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        if (!settings.IsEmpty)
            await reader.NextResultAsync(cancellation);
        return await reader.ReadAsync(cancellation) && reader.GetBoolean(0);
    }

    /// <summary>Whether they may write every field that putting an image back writes, though perhaps not into every record.</summary>
    internal bool MayPutBack(KeptTable kept, TableSnapshot? table, PolicyAction action)
    {
        if (table is null)
            return SeesAll;
        var written = kept.Columns.Where(column => !column.IsGenerated && (action == PolicyAction.Create || !(column.IsAlwaysIdentity || kept.Key.Contains(column))));
        return table.Rights.Allows(action) && written.All(column => table.Rights.AllowsField(action, column.Name));
    }

    /// <summary>The ids of the tables of which they see all; null when they see everything.</summary>
    internal async Task<Guid[]?> WholeTables(NpgsqlConnection connection, CancellationToken cancellation) =>
        SeesAll ? null : await KeptTable.FindIds(connection, Seen.Tables.Where(SeesWhole), cancellation);
}
