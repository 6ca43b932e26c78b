using System.Collections.Frozen;
using System.Text.RegularExpressions;
using Socle.Catalog;
using Socle.Postgres;

namespace Socle.Records.Planning;

/// <summary>The types a caller may cast to: a closed list, so that no cast runs a lookup or reveals a name.</summary>
internal static partial class Casts
{
    private static readonly FrozenDictionary<string, PgType> Known = new PgType[]
    {
        new(PgTypes.Text, "text", PgKind.Text),
        new(PgTypes.VarChar, "varchar", PgKind.Text),
        new(PgTypes.VarChar, "character varying", PgKind.Text),
        new(PgTypes.BpChar, "char", PgKind.Text),
        new(PgTypes.Int2, "int2", PgKind.Integer),
        new(PgTypes.Int2, "smallint", PgKind.Integer),
        new(PgTypes.Int4, "int", PgKind.Integer),
        new(PgTypes.Int4, "int4", PgKind.Integer),
        new(PgTypes.Int4, "integer", PgKind.Integer),
        new(PgTypes.Int8, "int8", PgKind.Integer),
        new(PgTypes.Int8, "bigint", PgKind.Integer),
        new(PgTypes.Numeric, "numeric", PgKind.Numeric),
        new(PgTypes.Numeric, "decimal", PgKind.Numeric),
        new(PgTypes.Float4, "float4", PgKind.Float),
        new(PgTypes.Float4, "real", PgKind.Float),
        new(PgTypes.Float8, "float8", PgKind.Float),
        new(PgTypes.Float8, "double precision", PgKind.Float),
        new(PgTypes.Boolean, "bool", PgKind.Boolean),
        new(PgTypes.Boolean, "boolean", PgKind.Boolean),
        new(PgTypes.Date, "date", PgKind.Date),
        new(PgTypes.Time, "time", PgKind.Time),
        new(PgTypes.Timestamp, "timestamp", PgKind.Timestamp),
        new(PgTypes.Timestamp, "timestamp without time zone", PgKind.Timestamp),
        new(PgTypes.TimestampTz, "timestamptz", PgKind.TimestampTz),
        new(PgTypes.TimestampTz, "timestamp with time zone", PgKind.TimestampTz),
        new(PgTypes.Interval, "interval", PgKind.Interval),
        new(PgTypes.Uuid, "uuid", PgKind.Uuid),
        new(PgTypes.Json, "json", PgKind.Json),
        new(PgTypes.Jsonb, "jsonb", PgKind.Jsonb),
    }.ToFrozenDictionary(type => type.SqlName);

    public static IEnumerable<string> Names => Known.Keys;

    /// <summary>The type of that name, with its length or precision and as an array where written so; its SqlName is safe to put into SQL.</summary>
    public static PgType? Find(string text)
    {
        var match = Shape().Match(text);
        if (!match.Success || !Known.TryGetValue(match.Groups["name"].Value.ToLowerInvariant(), out var type))
            return null;
        var modifier = match.Groups["modifier"].Value;
        if (modifier.Length > 0 && (type.Oid == PgTypes.Text || type.Kind is not (PgKind.Numeric or PgKind.Text or PgKind.Time or PgKind.Timestamp or PgKind.TimestampTz)))
            return null;
        var named = type with { SqlName = type.SqlName.Contains(' ') ? type.SqlName : type.SqlName + modifier };
        return match.Groups["array"].Success ? new PgType(0, named.SqlName + "[]", PgKind.Array, named) : named;
    }

    [GeneratedRegex(@"^\s*(?<name>[A-Za-z0-9]+(?: [A-Za-z]+)*)\s*(?<modifier>\(\d{1,4}(?:,\s*\d{1,3})?\))?\s*(?<array>\[\])?\s*$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Shape();
}
