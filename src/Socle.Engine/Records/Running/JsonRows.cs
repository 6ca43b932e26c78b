using System.Collections.Immutable;
using System.Text.Json;
using Socle.Postgres.Wire;
using Socle.Records.Planning;

namespace Socle.Records.Running;

/// <summary>Writes rows as JSON objects after the shape that the plan gave them.</summary>
public static class JsonRows
{
    public static void Write(Utf8JsonWriter json, RowStream rows, ImmutableArray<Output> outputs)
    {
        json.WriteStartObject();
        var column = 0;
        foreach (var output in outputs)
        {
            if (output is NestedOutput { Shape: NestedShape.Flat } flat)
            {
                json.WritePropertyName(flat.Key);
                WriteFlat(json, rows, flat, ref column);
                continue;
            }

            var exists = rows.Read(column, out var value);
            WriteMember(json, output, exists, rows.Oid(column++), value);
        }

        json.WriteEndObject();
    }

    /// <summary>A related record whose values are columns of the row from <paramref name="column"/> on, or null where its marker is.</summary>
    public static void WriteFlat(Utf8JsonWriter json, RowStream rows, NestedOutput flat, ref int column)
    {
        var outputs = flat.Embed.Scope.Outputs;
        if (!rows.Read(column++, out _))
        {
            json.WriteNullValue();
            column += outputs.Length;
            return;
        }

        json.WriteStartObject();
        foreach (var output in outputs)
        {
            var exists = rows.Read(column, out var value);
            WriteMember(json, output, exists, rows.Oid(column++), value);
        }

        json.WriteEndObject();
    }

    /// <summary>One output of a row as a JSON value alone, for formats that have cells.</summary>
    public static void WriteValue(Utf8JsonWriter json, Output output, uint oid, ReadOnlySpan<byte> value)
    {
        if (output is NestedOutput nested)
            WriteNested(json, nested, value);
        else
            WireFormat.WriteJson(json, oid, value);
    }

    private static void WriteMember(Utf8JsonWriter json, Output output, bool exists, uint oid, ReadOnlySpan<byte> value)
    {
        switch (output)
        {
            case ValueOutput named:
                json.WritePropertyName(named.Key);
                if (exists)
                    WireFormat.WriteJson(json, oid, value);
                else
                    json.WriteNullValue();
                break;
            case NestedOutput { Shape: NestedShape.Columns } spread:
                WriteColumns(json, spread.Embed.Scope.Outputs, exists, value);
                break;
            case NestedOutput nested:
                json.WritePropertyName(nested.Key);
                if (exists)
                    WriteNested(json, nested, value);
                else
                    json.WriteNullValue();
                break;
        }
    }

    private static void WriteNested(Utf8JsonWriter json, NestedOutput nested, ReadOnlySpan<byte> value)
    {
        var outputs = nested.Embed.Scope.Outputs;
        if (nested.Shape == NestedShape.Object)
        {
            WriteRecord(json, outputs, value);
            return;
        }

        json.WriteStartArray();
        var records = new WireArray(value);
        for (var i = records.Length(0); i > 0; i--)
        {
            records.Next(out var record);
            WriteRecord(json, outputs, record);
        }

        json.WriteEndArray();
    }

    private static void WriteRecord(Utf8JsonWriter json, ImmutableArray<Output> outputs, ReadOnlySpan<byte> value)
    {
        json.WriteStartObject();
        var fields = new WireRecord(value);
        foreach (var output in outputs)
        {
            var exists = fields.Next(out var oid, out var field);
            WriteMember(json, output, exists, oid, field);
        }

        json.WriteEndObject();
    }

    /// <summary>Records turned on their side: for each of their outputs one array, in the records' order.</summary>
    private static void WriteColumns(Utf8JsonWriter json, ImmutableArray<Output> outputs, bool exists, ReadOnlySpan<byte> value)
    {
        for (var column = 0; column < outputs.Length; column++)
        {
            json.WritePropertyName(outputs[column] is ValueOutput named ? named.Key : ((NestedOutput)outputs[column]).Key);
            json.WriteStartArray();
            var records = exists ? new WireArray(value) : default;
            for (var i = exists ? records.Length(0) : 0; i > 0; i--)
            {
                records.Next(out var record);
                WriteColumn(json, outputs[column], column, record);
            }

            json.WriteEndArray();
        }
    }

    private static void WriteColumn(Utf8JsonWriter json, Output output, int column, ReadOnlySpan<byte> record)
    {
        var fields = new WireRecord(record);
        for (var skipped = 0; skipped < column; skipped++)
            fields.Next(out _, out _);
        if (fields.Next(out var oid, out var field))
            WriteValue(json, output, oid, field);
        else
            json.WriteNullValue();
    }
}
