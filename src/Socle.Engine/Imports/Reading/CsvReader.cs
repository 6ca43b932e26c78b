using System.Buffers;
using System.Text;
using Socle.Kernel;

namespace Socle.Imports.Reading;

/// <summary>
/// Reads CSV from UTF-8: any separator, quotes with separators and line ends inside, LF, CRLF or CR. Empty rows are passed over.
/// Refuses (as <see cref="UnreadableFileException"/>) a quote that is never closed and a row beyond all measure.
/// </summary>
public sealed class CsvReader : RowReader
{
    public const int MostColumns = 1600;
    private const int BufferBytes = 256 * 1024;
    private const int LongestRow = 16 * 1024 * 1024;

    private readonly Stream _text;
    private readonly byte _separator;
    private readonly SearchValues<byte> _ends;
    private readonly DoubleEncoding? _repair;
    private readonly Func<double> _progress;
    private readonly ByteText _cell = new();
    private readonly List<string> _header = [];

    private byte[] _buffer = new byte[BufferBytes];
    private int _length;
    private int _next;
    private bool _isAtEnd;
    private Mark[] _cells = new Mark[64];
    private int _count;
    private int _rowStart;
    private int _rowEnd;
    private long _line;
    private long _nextLine = 1;
    private bool _isMalformed;

    /// <param name="text">The file as UTF-8 without its mark.</param>
    /// <param name="repair">What repairs doubly encoded cells; null to take the file to the letter.</param>
    /// <param name="progress">How much of the file has been read.</param>
    public CsvReader(Stream text, byte separator, DoubleEncodingRepair repair, Func<double> progress)
    {
        (_text, _separator, _progress) = (text, separator, progress);
        _repair = repair == DoubleEncodingRepair.On ? new DoubleEncoding() : null;
        _ends = SearchValues.Create((byte)'\n', (byte)'\r', separator);
        if (!Next() || (IsHint() && !Next()))
            throw new UnreadableFileException(FileFaults.Empty);
        IsAlwaysQuoted = true;
        for (var i = 0; i < _count; i++)
        {
            _header.Add(Encoding.UTF8.GetString(Read(i)).Trim());
            IsAlwaysQuoted &= _cells[i].IsQuoted;
        }
    }

    public override IReadOnlyList<string> Header => _header;

    public override long Line => _line;

    public override double Progress => _progress();

    /// <summary>The header is in quotes: a file that quotes everything does not tell empty text from nothing.</summary>
    public bool IsAlwaysQuoted { get; }

    public long Repaired => _repair?.Count ?? 0;

    public override Text? Problem =>
        _isMalformed ? new("Text follows a closing quote.", "Du texte suit un guillemet fermant.")
        : _count < _header.Count ? new($"The row has {_count} cells instead of {_header.Count}.", $"La ligne a {_count} cellules au lieu de {_header.Count}.")
        : _count > _header.Count && HasMore() ? new($"The row has {_count} cells instead of {_header.Count}.", $"La ligne a {_count} cellules au lieu de {_header.Count}.")
        : null;

    public override bool Next()
    {
        while (ReadRow())
        {
            if (!IsEmptyRow())
                return true;
        }

        return false;
    }

    public override Cell Cell(int column)
    {
        if (column >= _count)
            return default;
        var mark = _cells[column];
        if (mark.Length == 0)
            return new(mark.IsQuoted && !IsAlwaysQuoted ? CellKind.EmptyText : CellKind.Empty, []);
        var text = Read(column);
        return new(CellKind.Text, _repair is null ? text : _repair.Repair(text));
    }

    public override void WriteRecord(ByteText to, byte separator)
    {
        to.Add(_buffer.AsSpan(_rowStart, _rowEnd - _rowStart));
        for (var i = _count; i < _header.Count; i++)
            to.Add(separator);
    }

    public override void Dispose()
    {
        // The file is the caller's.
    }

    private ReadOnlySpan<byte> Read(int column)
    {
        var mark = _cells[column];
        var text = _buffer.AsSpan(_rowStart + mark.Start, mark.Length);
        if (!mark.HasDoubledQuotes)
            return text;
        _cell.Clear();
        for (var quote = text.IndexOf((byte)'"'); quote >= 0; quote = text.IndexOf((byte)'"'))
        {
            _cell.Add(text[..(quote + 1)]);
            text = text[(quote + 2)..];
        }

        _cell.Add(text);
        return _cell.Span;
    }

    private bool IsHint() => _count <= 2 && CsvDialect.HintOf([.. _buffer.AsSpan(_rowStart, _rowEnd - _rowStart), (byte)'\n']) is not null;

    private bool IsEmptyRow()
    {
        for (var i = 0; i < _count; i++)
        {
            if (_cells[i].Length > 0 || _cells[i].IsQuoted)
                return false;
        }

        return true;
    }

    private bool HasMore()
    {
        for (var i = _header.Count; i < _count; i++)
        {
            if (_cells[i].Length > 0)
                return true;
        }

        return false;
    }

    /// <summary>Finds the next row's cells, reading on when the buffer ends before the row does.</summary>
    private bool ReadRow()
    {
        while (true)
        {
            _line = _nextLine;
            if (_next < _length && TryScan(out var end))
            {
                _rowStart = _next;
                _next = end;
                return true;
            }

            if (_isAtEnd && _next >= _length)
                return false;
            Fill();
        }
    }

    private void Fill()
    {
        var rest = _length - _next;
        if (rest > LongestRow)
            throw new UnreadableFileException(FileFaults.TooLongRow(_line, LongestRow));
        if (rest == _buffer.Length)
            Array.Resize(ref _buffer, _buffer.Length * 2);
        Buffer.BlockCopy(_buffer, _next, _buffer, 0, rest);
        (_next, _length) = (0, rest);
        var read = _text.ReadAtLeast(_buffer.AsSpan(rest), Math.Min(BufferBytes / 2, _buffer.Length - rest), throwOnEndOfStream: false);
        _length += read;
        _isAtEnd = read == 0;
    }

    /// <summary>Marks the cells of the row that begins at the next byte.</summary>
    /// <param name="end">Where the row after it begins.</param>
    /// <returns>False when the buffer ends first.</returns>
    private bool TryScan(out int end)
    {
        var row = _buffer.AsSpan(_next, _length - _next);
        var at = 0;
        (_count, _isMalformed, end) = (0, false, 0);
        var lines = 0;
        while (true)
        {
            var mark = at < row.Length && row[at] == (byte)'"' ? ScanQuoted(row, ref at, ref lines) : ScanPlain(row, ref at);
            if (mark is not { } cell || (at == row.Length && !_isAtEnd))
                return false;
            AddCell(cell);
            if (at < row.Length && row[at] == _separator)
            {
                at++;
                continue;
            }

            _rowEnd = _next + at;
            // A line feed may follow a carriage return that the buffer ends with.
            if (at + 1 == row.Length && row[at] == (byte)'\r' && !_isAtEnd)
                return false;
            at += at >= row.Length ? 0 : row[at] == (byte)'\r' && at + 1 < row.Length && row[at + 1] == (byte)'\n' ? 2 : 1;
            end = _next + at;
            _nextLine = _line + lines + 1;
            return true;
        }
    }

    private Mark? ScanPlain(ReadOnlySpan<byte> row, ref int at)
    {
        var start = at;
        var length = row[at..].IndexOfAny(_ends);
        at = length < 0 ? row.Length : at + length;
        return new Mark(start, at - start, false, false);
    }

    /// <summary>Null when the buffer ends inside the quotes.</summary>
    private Mark? ScanQuoted(ReadOnlySpan<byte> row, ref int at, ref int lines)
    {
        var start = ++at;
        var hasDoubled = false;
        while (true)
        {
            var quote = row[at..].IndexOf((byte)'"');
            if (quote < 0)
                return _isAtEnd ? throw new UnreadableFileException(FileFaults.OpenQuote(_line)) : null;
            at += quote + 1;
            if (at < row.Length && row[at] == (byte)'"')
            {
                hasDoubled = true;
                at++;
                continue;
            }

            var text = row[start..(at - 1)];
            lines += text.Count((byte)'\n');
            var rest = row[at..].IndexOfAny(_ends);
            rest = rest < 0 ? row.Length - at : rest;
            _isMalformed |= row.Slice(at, rest).ContainsAnyExcept((byte)' ');
            at += rest;
            return new Mark(start, text.Length, true, hasDoubled);
        }
    }

    private void AddCell(Mark mark)
    {
        if (_count == _cells.Length)
        {
            if (_count > MostColumns)
                throw new UnreadableFileException(FileFaults.TooManyColumns(MostColumns));
            Array.Resize(ref _cells, _count * 2);
        }

        _cells[_count++] = mark;
    }

    private readonly record struct Mark(int Start, int Length, bool IsQuoted, bool HasDoubledQuotes);
}

public enum DoubleEncodingRepair
{
    Off,
    On,
}
