using System.Collections.Immutable;
using Npgsql;
using Socle.Catalog;
using Socle.FieldTypes;
using Socle.Kernel;
using Socle.Postgres;
using Socle.Records.Statements;

namespace Socle.Records.Running;

/// <summary>
/// Takes a field, gives what a form may offer for it. The values of a choice belong to the field, and whoever sees the field sees
/// them, wherever they are kept; a reference leads to records, and of those the caller sees what their policies show. Refuses fields of other kinds.
/// </summary>
public sealed class FieldChoices(Database database)
{
    /// <summary>More than anybody looks through.</summary>
    public const int Most = 1000;

    /// <param name="caller">Who asks.</param>
    /// <param name="snapshot">All that there is.</param>
    /// <param name="table">The table's name.</param>
    /// <param name="field">The field's name.</param>
    /// <param name="cancellation">The caller left.</param>
    public async Task<Result<ImmutableArray<Choice>>> List(Caller caller, CatalogSnapshot snapshot, string table, string field, CancellationToken cancellation)
    {
        var seen = snapshot.For(caller).GetTable(table);
        if (seen.IsFault)
            return seen.Faults;
        if (seen.Value.FindField(field) is not { } asked)
            return Planning.PlanFaults.UnknownField(seen.Value, field) with { Code = FaultCode.NotFound };
        if (asked.Settings.ChoicesFrom is { } source)
            return await FromRows(snapshot, asked, source, cancellation);
        if (asked.Settings.Choices is { } choices)
            return choices.ToImmutableArray();
        if (asked.ColumnType.Labels is { Count: > 0 } labels)
            return labels.Select(label => new Choice(label, new Text(label, label))).ToImmutableArray();
        return snapshot.For(caller).RelationsOf(seen.Value).FirstOrDefault(relation => relation.IsForward && relation.Columns is [var pair] && pair.Own == asked.Name) is { } relation
            ? await FromRecords(caller, snapshot, asked, relation, cancellation)
            : NoChoices(asked);
    }

    private async Task<Result<ImmutableArray<Choice>>> FromRows(CatalogSnapshot snapshot, FieldSnapshot field, ChoiceSource source, CancellationToken cancellation)
    {
        if (snapshot.FindTable(source.From) is not { } table || table.FindField(source.Value) is not { Way: null } value)
            return Changed(field, source.From);
        var condition = LimitCondition.Compile(table, source.Where);
        if (condition.IsFault)
            return Changed(field, source.From);
        var label = source.Label is { } name ? table.FindField(name) : null;
        var order = new[] { source.Order is { } first ? table.FindField(first) : null, label, value }.OfType<FieldSnapshot>();
        return await Read(
            $"SELECT {Text(value)}, {Text(label ?? value)} FROM {table.SqlName} AS s WHERE {condition.Value.Write("s")} AND s.{value.SqlName} IS NOT NULL ORDER BY {string.Join(", ", order.Select(column => $"s.{column.SqlName}"))} LIMIT {Most}",
            new TransactionSettings(null, null, null),
            cancellation);
    }

    private async Task<Result<ImmutableArray<Choice>>> FromRecords(Caller caller, CatalogSnapshot snapshot, FieldSnapshot field, Relation relation, CancellationToken cancellation)
    {
        var table = relation.Target;
        var condition = LimitCondition.Compile(table, field.Settings.Where);
        if (condition.IsFault)
            return Changed(field, table.Name);
        var id = Sql.Identifier(relation.Columns[0].Other);
        // What people search by is what they know a record by.
        var label = table.SearchFields.Concat(table.Fields.Where(other => other.ColumnType.Kind == PgKind.Text)).FirstOrDefault(other => other.Way is null);
        return await Read(
            $"SELECT s.{id}::text, {(label is null ? $"s.{id}::text" : Text(label))} FROM {table.SqlName} AS s WHERE {condition.Value.Write("s")} ORDER BY 2, 1 LIMIT {Most}",
            RecordStore.SettingsOf(caller, snapshot, origin: null),
            cancellation);
    }

    private async Task<Result<ImmutableArray<Choice>>> Read(string sql, TransactionSettings settings, CancellationToken cancellation)
    {
        try
        {
            await using var connection = await database.Requests.OpenConnectionAsync(cancellation);
            await using var batch = new NpgsqlBatch(connection);
            if (!settings.IsEmpty)
                batch.BatchCommands.Add(settings.ToCommand());
            batch.BatchCommands.Add(new(settings.Mark(sql)));
            await using var reader = await batch.ExecuteReaderAsync(cancellation);
            if (!settings.IsEmpty)
                await reader.NextResultAsync(cancellation);
            var choices = new Dictionary<string, Choice>();
            while (await reader.ReadAsync(cancellation))
            {
                var value = reader.GetString(0);
                var label = reader.IsDBNull(1) ? value : reader.GetString(1);
                choices.TryAdd(value, new Choice(value, new Text(label, label)));
            }

            return choices.Values.ToImmutableArray();
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException or IOException && DatabaseFaults.Find(exception) is { } fault)
        {
            return fault;
        }
    }

    private static string Text(FieldSnapshot field) => $"s.{field.SqlName}::text";

    private static Fault NoChoices(FieldSnapshot field) => new(
        FaultCode.NotFound,
        $"'{field.ApiName}' has no choices: it is neither a choice nor a reference.",
        $"« {field.ApiName} » n'a pas de choix : ce n'est ni un choix ni une référence.");

    private static Fault Changed(FieldSnapshot field, string table) => new(
        FaultCode.Conflict,
        $"'{field.ApiName}' takes its choices from '{table}', which has been changed since. Apply the blueprint again.",
        $"« {field.ApiName} » tire ses choix de « {table} », qui a changé depuis. Appliquez à nouveau le blueprint.");
}
