using System.Runtime.InteropServices;
using System.Text.Json;
using Socle.Kernel;

namespace Socle.Imports.Reading;

/// <summary>
/// Reads JSON objects as rows: an array, one object after another (NDJSON), or <c>{"data": […]}</c> as the API answers it.
/// The columns are all properties that occur. Reads the file twice.
/// </summary>
public sealed class JsonReader : RowReader
{
    private readonly Stream _file;
    private readonly Dictionary<string, int> _columns = [];
    private readonly CellRow _row = new();
    private readonly JsonScanner _scanner;
    private Text? _problem;

    public JsonReader(Stream file)
    {
        _file = file;
        file.Position = 0;
        ReadColumns(new JsonScanner(file));
        file.Position = 0;
        _scanner = new JsonScanner(file);
        Header = [.. _columns.Keys];
    }

    public override IReadOnlyList<string> Header { get; }

    /// <summary>Some objects lack properties that others have.</summary>
    public bool IsRagged { get; private set; }

    public override long Line => _scanner.Line;

    public override double Progress => (double)_file.Position / Math.Max(1, _file.Length);

    public override Text? Problem => _problem;

    public override bool Next()
    {
        if (_scanner.Next() is not { } record)
            return false;
        _row.Clear(_columns.Count);
        _problem = null;
        using var document = Parse(record, _scanner.Line);
        try
        {
            foreach (var property in document.RootElement.EnumerateObject())
                Set(_columns[property.Name], property.Value);
        }
        catch (InvalidOperationException)
        {
            _problem = new("A text holds half of a surrogate pair, which is no character.", "Un texte contient une moitié de paire de substitution, qui n'est pas un caractère.");
        }

        return true;
    }

    public override Cell Cell(int column) => _row.Get(column);

    public override void WriteRecord(ByteText to, byte separator) => _row.WriteRecord(to, _columns.Count, separator);

    public override void Dispose()
    {
        // The file is the caller's.
    }

    private void ReadColumns(JsonScanner scanner)
    {
        var isFirst = true;
        while (scanner.Next() is { } record)
        {
            using var document = Parse(record, scanner.Line);
            var known = _columns.Count;
            var count = 0;
            try
            {
                foreach (var property in document.RootElement.EnumerateObject())
                {
                    _columns.TryAdd(property.Name, _columns.Count);
                    count++;
                }
            }
            catch (InvalidOperationException)
            {
                throw new UnreadableFileException(FileFaults.InvalidJson(scanner.Line));
            }

            IsRagged |= count != _columns.Count || (!isFirst && known != _columns.Count);
            isFirst = false;
            if (_columns.Count > CsvReader.MostColumns)
                throw new UnreadableFileException(FileFaults.TooManyColumns(CsvReader.MostColumns));
        }

        if (isFirst)
            throw new UnreadableFileException(FileFaults.Empty);
    }

    private void Set(int column, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                var text = value.GetString()!;
                _row.Set(column, text.Length == 0 ? CellKind.EmptyText : CellKind.Text, text);
                break;
            case JsonValueKind.Number:
                _row.Set(column, CellKind.Number, JsonMarshal.GetRawUtf8Value(value));
                break;
            case JsonValueKind.True or JsonValueKind.False:
                _row.Set(column, CellKind.Boolean, JsonMarshal.GetRawUtf8Value(value));
                break;
            case JsonValueKind.Array or JsonValueKind.Object:
                _row.Set(column, CellKind.Json, JsonMarshal.GetRawUtf8Value(value));
                break;
        }
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> record, long line)
    {
        try
        {
            return JsonDocument.Parse(record);
        }
        catch (JsonException exception)
        {
            throw new UnreadableFileException(FileFaults.InvalidJson(line + (exception.LineNumber ?? 0)));
        }
    }
}
