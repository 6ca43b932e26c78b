using System.Collections.Immutable;
using System.Text.Json;
using Socle.Kernel;

namespace Socle.Cochin;

/// <summary>Takes an SQLite file, gives what the Cochin database in it says of itself. Refuses another program's database, and tables that are none.</summary>
internal sealed class CochinReader(SqliteFile file, CancellationToken cancellation)
{
    /// <summary>The columns without which nothing can be told.</summary>
    private static readonly (string Table, string[] Columns)[] Needed =
    [
        ("database_dynamictable", ["id", "name", "slug"]),
        ("database_dynamicfield", ["id", "table_id", "name", "slug", "field_type"]),
        ("database_dynamicrecord", ["id", "table_id"]),
        ("database_dynamicvalue", ["id", "record_id", "field_id", "value"]),
    ];

    private readonly Dictionary<string, HashSet<string>> _columns = [];

    public async Task<Result<CochinDatabase>> Read()
    {
        if (await ReadShape() is { } fault)
            return fault;
        var fields = (await file.List(
            $"SELECT json_array(id, table_id, name, slug, field_type, {Optional("database_dynamicfield", "is_required", "0")}, {Optional("database_dynamicfield", "related_table_id", "NULL")}) FROM database_dynamicfield ORDER BY table_id, {Optional("database_dynamicfield", "\"order\"", "0")}, id",
            row => new CochinField(Number(row[0]) ?? 0, Number(row[1]) ?? 0, Word(row[2]), Word(row[3]), Word(row[4]), IsTrue(row[5]), Number(row[6])),
            cancellation)).ToLookup(field => field.Table);
        var tables = await file.List(
            "SELECT json_array(id, name, slug) FROM database_dynamictable ORDER BY id",
            row => (Id: Number(row[0]) ?? 0, Name: Word(row[1]), Slug: Word(row[2])),
            cancellation);
        var parts = new CochinParts(file, _columns, cancellation);
        return new CochinDatabase(
            [.. tables.Select(table => new CochinTable(table.Id, table.Name, table.Slug, [.. fields[table.Id]]))],
            await parts.ReadRules(),
            await parts.ReadUsers(),
            [.. _columns["database_dynamicrecord"]],
            await parts.ReadLeftOut());
    }

    /// <summary>Tables may be anything in a file that somebody made on purpose: views that never end, virtual tables, columns that compute.</summary>
    private async Task<Fault?> ReadShape()
    {
        var odd = new HashSet<string>();
        await foreach (var row in file.Rows(
            "SELECT json_array(s.name, s.type = 'table' AND upper(ltrim(s.sql)) NOT LIKE 'CREATE VIRTUAL%', i.name, i.hidden, i.pk, upper(i.type)) FROM sqlite_schema s, pragma_table_xinfo(s.name) i WHERE s.type IN ('table', 'view') AND s.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
            cancellation))
        {
            var (table, column) = (Word(row[0]), Word(row[2]));
            if (!IsTrue(row[1]) || Number(row[3]) != 0 || (column == "id" && (Number(row[4]) != 1 || Word(row[5]) is not ("INTEGER" or "BIGINT"))))
                odd.Add(table);
            if (!_columns.TryGetValue(table, out var columns))
                _columns[table] = columns = [];
            columns.Add(column);
        }

        foreach (var (table, columns) in Needed)
        {
            if (!_columns.TryGetValue(table, out var found))
                return SqliteFaults.WrongShape($"it has no table {table}", $"il n'a pas de table {table}");
            if (columns.FirstOrDefault(column => !found.Contains(column)) is { } missing)
                return SqliteFaults.WrongShape($"{table} has no column {missing}", $"{table} n'a pas de colonne {missing}");
            if (odd.Contains(table))
                return SqliteFaults.WrongShape($"{table} is no ordinary table", $"{table} n'est pas une table ordinaire");
        }

        // Other tables of that kind are left out.
        foreach (var table in odd)
            _columns.Remove(table);
        return null;
    }

    private string Optional(string table, string column, string otherwise) => _columns[table].Contains(column.Trim('"')) ? column : otherwise;

    internal static string Word(JsonElement value) => Text(value) ?? "";

    /// <summary>Whatever SQLite holds, as text; null for NULL.</summary>
    internal static string? Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String => value.GetString(),
        _ => value.GetRawText(),
    };

    internal static long? Number(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : null;

    internal static bool IsTrue(JsonElement value) => Number(value) == 1;
}
