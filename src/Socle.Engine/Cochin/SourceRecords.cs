using System.Runtime.CompilerServices;

namespace Socle.Cochin;

/// <summary>A record with everything that Cochin stored under its number.</summary>
internal sealed record SourceRecord(long Id, string? CustomId, DateTimeOffset? CreatedAt, DateTimeOffset? UpdatedAt, List<SourceValue> Values);

internal readonly record struct SourceValue(long? Field, string? Text);

/// <summary>The records of a table of Cochin, in the order of their ids, put together from the rows of its values.</summary>
internal static class SourceRecords
{
    public static IAsyncEnumerable<SourceRecord> Read(SqliteFile file, CochinDatabase source, long table, CancellationToken cancellation) =>
        Read(file, source, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"r.table_id = {table}"), cancellation);

    /// <summary>Records of tables that are not there.</summary>
    public static IAsyncEnumerable<SourceRecord> ReadLost(SqliteFile file, CochinDatabase source, CancellationToken cancellation) =>
        Read(file, source, "r.table_id NOT IN (SELECT id FROM database_dynamictable)", cancellation);

    /// <summary>Values of records that are not there, by the number of the record.</summary>
    public static async IAsyncEnumerable<(long? Record, SourceValue Value)> ReadLostValues(SqliteFile file, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var row in file.Rows($"SELECT json_array(v.record_id, v.field_id, {Value}) FROM database_dynamicvalue v WHERE NOT EXISTS (SELECT 1 FROM database_dynamicrecord r WHERE r.id = v.record_id) ORDER BY v.id", cancellation))
            yield return (CochinReader.Number(row[0]), new SourceValue(CochinReader.Number(row[1]), CochinReader.Text(row[2])));
    }

    /// <summary>What PostgreSQL's text cannot hold is marked as such.</summary>
    public static string Clean(string text) => text.Replace('\0', '\ufffd');

    private const string Value = "CASE typeof(v.value) WHEN 'blob' THEN hex(v.value) ELSE v.value END";

    private static async IAsyncEnumerable<SourceRecord> Read(SqliteFile file, CochinDatabase source, string condition, [EnumeratorCancellation] CancellationToken cancellation)
    {
        string Column(string name) => source.RecordColumns.Contains(name) ? $"r.{name}" : "NULL";
        SourceRecord? record = null;
        await foreach (var row in file.Rows(
            $"""
            SELECT json_array(r.id, {Column("custom_id")}, {Column("created_at")}, {Column("updated_at")}, v.id, v.field_id, {Value})
            FROM database_dynamicrecord r LEFT JOIN database_dynamicvalue v ON v.record_id = r.id WHERE {condition} ORDER BY r.id, v.id
            """,
            cancellation))
        {
            var id = row[0].GetInt64();
            if (record?.Id != id)
            {
                if (record is not null)
                    yield return record;
                record = new SourceRecord(id, CochinReader.Text(row[1]), CochinParts.Moment(row[2]), CochinParts.Moment(row[3]), []);
            }

            if (CochinReader.Number(row[4]) is not null)
                record.Values.Add(new SourceValue(CochinReader.Number(row[5]), CochinReader.Text(row[6])));
        }

        if (record is not null)
            yield return record;
    }
}
