namespace Socle.Postgres;

/// <summary>The OIDs of PostgreSQL's built-in types, which are fixed (src/include/catalog/pg_type.dat).</summary>
public static class PgTypes
{
    public const uint Boolean = 16;
    public const uint Bytea = 17;
    public const uint Char = 18;
    public const uint Name = 19;
    public const uint Int8 = 20;
    public const uint Int2 = 21;
    public const uint Int4 = 23;
    public const uint Text = 25;
    public const uint Oid = 26;
    public const uint Json = 114;
    public const uint Float4 = 700;
    public const uint Float8 = 701;
    public const uint Unknown = 705;
    public const uint BpChar = 1042;
    public const uint VarChar = 1043;
    public const uint Date = 1082;
    public const uint Time = 1083;
    public const uint Timestamp = 1114;
    public const uint TimestampTz = 1184;
    public const uint Interval = 1186;
    public const uint TimeTz = 1266;
    public const uint Numeric = 1700;
    public const uint Record = 2249;
    public const uint RecordArray = 2287;
    public const uint Uuid = 2950;
    public const uint TsVector = 3614;
    public const uint Jsonb = 3802;
}
