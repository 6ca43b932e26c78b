using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Text.Json;

namespace Socle.Postgres.Wire;

/// <summary>
/// Takes a value in PostgreSQL's binary form and its type's OID, writes it as JSON the way row_to_json would,
/// without a string in between. What it does not know is text: enums and the string types of extensions are.
/// </summary>
public static class WireFormat
{
    private const uint Bool = 16, Bytea = 17, Int8 = 20, Int2 = 21, Int4 = 23, Text = 25, Oid = 26, VarChar = 1043, Json = 114, Float4 = 700, Float8 = 701;
    private const uint Date = 1082, Time = 1083, Timestamp = 1114, TimestampTz = 1184, Interval = 1186, Numeric = 1700, Uuid = 2950, Jsonb = 3802;

    /// <summary>pg_type.typarray of the types above and of the plain text types.</summary>
    private static readonly FrozenSet<uint> Arrays = new uint[]
    {
        1000, 1001, 1002, 1003, 1005, 1007, 1009, 1014, 1015, 1016, 1021, 1022, 1028, 1115, 1182, 1183, 1185, 1187, 1231, 2951, 199, 3807,
    }.ToFrozenSet();

    public static bool IsArray(uint oid) => Arrays.Contains(oid);

    public static void WriteJson(Utf8JsonWriter json, uint oid, ReadOnlySpan<byte> value)
    {
        switch (oid)
        {
            case Text or VarChar:
                json.WriteStringValue(value);
                break;
            case Bool:
                json.WriteBooleanValue(value[0] != 0);
                break;
            case Int2:
                json.WriteNumberValue(BinaryPrimitives.ReadInt16BigEndian(value));
                break;
            case Int4:
                json.WriteNumberValue(BinaryPrimitives.ReadInt32BigEndian(value));
                break;
            case Int8:
                json.WriteNumberValue(BinaryPrimitives.ReadInt64BigEndian(value));
                break;
            case Oid:
                json.WriteNumberValue(BinaryPrimitives.ReadUInt32BigEndian(value));
                break;
            case Json:
                json.WriteRawValue(value, skipInputValidation: true);
                break;
            case Jsonb:
                // The first byte is the format's version.
                json.WriteRawValue(value[1..], skipInputValidation: true);
                break;
            default:
                WriteFormatted(json, oid, value);
                break;
        }
    }

    private static void WriteFormatted(Utf8JsonWriter json, uint oid, ReadOnlySpan<byte> value)
    {
        switch (oid)
        {
            case Float4:
                WireNumbers.WriteFloat(json, BinaryPrimitives.ReadSingleBigEndian(value));
                break;
            case Float8:
                WireNumbers.WriteFloat(json, BinaryPrimitives.ReadDoubleBigEndian(value));
                break;
            case Numeric:
                WireNumbers.WriteNumeric(json, value);
                break;
            case Uuid:
                WireTexts.WriteUuid(json, value);
                break;
            case Bytea:
                WireTexts.WriteBytes(json, value);
                break;
            case Date:
                WireDates.WriteDate(json, BinaryPrimitives.ReadInt32BigEndian(value));
                break;
            case Time:
                WireDates.WriteTime(json, BinaryPrimitives.ReadInt64BigEndian(value));
                break;
            case Timestamp or TimestampTz:
                WireDates.WriteTimestamp(json, BinaryPrimitives.ReadInt64BigEndian(value), withZone: oid == TimestampTz);
                break;
            case Interval:
                WireIntervals.WriteInterval(json, value);
                break;
            default:
                if (IsArray(oid))
                    WireArrays.WriteJson(json, value);
                else
                    json.WriteStringValue(value);
                break;
        }
    }
}
