using System.Collections.Immutable;
using System.Text.Json;
using Npgsql;
using Socle.FieldTypes;
using Socle.Kernel;
using Socle.Postgres;
using Socle.Rules;

namespace Socle.Catalog;

/// <summary>
/// Takes a connection, gives the snapshot of the served schemas as they are now: pg_catalog joined
/// with Socle's own metadata, where the database holds any. Refuses nothing: what it does not know is served as it is.
/// </summary>
public static class CatalogReader
{
    /// <summary>The schema of the tables that blueprints make.</summary>
    public const string ServedSchema = "public";

    public static async Task<CatalogSnapshot> Read(NpgsqlConnection connection, SchemaChoice choice, long version, CancellationToken cancellation)
    {
        var hasSystemSchema = await ReadHasSystemSchema(connection, cancellation);
        string[] schemas = [.. await ReadSchemas(connection, choice, hasSystemSchema, cancellation), .. hasSystemSchema && !choice.IsAdopted ? [TableName.SystemSchema] : Array.Empty<string>()];
        await using var batch = new NpgsqlBatch(connection);
        foreach (var query in new[] { CatalogQueries.Types, CatalogQueries.Tables(hasSystemSchema), CatalogQueries.Columns(hasSystemSchema), CatalogQueries.Uniques, CatalogQueries.Constraints, CatalogQueries.Computed(hasSystemSchema) })
            batch.BatchCommands.Add(new NpgsqlBatchCommand(query) { Parameters = { new() { Value = schemas } } });

        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var types = await ReadTypes(reader, cancellation);
        await reader.NextResultAsync(cancellation);
        var tables = await ReadAll(reader, ReadTable, cancellation);
        await reader.NextResultAsync(cancellation);
        var columns = FormulaNames.Follow(await ReadAll(reader, row => ReadColumn(row, types), cancellation)).ToLookup(item => item.Table, item => item.Column);
        await reader.NextResultAsync(cancellation);
        var uniques = (await ReadAll(reader, ReadUnique, cancellation)).ToLookup(unique => unique.Table);
        await reader.NextResultAsync(cancellation);
        var constraints = (await ReadAll(reader, ReadConstraint, cancellation)).ToLookup(constraint => constraint.Table);

        await reader.NextResultAsync(cancellation);
        var computed = (await ReadAll(reader, ReadComputed, cancellation)).ToLookup(item => item.Table, item => item.Field);

        var names = TableName.ForAll([.. tables.Select(table => (table.Schema, table.Name))]);
        var byOid = tables.Zip(names).ToDictionary(pair => pair.First.Oid, pair => pair.Second);
        await reader.DisposeAsync();
        var access = hasSystemSchema && !choice.IsAdopted ? await AccessReader.Read(connection, cancellation) : AccessRules.BuiltIn;
        var rules = await RuleRows.Read(connection, hasSystemSchema && !choice.IsAdopted, cancellation);
        var built = tables.ConvertAll(table => Build(table, byOid, [.. columns[table.Oid]], uniques[table.Oid], [.. constraints[table.Oid]], [.. computed[table.Oid]], rules[table.Oid]));
        return new CatalogSnapshot(
            [.. built.Where(table => table.Schema != TableName.SystemSchema)],
            version,
            hasSystemSchema,
            access,
            [.. built.Where(table => table.Schema == TableName.SystemSchema)]);
    }

    /// <summary>Whether the database holds Socle's own tables.</summary>
    public static async Task<bool> ReadHasSystemSchema(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(CatalogQueries.HasSystemSchema, connection);
        return (bool)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private static async Task<string[]> ReadSchemas(NpgsqlConnection connection, SchemaChoice choice, bool hasSystemSchema, CancellationToken cancellation)
    {
        var isNamed = choice.Names.Length > 0 || (hasSystemSchema && !choice.IsAdopted);
        await using var command = new NpgsqlCommand(isNamed ? CatalogQueries.NamedSchemas : CatalogQueries.Schemas, connection);
        if (isNamed)
            command.Parameters.Add(new() { Value = choice.Names is { IsEmpty: false } names ? names.ToArray() : [ServedSchema] });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return [.. await ReadAll(reader, row => row.GetString(0), cancellation)];
    }

    private static TableSnapshot Build(TableRow row, Dictionary<uint, TableName> names, List<FieldSnapshot> fields, IEnumerable<UniqueRow> uniqueRows, List<ConstraintRow> constraints, ImmutableArray<ComputedField> computed, IEnumerable<KeptRule> rules)
    {
        // Columns that would get one name in camelCase stay as they are in the database.
        var shared = fields.SelectMany(field => new[] { field.Name, field.ApiName }.Distinct()).GroupBy(name => name).Where(group => group.Count() > 1).Select(group => group.Key).ToHashSet();
        for (var i = 0; i < fields.Count; i++)
        {
            var apiName = shared.Contains(fields[i].ApiName) ? fields[i].Name : fields[i].ApiName;
            fields[i] = fields[i].At(i, apiName);
        }

        ImmutableArray<FieldSnapshot> Named(IEnumerable<string> wanted) => [.. wanted.Select(name => fields.First(field => field.Name == name))];
        // A column that the user may not read is not there, and neither is a key that needs it.
        var uniques = uniqueRows.Where(unique => unique.Columns.All(name => fields.Exists(field => field.Name == name))).Select(unique => new UniqueSnapshot(unique.Name, Named(unique.Columns), unique.IsPlain, unique.IsPrimary, unique.Definition)).ToImmutableArray();
        var isWritable = row.Kind is TableKind.Table or TableKind.View or TableKind.ForeignTable;
        return new TableSnapshot(names[row.Oid], row.Kind, fields)
        {
            PrimaryKey = uniques.FirstOrDefault(unique => unique.IsPrimary)?.Fields ?? [],
            Uniques = uniques,
            ForeignKeys = [.. constraints.Where(item => item.TargetTable is not null).Select(item => new ForeignKeySnapshot(item.Name, item.Columns, names.GetValueOrDefault(item.Target)?.Served ?? item.TargetTable!, item.TargetColumns) { PartitionNames = item.Names })],
            Checks = [.. constraints.Where(item => item.TargetTable is null).Select(item => new CheckSnapshot(item.Name, item.Columns))],
            SearchFields = row.Search is null
                ? [.. fields.Where(field => field.ColumnType.Kind == PgKind.Text && field.Type is not SecretField)]
                : [.. fields.Where(field => row.Search.Contains(field.Name)).OrderBy(field => Array.IndexOf(row.Search, field.Name))],
            Label = row.Label ?? new Text(names[row.Oid].Served, names[row.Oid].Served),
            IsInsertable = isWritable && row.IsInsertable,
            IsUpdatable = isWritable && row.IsUpdatable,
            IsDeletable = isWritable && row.IsDeletable,
            IsPartitioned = row.IsPartitioned,
            HasHistory = row.HasHistory,
            Computed = [.. computed.Where(field => fields.TrueForAll(column => column.Name != field.Name))],
            Rules = RuleRows.Compile(fields, rules),
        };
    }

    private static async Task<List<T>> ReadAll<T>(NpgsqlDataReader reader, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellation))
            rows.Add(read(reader));
        return rows;
    }

    private static async Task<Dictionary<uint, PgType>> ReadTypes(NpgsqlDataReader reader, CancellationToken cancellation)
    {
        var rows = (await ReadAll(reader, CatalogTypes.ReadRow, cancellation)).ToDictionary(row => row.Oid);
        return rows.Keys.ToDictionary(oid => oid, oid => CatalogTypes.Build(oid, rows));
    }

    private sealed record TableRow(uint Oid, string Schema, string Name, TableKind Kind, bool IsInsertable, bool IsUpdatable, bool IsDeletable, bool IsPartitioned, Text? Label, string[]? Search, bool HasHistory);

    private sealed record UniqueRow(uint Table, string Name, string[] Columns, bool IsPlain, bool IsPrimary, string? Definition);

    private sealed record ConstraintRow(uint Table, string Name, ImmutableArray<string> Columns, uint Target, string? TargetTable, ImmutableArray<string> TargetColumns, ImmutableArray<string> Names);

    private static TableRow ReadTable(NpgsqlDataReader row) => new(
        row.GetFieldValue<uint>(0),
        row.GetString(1),
        row.GetString(2),
        row.GetChar(3) switch
        {
            'v' => TableKind.View,
            'm' => TableKind.MaterializedView,
            'f' => TableKind.ForeignTable,
            _ => TableKind.Table,
        },
        row.GetBoolean(4),
        row.GetBoolean(5),
        row.GetBoolean(9),
        row.GetChar(3) == 'p',
        ReadLabel(row, 6, row.GetString(2)),
        row.IsDBNull(8) ? null : row.GetFieldValue<string[]>(8),
        row.GetBoolean(10));

    private static NotedColumn ReadColumn(NpgsqlDataReader row, Dictionary<uint, PgType> types)
    {
        var name = row.GetString(1);
        var type = types[row.GetFieldValue<uint>(2)] with { SqlName = row.GetString(3) };
        var settings = row.IsDBNull(8) ? FieldSettings.None : JsonSerializer.Deserialize(row.GetString(8), FieldSettingsJson.Default.FieldSettings)!;
        // A column that somebody made under a computed field's name is what it is.
        var fieldType = row.IsDBNull(7) || FieldTypeRegistry.Find(row.GetString(7)) is not { HasColumn: true } known ? null : known;
        var isGenerated = row.GetBoolean(6);
        // created_at and updated_at are kept where a blueprint asked for it; elsewhere they are columns like others.
        var isKept = row.GetBoolean(12) && !row.IsDBNull(5) && type.Kind is PgKind.TimestampTz or PgKind.Timestamp;
        var field = new FieldSnapshot(
            name,
            ApiNames.ToCamelCase(name),
            type,
            fieldType ?? FieldTypeRegistry.ForColumn(type),
            settings,
            IsRequired: row.GetBoolean(4),
            Default: row.IsDBNull(5) ? null : row.GetString(5),
            IsReadOnly: isGenerated || isKept || fieldType is AutonumberField,
            IsIdentity: row.GetBoolean(11),
            ReadLabel(row, 9, name))
        {
            Position = row.IsDBNull(14) ? null : row.GetInt32(14),
        };
        return new NotedColumn(row.GetFieldValue<uint>(0), row.IsDBNull(13) ? null : row.GetString(13), field);
    }

    private static (uint Table, ComputedField Field) ReadComputed(NpgsqlDataReader row) => (
        row.GetFieldValue<uint>(0),
        new ComputedField(
            row.GetString(1),
            FieldTypeRegistry.Find(row.GetString(2))!,
            JsonSerializer.Deserialize(row.GetString(3), FieldSettingsJson.Default.FieldSettings)!,
            ReadLabel(row, 4, row.GetString(1)),
            row.IsDBNull(6) ? null : row.GetInt32(6)));

    private static UniqueRow ReadUnique(NpgsqlDataReader row) => new(
        row.GetFieldValue<uint>(0),
        row.GetString(1),
        row.GetFieldValue<string[]>(2),
        row.GetBoolean(3),
        row.GetBoolean(4),
        row.IsDBNull(5) ? null : row.GetString(5));

    private static ConstraintRow ReadConstraint(NpgsqlDataReader row) => new(
        row.GetFieldValue<uint>(0),
        row.GetString(1),
        [.. row.GetFieldValue<string[]>(2)],
        row.GetFieldValue<uint>(3),
        row.IsDBNull(4) ? null : TableName.Qualify(row.GetString(5), row.GetString(4)),
        [.. row.GetFieldValue<string[]>(6)],
        [.. row.GetFieldValue<string[]>(7)]);

    /// <summary>The label in two neighbouring columns, English first; a missing language falls back on the other.</summary>
    private static Text? ReadLabel(NpgsqlDataReader row, int column, string name)
    {
        var english = row.IsDBNull(column) ? null : row.GetString(column);
        var french = row.IsDBNull(column + 1) ? null : row.GetString(column + 1);
        return english is null && french is null ? null : new Text(english ?? french ?? name, french ?? english ?? name);
    }
}
