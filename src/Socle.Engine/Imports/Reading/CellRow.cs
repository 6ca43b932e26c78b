namespace Socle.Imports.Reading;

/// <summary>The cells of one row, kept in one buffer: for files whose rows are not text that can be pointed at.</summary>
internal sealed class CellRow
{
    private readonly ByteText _text = new(1024);
    private (CellKind Kind, int Start, int Length)[] _cells = [];

    public bool IsEmpty { get; private set; } = true;

    public void Clear(int columns)
    {
        _text.Clear();
        if (_cells.Length < columns)
            _cells = new (CellKind, int, int)[columns];
        Array.Clear(_cells);
        IsEmpty = true;
    }

    public void Set(int column, CellKind kind, ReadOnlySpan<byte> text)
    {
        if (column >= _cells.Length)
            Array.Resize(ref _cells, column + 16);
        _cells[column] = (kind, _text.Length, text.Length);
        _text.Add(text);
        IsEmpty &= kind == CellKind.Empty;
    }

    public void Set(int column, CellKind kind, ReadOnlySpan<char> text)
    {
        var start = _text.Length;
        Set(column, kind, ReadOnlySpan<byte>.Empty);
        _text.Add(text);
        _cells[column].Length = _text.Length - start;
    }

    public Cell Get(int column)
    {
        if (column >= _cells.Length)
            return default;
        var (kind, start, length) = _cells[column];
        return new(kind, _text.Span.Slice(start, length));
    }

    /// <summary>Whether a cell from this column on holds something.</summary>
    public bool HasAnyFrom(int column) => _cells.Length > column && _cells.AsSpan(column).ContainsAnyExcept(default((CellKind, int, int)));

    public void WriteRecord(ByteText to, int columns, byte separator)
    {
        for (var i = 0; i < columns; i++)
        {
            if (i > 0)
                to.Add(separator);
            to.AddCsvCell(Get(i).Text, separator);
        }
    }
}
