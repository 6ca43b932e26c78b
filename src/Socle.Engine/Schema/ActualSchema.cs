using System.Collections.Immutable;
using System.Text.Json;
using Npgsql;
using Socle.Catalog;
using Socle.Rules;

namespace Socle.Schema;

/// <summary>Takes a connection, a schema and names, gives those of the tables that exist, in PostgreSQL's own words. Knows only what a difference needs.</summary>
internal static class ActualSchema
{
    public static async Task<ImmutableArray<TableShape>> Read(NpgsqlConnection connection, string schema, IEnumerable<string> names, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        string[] queries =
        [
            ActualSchemaQueries.Tables, ActualSchemaQueries.Columns, ActualSchemaQueries.Indexes, ActualSchemaQueries.Checks, ActualSchemaQueries.ForeignKeys, ActualSchemaQueries.Fields, ActualSchemaQueries.Parts, ActualSchemaQueries.Limits, ActualSchemaQueries.Rules,
        ];
        var wanted = names.ToArray();
        foreach (var query in queries)
            batch.BatchCommands.Add(new NpgsqlBatchCommand(query) { Parameters = { new() { Value = schema }, new() { Value = wanted } } });

        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var tables = await ReadAll(reader, ReadTable, cancellation);
        var columns = await ReadParts(reader, ReadColumn, cancellation);
        var indexes = await ReadParts(reader, ReadIndex, cancellation);
        var checks = await ReadParts(reader, row => new CheckShape(row.GetString(1), row.GetString(2), row.GetBoolean(3)), cancellation);
        var keys = await ReadParts(reader, row => new ForeignKeyShape(row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetBoolean(5)), cancellation);
        var fields = await ReadParts(reader, ReadField, cancellation);
        var parts = await ReadParts(reader, ReadPart, cancellation);
        var limits = await ReadParts(reader, ReadLimit, cancellation);
        var rules = await ReadParts(reader, row => KeptRules.Read(row.GetString(1), FindText(row, 2), row.GetString(3)), cancellation);
        return
        [
            .. tables.Select(table => table.Shape with
            {
                Columns = [.. columns[table.Oid]],
                Indexes = [.. indexes[table.Oid]],
                Checks = [.. checks[table.Oid]],
                ForeignKeys = [.. keys[table.Oid]],
                Parts = [.. parts[table.Oid]],
                Limits = [.. limits[table.Oid]],
                Rules = [.. rules[table.Oid]],
                Metadata = table.Shape.Metadata is { } metadata ? metadata with { Fields = [.. fields[table.Oid]] } : null,
            }),
        ];
    }

    private static async Task<List<T>> ReadAll<T>(NpgsqlDataReader reader, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellation))
            rows.Add(read(reader));
        return rows;
    }

    /// <summary>The next result, by the table whose oid stands in its first column.</summary>
    private static async Task<ILookup<uint, T>> ReadParts<T>(NpgsqlDataReader reader, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
        await reader.NextResultAsync(cancellation);
        return (await ReadAll(reader, row => (row.GetFieldValue<uint>(0), read(row)), cancellation)).ToLookup(row => row.Item1, row => row.Item2);
    }

    private static (uint Oid, TableShape Shape) ReadTable(NpgsqlDataReader row)
    {
        var metadata = row.GetBoolean(4)
            ? new TableMetadata(
                FindText(row, 5),
                new Label(FindText(row, 6), FindText(row, 7)),
                row.IsDBNull(8) ? null : [.. row.GetFieldValue<string[]>(8)],
                [],
                FindText(row, 9),
                FindText(row, 10))
            : null;
        return (
            row.GetFieldValue<uint>(0),
            new TableShape(
                row.GetString(1),
                Columns: [],
                Key: [.. row.GetFieldValue<string[]>(2)],
                Indexes: [],
                Checks: [],
                ForeignKeys: [],
                KeepsUpdatedAt: row.GetBoolean(3),
                metadata,
                KeepsHistory: row.GetBoolean(11))
            {
                HoldsFiles = row.GetBoolean(12),
            });
    }

    private static ColumnShape ReadColumn(NpgsqlDataReader row) =>
        new(row.GetString(1), row.GetString(2), row.GetBoolean(3), FindText(row, 4), row.GetBoolean(5))
        {
            Generated = FindText(row, 6),
            Inputs = [.. row.GetFieldValue<string[]>(7)],
            Number = row.IsDBNull(8) ? null : new NumberShape(row.GetString(8), row.GetString(9), row.GetBoolean(10)),
        };

    private static IndexShape ReadIndex(NpgsqlDataReader row)
    {
        var definition = row.GetString(3);
        const string Using = " USING ";
        return new IndexShape(
            row.GetString(1),
            row.GetBoolean(2),
            definition[(definition.IndexOf(Using, StringComparison.Ordinal) + Using.Length)..],
            row.GetBoolean(4),
            row.GetBoolean(5));
    }

    /// <summary>Settings are told in this version's own form, so that only a difference in meaning is one.</summary>
    private static FieldMetadata ReadField(NpgsqlDataReader row) => new(
        row.GetString(1),
        row.GetString(2),
        new Label(FindText(row, 3), FindText(row, 4)),
        JsonSerializer.Serialize(JsonSerializer.Deserialize(row.GetString(5), FieldSettingsJson.Default.FieldSettings)!, FieldSettingsJson.Default.FieldSettings),
        FindText(row, 6),
        FindText(row, 7),
        row.IsDBNull(8) ? null : row.GetInt32(8));

    private static LimitShape ReadLimit(NpgsqlDataReader row) =>
        new(row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), FindText(row, 5), [.. row.GetFieldValue<string[]>(6)]);

    private static PartShape ReadPart(NpgsqlDataReader row) => new(
        row.GetString(1),
        row.GetString(2),
        row.GetBoolean(3),
        row.GetBoolean(4),
        row.GetBoolean(5),
        row.GetBoolean(6),
        row.GetBoolean(7),
        row.GetBoolean(8),
        [.. row.GetFieldValue<string[]>(9)],
        row.GetString(10),
        FindText(row, 11));

    private static string? FindText(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
