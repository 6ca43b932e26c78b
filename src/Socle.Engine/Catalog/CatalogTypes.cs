using Npgsql;
using Socle.Postgres;

namespace Socle.Catalog;

/// <summary>Turns pg_type rows into <see cref="PgType"/>: domains become their base type, arrays know their element.</summary>
internal static class CatalogTypes
{
    public sealed record Row(uint Oid, string SqlName, char Type, char Category, uint Element, uint Base, string[]? Labels);

    public static Row ReadRow(NpgsqlDataReader row) => new(
        row.GetFieldValue<uint>(0),
        row.GetString(1),
        row.GetChar(2),
        row.GetChar(3),
        row.GetFieldValue<uint>(4),
        row.GetFieldValue<uint>(5),
        row.IsDBNull(6) ? null : row.GetFieldValue<string[]>(6));

    public static PgType Build(uint oid, IReadOnlyDictionary<uint, Row> rows)
    {
        var row = rows[oid];
        if (row.Type == 'd' && rows.ContainsKey(row.Base))
        {
            var type = Build(row.Base, rows);
            return type with { SqlName = row.SqlName, BaseName = type.BaseName ?? type.SqlName };
        }

        var element = row.Category == 'A' && rows.ContainsKey(row.Element) ? Build(row.Element, rows) : null;
        return new PgType(oid, row.SqlName, KindOf(row), element, row.Labels);
    }

    private static PgKind KindOf(Row row) => row.Type switch
    {
        'e' => PgKind.Enum,
        'c' => PgKind.Composite,
        'r' or 'm' => PgKind.Range,
        _ => KindOfBase(row),
    };

    private static PgKind KindOfBase(Row row) => row.Oid switch
    {
        PgTypes.Int2 or PgTypes.Int4 or PgTypes.Int8 => PgKind.Integer,
        PgTypes.Numeric => PgKind.Numeric,
        PgTypes.Float4 or PgTypes.Float8 => PgKind.Float,
        PgTypes.Boolean => PgKind.Boolean,
        PgTypes.Date => PgKind.Date,
        PgTypes.Timestamp => PgKind.Timestamp,
        PgTypes.TimestampTz => PgKind.TimestampTz,
        PgTypes.Time => PgKind.Time,
        PgTypes.Interval => PgKind.Interval,
        PgTypes.Uuid => PgKind.Uuid,
        PgTypes.Json => PgKind.Json,
        PgTypes.Jsonb => PgKind.Jsonb,
        PgTypes.Bytea => PgKind.Bytea,
        PgTypes.TsVector => PgKind.TsVector,
        // citext and other string types of extensions are text with other comparisons.
        _ when row.Category == 'S' => PgKind.Text,
        _ when row.Category == 'A' => PgKind.Array,
        _ => PgKind.Other,
    };
}
