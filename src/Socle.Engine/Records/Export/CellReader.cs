using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using Socle.Grammar;
using Socle.Postgres;
using Socle.Records.Planning;
using Socle.Records.Running;

namespace Socle.Records.Export;

/// <summary>Takes a row, gives its cells in the order of the outputs. Related records are one cell.</summary>
internal sealed class CellReader(ImmutableArray<Output> outputs) : IDisposable
{
    private readonly ArrayBufferWriter<byte> _bytes = new(256);
    private Utf8JsonWriter? _json;
    private int _column;

    public int Count => outputs.Length;

    public ReadOnlySpan<byte> Name(int output) =>
        outputs[output] is ValueOutput value ? value.Key.EncodedUtf8Bytes : ((NestedOutput)outputs[output]).Key.EncodedUtf8Bytes;

    /// <summary>The cell of that output; to be called for each output in turn. False when it is null.</summary>
    public bool Read(RowStream rows, int output, out Cell cell)
    {
        if (output == 0)
            _column = 0;
        if (outputs[output] is NestedOutput { Shape: NestedShape.Flat } flat)
            return ReadFlat(rows, flat, out cell);
        var column = _column++;
        if (!rows.Read(column, out var value))
        {
            cell = default;
            return false;
        }

        JsonRows.WriteValue(Clear(), outputs[output], rows.Oid(column), value);
        _json!.Flush();
        cell = Tell(outputs[output], rows.Oid(column), value, _bytes.WrittenSpan);
        return true;
    }

    public void Dispose() => _json?.Dispose();

    private bool ReadFlat(RowStream rows, NestedOutput flat, out Cell cell)
    {
        JsonRows.WriteFlat(Clear(), rows, flat, ref _column);
        _json!.Flush();
        cell = new Cell(CellKind.Json, _bytes.WrittenSpan);
        return cell.Text[0] == (byte)'{';
    }

    private Utf8JsonWriter Clear()
    {
        _bytes.ResetWrittenCount();
        _json ??= new Utf8JsonWriter(_bytes, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });
        _json.Reset();
        return _json;
    }

    private static Cell Tell(Output output, uint oid, ReadOnlySpan<byte> value, ReadOnlySpan<byte> json)
    {
        // Types that the decoder does not know travel as json too; their cell is the text alone.
        var isJson = output is not ValueOutput { Value.Type.Kind: not (PgKind.Json or PgKind.Jsonb) } and not ValueOutput { Value.Aggregate: Aggregate.Count };
        if (isJson)
            return new Cell(CellKind.Json, json);
        if (json[0] != (byte)'"')
            return TellBare(oid, value, json);
        var text = json.Contains((byte)'\\') ? Unescape(json) : json[1..^1];
        return oid switch
        {
            PgTypes.Date => TellDate(BinaryPrimitives.ReadInt32BigEndian(value), text),
            PgTypes.Time => new Cell(CellKind.Time, text, BinaryPrimitives.ReadInt64BigEndian(value)),
            PgTypes.Timestamp => TellMoment(CellKind.Timestamp, BinaryPrimitives.ReadInt64BigEndian(value), text),
            PgTypes.TimestampTz => TellMoment(CellKind.TimestampTz, BinaryPrimitives.ReadInt64BigEndian(value), text),
            PgTypes.Interval => TellDuration(value, text),
            _ => new Cell(CellKind.Text, text),
        };
    }

    /// <summary>Months and days have no fixed length, and a spreadsheet no form for them.</summary>
    private static Cell TellDuration(ReadOnlySpan<byte> value, ReadOnlySpan<byte> text) =>
        new(BinaryPrimitives.ReadInt64BigEndian(value[8..]) == 0 ? CellKind.Duration : CellKind.Text, text, BinaryPrimitives.ReadInt64BigEndian(value));

    private static Cell TellBare(uint oid, ReadOnlySpan<byte> value, ReadOnlySpan<byte> json) => oid switch
    {
        PgTypes.Boolean => new Cell(CellKind.Boolean, json, value[0]),
        PgTypes.Int2 or PgTypes.Int4 or PgTypes.Int8 or PgTypes.Oid => new Cell(CellKind.Integer, json),
        PgTypes.Numeric => new Cell(CellKind.Decimal, json),
        PgTypes.Float4 or PgTypes.Float8 => new Cell(CellKind.Float, json),
        _ => new Cell(CellKind.Json, json),
    };

    /// <summary>Only the years 1 to 9999 are dates to a spreadsheet.</summary>
    private static Cell TellDate(int days, ReadOnlySpan<byte> text) =>
        new(Dates.IsInCalendar(days) ? CellKind.Date : CellKind.Text, text, days);

    private static Cell TellMoment(CellKind kind, long microseconds, ReadOnlySpan<byte> text) =>
        new(Dates.IsInCalendar(microseconds) ? kind : CellKind.Text, text, microseconds);

    private static byte[] Unescape(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        var text = new byte[json.Length];
        return text[..reader.CopyString(text)];
    }
}
