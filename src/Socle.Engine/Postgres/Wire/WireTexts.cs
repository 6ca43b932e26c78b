using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text.Json;

namespace Socle.Postgres.Wire;

internal static class WireTexts
{
    public static void WriteUuid(Utf8JsonWriter json, ReadOnlySpan<byte> value)
    {
        Span<byte> text = stackalloc byte[36];
        Utf8Formatter.TryFormat(new Guid(value, bigEndian: true), text, out _);
        json.WriteStringValue(text);
    }

    /// <summary>bytea as PostgreSQL's hex form: <c>\x0aff</c>.</summary>
    public static void WriteBytes(Utf8JsonWriter json, ReadOnlySpan<byte> value) =>
        json.WriteStringValue($"\\x{Convert.ToHexStringLower(value)}");
}

/// <summary>The binary form of arrays: dimensions, a flag for nulls, the element type, then length and bytes of each member.</summary>
internal static class WireArrays
{
    public static void WriteJson(Utf8JsonWriter json, ReadOnlySpan<byte> value)
    {
        var array = new WireArray(value);
        Write(json, ref array, dimension: 0);
    }

    private static void Write(Utf8JsonWriter json, ref WireArray array, int dimension)
    {
        json.WriteStartArray();
        var length = array.Length(dimension);
        for (var i = 0; i < length; i++)
        {
            if (dimension + 1 < array.Dimensions)
                Write(json, ref array, dimension + 1);
            else if (array.Next(out var member))
                WireFormat.WriteJson(json, array.ElementOid, member);
            else
                json.WriteNullValue();
        }

        json.WriteEndArray();
    }
}

/// <summary>Reads an array member by member.</summary>
public ref struct WireArray
{
    private readonly ReadOnlySpan<byte> _value;
    private int _at;

    public WireArray(ReadOnlySpan<byte> value)
    {
        _value = value;
        Dimensions = BinaryPrimitives.ReadInt32BigEndian(value);
        ElementOid = BinaryPrimitives.ReadUInt32BigEndian(value[8..]);
        _at = 12 + (8 * Dimensions);
    }

    public int Dimensions { get; }

    public uint ElementOid { get; }

    /// <summary>How many members a dimension has; an empty array has no dimensions.</summary>
    public readonly int Length(int dimension) =>
        Dimensions == 0 ? 0 : BinaryPrimitives.ReadInt32BigEndian(_value[(12 + (8 * dimension))..]);

    /// <summary>The next member's bytes; false when it is null.</summary>
    public bool Next(out ReadOnlySpan<byte> member)
    {
        var length = BinaryPrimitives.ReadInt32BigEndian(_value[_at..]);
        _at += 4;
        if (length < 0)
        {
            member = default;
            return false;
        }

        member = _value.Slice(_at, length);
        _at += length;
        return true;
    }
}

/// <summary>Reads a record (a ROW) field by field: a count, then type, length and bytes of each.</summary>
public ref struct WireRecord(ReadOnlySpan<byte> value)
{
    private readonly ReadOnlySpan<byte> _value = value;
    private int _at = 4;

    /// <summary>The next field's type and bytes; false when it is null.</summary>
    public bool Next(out uint oid, out ReadOnlySpan<byte> field)
    {
        oid = BinaryPrimitives.ReadUInt32BigEndian(_value[_at..]);
        var length = BinaryPrimitives.ReadInt32BigEndian(_value[(_at + 4)..]);
        _at += 8;
        if (length < 0)
        {
            field = default;
            return false;
        }

        field = _value.Slice(_at, length);
        _at += length;
        return true;
    }
}
