using System.Buffers;
using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using Socle.Catalog;
using Socle.Postgres;
using Socle.Records.Planning;

namespace Socle.Records.Running;

/// <summary>
/// Writes rows as CSV (RFC 4180). Null is an empty cell and empty text is <c>""</c>;
/// arrays, json and related records are JSON inside their cell.
/// </summary>
public sealed class CsvRows : IDisposable
{
    private static readonly JsonWriterOptions JsonOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
    private static readonly SearchValues<byte> Special = SearchValues.Create(",\"\r\n"u8);

    private readonly ImmutableArray<Output> _outputs;
    private readonly ArrayBufferWriter<byte> _cell = new(256);
    private readonly Utf8JsonWriter _json;

    public CsvRows(ImmutableArray<Output> outputs)
    {
        _outputs = outputs;
        _json = new Utf8JsonWriter(_cell, JsonOptions);
    }

    public void WriteHeader(IBufferWriter<byte> csv)
    {
        for (var i = 0; i < _outputs.Length; i++)
        {
            Separate(csv, i);
            WriteText(csv, (_outputs[i] is ValueOutput value ? value.Key : ((NestedOutput)_outputs[i]).Key).EncodedUtf8Bytes);
        }

        csv.Write("\r\n"u8);
    }

    public void Write(IBufferWriter<byte> csv, RowStream rows)
    {
        var column = 0;
        for (var i = 0; i < _outputs.Length; i++)
        {
            Separate(csv, i);
            if (_outputs[i] is NestedOutput { Shape: NestedShape.Flat } flat)
                WriteCell(csv, rows, flat, ref column);
            else if (rows.Read(column, out var value))
                WriteCell(csv, _outputs[i], rows.Oid(column++), value);
            else
                column++;
        }

        csv.Write("\r\n"u8);
    }

    public void Dispose() => _json.Dispose();

    private void WriteCell(IBufferWriter<byte> csv, RowStream rows, NestedOutput flat, ref int column)
    {
        _cell.ResetWrittenCount();
        _json.Reset();
        JsonRows.WriteFlat(_json, rows, flat, ref column);
        _json.Flush();
        if (_cell.WrittenSpan[0] == (byte)'{')
            WriteText(csv, _cell.WrittenSpan);
    }

    private void WriteCell(IBufferWriter<byte> csv, Output output, uint oid, ReadOnlySpan<byte> value)
    {
        _cell.ResetWrittenCount();
        _json.Reset();
        JsonRows.WriteValue(_json, output, oid, value);
        _json.Flush();
        var cell = _cell.WrittenSpan;
        // Types that the decoder does not know travel as json too; their cell is the text alone.
        var isJson = output is not ValueOutput { Value.Type.Kind: not (PgKind.Json or PgKind.Jsonb) };
        if (isJson || cell[0] != (byte)'"')
            WriteText(csv, cell);
        else if (cell.Contains((byte)'\\'))
            WriteText(csv, Unescape(cell));
        else
            WriteText(csv, cell[1..^1]);
    }

    private static byte[] Unescape(ReadOnlySpan<byte> cell)
    {
        var reader = new Utf8JsonReader(cell);
        reader.Read();
        var text = new byte[cell.Length];
        return text[..reader.CopyString(text)];
    }

    private static void WriteText(IBufferWriter<byte> csv, ReadOnlySpan<byte> text)
    {
        if (!text.IsEmpty && text.IndexOfAny(Special) < 0)
        {
            csv.Write(text);
            return;
        }

        csv.Write("\""u8);
        for (var quote = text.IndexOf((byte)'"'); quote >= 0; quote = text.IndexOf((byte)'"'))
        {
            csv.Write(text[..(quote + 1)]);
            csv.Write("\""u8);
            text = text[(quote + 1)..];
        }

        csv.Write(text);
        csv.Write("\""u8);
    }

    private static void Separate(IBufferWriter<byte> csv, int column)
    {
        if (column > 0)
            csv.Write(","u8);
    }
}
