using Socle.Postgres;

namespace Socle.History;

/// <summary>
/// The statements that put records back as they were. Each takes its records from a source of (id, key, image) and works
/// on all of them at once. What the image does not know stays as it is, or takes its default; what PostgreSQL computes is left to it.
/// </summary>
internal static class ImageStatements
{
    // Names that no column has by chance: PostgreSQL would take the column for the row.
    private const string Row = "\"socle:row\"", Present = "\"socle:present\"", Source = "\"socle:source\"", Image = "\"socle:image\"";

    /// <summary>Entries of the history by their ids, $1.</summary>
    public static string Entries(KeptTable table) =>
        $"(SELECT h.id, h.key, {ImageOf(table, "h.id", "h.before")} AS image FROM socle_system.history h WHERE h.id = ANY ($1))";

    /// <summary>One record: its key is $1, its image $2.</summary>
    public const string Given = "(SELECT 0::bigint AS id, $1::text AS key, $2::text::json AS image)";

    public static string ImageOf(KeptTable table, string id, string before) =>
        table.IsRenamed ? $"socle_system.image({Sql.Literal(table.Id.ToString())}, {id}, {before})" : before;

    /// <summary>Takes away; answers the ids of those that were there.</summary>
    public static string Delete(KeptTable table, string source) =>
        $"DELETE FROM {table.Sql} AS {Row} USING {source} AS {Source} WHERE {Match(table, Row)} RETURNING {Source}.id";

    /// <summary>Answers the ids of those that were there.</summary>
    public static string Update(KeptTable table, string source)
    {
        var columns = table.Columns.Where(column => column is { IsGenerated: false, IsAlwaysIdentity: false } && !table.Key.Contains(column)).ToList();
        if (columns.Count == 0)
            return Lock(table, source);
        var key = string.Join(" AND ", table.Key.Select(column => $"{Row}.{Name(column)} = {Present}.{Name(column)}"));
        return $"""
            UPDATE {table.Sql} AS {Row}
            SET {string.Join(", ", columns.Select(column => $"{Name(column)} = {Value(column)}"))}
            FROM {source} AS {Source}
            JOIN {table.Sql} AS {Present} ON {Match(table, Present)}
            CROSS JOIN LATERAL json_populate_record({Present}, {Source}.image) AS {Image}
            WHERE {key}
            RETURNING {Source}.id
            """;
    }

    public static string Insert(KeptTable table, string source)
    {
        var columns = table.Columns.Where(column => !column.IsGenerated).ToList();
        return $"""
            INSERT INTO {table.Sql} ({string.Join(", ", columns.Select(Name))}) OVERRIDING SYSTEM VALUE
            SELECT {string.Join(", ", columns.Select(Inserted))}
            FROM {source} AS {Source}
            CROSS JOIN LATERAL json_populate_record(NULL::{table.Sql}, {Source}.image) AS {Image}
            """;
    }

    /// <summary>Keeps others from changing the records until the transaction ends.</summary>
    public static string Lock(KeptTable table, string source) =>
        $"SELECT {Source}.id FROM {source} AS {Source} JOIN {table.Sql} AS {Row} ON {Match(table, Row)} FOR UPDATE OF {Row}";

    /// <summary>Whether a record is there for whoever asks; its key is $1.</summary>
    public static string IsThere(KeptTable table) =>
        $"SELECT EXISTS (SELECT FROM (SELECT $1::text AS key) AS {Source} JOIN {table.Sql} AS {Row} ON {Match(table, Row)})";

    /// <summary>The records as JSON.</summary>
    public static string Read(KeptTable table, string source) =>
        $"SELECT row_to_json({Row})::text FROM {source} AS {Source} JOIN {table.Sql} AS {Row} ON {Match(table, Row)}";

    /// <summary>The ids of those that other records refer to; references among the records themselves do not count.</summary>
    public static string Referenced(KeptTable table, InboundReference reference, string source)
    {
        const string other = "\"socle:other\"";
        var same = string.Join(" AND ", reference.Columns.Zip(reference.Targets, (column, target) => $"{other}.{Sql.Identifier(column)} = {Row}.{Sql.Identifier(target)}"));
        var own = reference.IsOwn ? $" AND NOT EXISTS (SELECT FROM {source} AS {Source} WHERE {Match(table, other)})" : "";
        return $"""
            SELECT {Source}.id FROM {source} AS {Source} JOIN {table.Sql} AS {Row} ON {Match(table, Row)}
            WHERE EXISTS (SELECT FROM {Sql.Identifier(reference.Schema, reference.Table)} AS {other} WHERE {same}{own})
            """;
    }

    /// <summary>An id as the history writes it, from the values that an address gives: $1 and so on.</summary>
    public static string Key(KeptTable table) => table.Key.Length == 1
        ? $"CAST($1::text AS {table.Key[0].Type})::text"
        : string.Join(" || ',' || ", table.Key.Select((column, i) => $"socle_system.key_part(CAST(${i + 1}::text AS {column.Type})::text)"));

    private static string Match(KeptTable table, string row) => table.Key.Length == 1
        ? $"{row}.{Name(table.Key[0])} = {Source}.key::{table.Key[0].Type}"
        : string.Join(" AND ", table.Key.Select((column, i) => $"{row}.{Name(column)} = (socle_system.key_values({Source}.key))[{i + 1}]::{column.Type}"));

    /// <summary>The null of json and the null of SQL look alike in an image.</summary>
    private static string Value(KeptColumn column) =>
        column is { IsRequired: true, Type: "json" or "jsonb" } ? $"coalesce({Image}.{Name(column)}, 'null')" : $"{Image}.{Name(column)}";

    private static string Inserted(KeptColumn column) => column.Default is null
        ? Value(column)
        : $"CASE WHEN {Source}.image -> {Sql.Literal(column.Name)} IS NULL THEN {column.Default} ELSE {Value(column)} END";

    private static string Name(KeptColumn column) => Sql.Identifier(column.Name);
}
