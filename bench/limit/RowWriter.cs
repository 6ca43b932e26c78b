using System.Buffers;
using System.Buffers.Binary;
using System.Data;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.ObjectPool;
using Npgsql;

namespace Socle.Bench.Limit;

/// <summary>
/// Writes rows as JSON straight from PostgreSQL's binary values: column bytes go into one reused buffer and from there
/// through one reused Utf8JsonWriter into the answer, so text is never turned into .NET strings.
/// </summary>
internal sealed class RowWriter
{
    private static readonly DefaultObjectPool<RowWriter> Pool = new(new DefaultPooledObjectPolicy<RowWriter>(), 64);
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
    private static readonly DateTimeOffset PostgresEpoch = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly ArrayBufferWriter<byte> _answer = new(32 * 1024);
    private byte[] _bytes = new byte[16 * 1024];

    public RowWriter() => Json = new Utf8JsonWriter(_answer, Options);

    public Utf8JsonWriter Json { get; }

    public static RowWriter Rent() => Pool.Get();

    public static void Return(RowWriter writer)
    {
        writer._answer.ResetWrittenCount();
        writer.Json.Reset(writer._answer);
        Pool.Return(writer);
    }

    /// <summary>In one piece with its length: measured faster than chunks written straight into the response's pipe.</summary>
    public async Task SendAsync(HttpResponse response)
    {
        Json.Flush();
        response.ContentLength = _answer.WrittenCount;
        await response.BodyWriter.WriteAsync(_answer.WrittenMemory);
    }

    /// <summary>The columns from <paramref name="start"/> to before <paramref name="end"/> as properties of the open object.</summary>
    public void WriteFields(NpgsqlDataReader row, Column[] columns, int start, int end)
    {
        for (var ordinal = start; ordinal < end; ordinal++)
        {
            var column = columns[ordinal];
            if (row.IsDBNull(ordinal))
                Json.WriteNull(column.JsonName);
            else
                WriteField(column, ReadBytes(row, ordinal));
        }
    }

    private void WriteField(Column column, ReadOnlySpan<byte> value)
    {
        switch (column.Kind)
        {
            case Kind.Text:
                Json.WriteString(column.JsonName, value);
                break;
            case Kind.Uuid:
                Json.WriteString(column.JsonName, new Guid(value, bigEndian: true));
                break;
            case Kind.Time:
                var microseconds = BinaryPrimitives.ReadInt64BigEndian(value);
                Json.WriteString(column.JsonName, PostgresEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond));
                break;
            case Kind.Json:
                // jsonb on the wire starts with its version, 1.
                Json.WritePropertyName(column.JsonName);
                Json.WriteRawValue(value[1..], skipInputValidation: true);
                break;
            case Kind.TextArray:
                Json.WriteStartArray(column.JsonName);
                WriteElements(value);
                Json.WriteEndArray();
                break;
            default:
                throw new NotSupportedException();
        }
    }

    /// <summary>An array on the wire: dimensions, flags, element type; length and lower bound per dimension; then (length, bytes) per element.</summary>
    private void WriteElements(ReadOnlySpan<byte> array)
    {
        var dimensions = BinaryPrimitives.ReadInt32BigEndian(array);
        if (dimensions > 1)
            throw new DataException("Only flat arrays are expected.");
        for (var at = 12 + (8 * dimensions); at < array.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(array[at..]);
            at += 4;
            if (length < 0)
            {
                Json.WriteNullValue();
                continue;
            }

            Json.WriteStringValue(array.Slice(at, length));
            at += length;
        }
    }

    private ReadOnlySpan<byte> ReadBytes(NpgsqlDataReader row, int ordinal)
    {
        var length = row.GetBytes(ordinal, 0, _bytes, 0, _bytes.Length);
        if (length == _bytes.Length)
        {
            _bytes = new byte[(int)row.GetBytes(ordinal, 0, null, 0, 0) + 1];
            length = row.GetBytes(ordinal, 0, _bytes, 0, _bytes.Length);
        }

        return _bytes.AsSpan(0, (int)length);
    }
}
