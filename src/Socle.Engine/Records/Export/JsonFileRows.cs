using System.Buffers;
using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using Socle.Records.Planning;
using Socle.Records.Running;

namespace Socle.Records.Export;

/// <summary>Writes rows as one JSON array, a line each, the records as the API answers them.</summary>
public sealed class JsonFileRows(ImmutableArray<Output> outputs, IBufferWriter<byte> file) : IRowWriter
{
    private readonly Utf8JsonWriter _json = new(file, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });
    private bool _isAnyWritten;

    public void Start() => file.Write("["u8);

    public void Write(RowStream rows)
    {
        file.Write(_isAnyWritten ? ",\n"u8 : "\n"u8);
        _isAnyWritten = true;
        JsonRows.Write(_json, rows, outputs);
        _json.Flush();
        _json.Reset();
    }

    public void Finish() => file.Write("\n]\n"u8);

    public void Dispose() => _json.Dispose();
}
