using Socle.Imports.Reading;
using Socle.Kernel;

namespace Socle.Imports.Writing;

/// <summary>Some thousand rows as COPY wants them, with what each was in the file, for those that the database refuses.</summary>
internal sealed class Chunk
{
    private const int MostRows = 20_000;
    private const int MostBytes = 4 * 1024 * 1024;

    private readonly List<Row> _rows = [];
    private readonly List<RejectedRow> _rejected = [];
    private readonly ByteText _records = new(MostBytes);
    private int _recordStart;

    /// <summary>The rows' values, one line a row.</summary>
    public ByteText Copy { get; } = new(MostBytes + 65_536);

    public int Count => _rows.Count;

    public bool IsFull => _rows.Count + _rejected.Count >= MostRows || Copy.Length + _records.Length >= 2 * MostBytes;

    public bool IsEmpty => _rows.Count + _rejected.Count == 0;

    /// <summary>In the file's order once <see cref="Sort"/> was called.</summary>
    public IReadOnlyList<RejectedRow> Rejected => _rejected;

    /// <summary>Keeps the row whose values were just written to <see cref="Copy"/>, from <paramref name="copyStart"/> on.</summary>
    public void Add(RowReader source, int copyStart, byte separator)
    {
        KeepRecord(source, separator);
        _rows.Add(new Row(source.Line, copyStart, _recordStart, _records.Length));
    }

    public void Reject(RowReader source, Fault fault, byte separator)
    {
        KeepRecord(source, separator);
        _rejected.Add(new RejectedRow(source.Line, _recordStart, _records.Length, fault));
    }

    public void Reject(int row, Fault fault) =>
        _rejected.Add(new RejectedRow(_rows[row].Line, _rows[row].RecordStart, _rows[row].RecordEnd, fault));

    public void Sort() => _rejected.Sort((one, other) => one.RecordStart.CompareTo(other.RecordStart));

    public ReadOnlySpan<byte> Record(RejectedRow row) => _records.Span[row.RecordStart..row.RecordEnd];

    /// <summary>The text of a COPY of these rows.</summary>
    public ReadOnlyMemory<byte> CopyOf(int from, int to)
    {
        if (from == to)
            return default;
        var end = to == _rows.Count ? Copy.Length : _rows[to].CopyStart;
        return Copy.Memory[_rows[from].CopyStart..end];
    }

    public void Clear()
    {
        _rows.Clear();
        _rejected.Clear();
        _records.Clear();
        Copy.Clear();
    }

    private void KeepRecord(RowReader source, byte separator)
    {
        _recordStart = _records.Length;
        source.WriteRecord(_records, separator);
    }

    private readonly record struct Row(long Line, int CopyStart, int RecordStart, int RecordEnd);
}

internal readonly record struct RejectedRow(long Line, int RecordStart, int RecordEnd, Fault Fault);
