using System.Buffers;
using System.Collections.Immutable;
using Socle.Records.Planning;
using Socle.Records.Running;

namespace Socle.Records.Export;

/// <summary>
/// Writes rows as CSV (RFC 4180), values as the API answers them; or, with <paramref name="french"/>, as a French Excel
/// opens them by a double click: a byte order mark, semicolons, and cells in French. Null is an empty cell and empty text is <c>""</c>;
/// arrays, json and related records are JSON inside their cell.
/// </summary>
public sealed class CsvRows : IRowWriter
{
    private static readonly SearchValues<byte> Special = SearchValues.Create(",\"\r\n"u8);
    private static readonly SearchValues<byte> FrenchSpecial = SearchValues.Create(";\"\r\n"u8);

    private readonly CellReader _cells;
    private readonly FrenchCells? _french;
    private readonly IBufferWriter<byte> _file;
    private readonly ArrayBufferWriter<byte> _cell = new(256);

    internal CsvRows(ImmutableArray<Output> outputs, FrenchCells? french, IBufferWriter<byte> file)
    {
        _cells = new CellReader(outputs);
        _french = french;
        _file = file;
    }

    public void Start()
    {
        if (_french is not null)
            _file.Write("\uFEFF"u8);
        for (var i = 0; i < _cells.Count; i++)
        {
            Separate(i);
            Write(new Cell(CellKind.Text, _cells.Name(i)));
        }

        _file.Write("\r\n"u8);
    }

    public void Write(RowStream rows)
    {
        for (var i = 0; i < _cells.Count; i++)
        {
            Separate(i);
            if (_cells.Read(rows, i, out var cell))
                Write(cell);
        }

        _file.Write("\r\n"u8);
    }

    public void Finish()
    {
    }

    public void Dispose() => _cells.Dispose();

    private void Write(Cell cell)
    {
        if (_french is null)
        {
            Quote(cell.Text, Special);
            return;
        }

        _cell.ResetWrittenCount();
        _french.Write(cell, _cell);
        Quote(_cell.WrittenSpan, FrenchSpecial);
    }

    private void Quote(ReadOnlySpan<byte> text, SearchValues<byte> special)
    {
        if (!text.IsEmpty && text.IndexOfAny(special) < 0)
        {
            _file.Write(text);
            return;
        }

        _file.Write("\""u8);
        WriteDoubled(text, _file);
        _file.Write("\""u8);
    }

    /// <summary>The text with each of its quotes twice.</summary>
    internal static void WriteDoubled(ReadOnlySpan<byte> text, IBufferWriter<byte> to)
    {
        for (var quote = text.IndexOf((byte)'"'); quote >= 0; quote = text.IndexOf((byte)'"'))
        {
            to.Write(text[..(quote + 1)]);
            to.Write("\""u8);
            text = text[(quote + 1)..];
        }

        to.Write(text);
    }

    private void Separate(int column)
    {
        if (column > 0)
            _file.Write(_french is null ? ","u8 : ";"u8);
    }
}
