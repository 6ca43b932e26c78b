using System.Buffers;
using System.Globalization;
using System.Text;
using Socle.Records.Running;

namespace Socle.Records.Export;

/// <summary>
/// One sheet: a bold header that stays in view, a filter on every column, the rows. The first rows are held back
/// until they have told how wide the columns are.
/// </summary>
internal sealed class XlsxSheet
{
    private const int RowsMeasured = 100;
    private const int PartBytes = 32_768;
    private const int MostBytesMeasured = 1_000_000;
    private const int Narrowest = 8;
    private const int Widest = 60;

    private readonly CellReader _cells;
    private readonly XlsxCells _xml;
    private readonly Stream _part;
    private readonly bool _isFirst;
    private readonly byte[][] _letters;
    private readonly int[] _widths;
    private bool _isBegun;

    public XlsxSheet(CellReader cells, ZoneClock clock, Stream part, bool isFirst)
    {
        _cells = cells;
        _xml = new XlsxCells(clock);
        _part = part;
        _isFirst = isFirst;
        _letters = [.. Enumerable.Range(0, cells.Count).Select(column => Encoding.ASCII.GetBytes(Letters(column)))];
        _widths = new int[cells.Count];
        WriteHeader();
    }

    /// <summary>How many rows it has, the header among them.</summary>
    public int Rows { get; private set; }

    /// <summary>How many bytes its XML has.</summary>
    public long Length { get; private set; }

    public void Write(RowStream rows)
    {
        BeginRow();
        for (var i = 0; i < _letters.Length; i++)
        {
            if (_cells.Read(rows, i, out var cell))
                Measure(i, _xml.Write(cell, _letters[i], Rows));
        }

        EndRow();
    }

    public void Finish()
    {
        Begin();
        _xml.Add("</sheetData>"u8);
        if (_letters.Length > 0)
            _xml.Add($"<autoFilter ref=\"A1:{Encoding.ASCII.GetString(_letters[^1])}{Rows}\"/>");
        _xml.Add("</worksheet>"u8);
        Send();
    }

    private void WriteHeader()
    {
        BeginRow();
        for (var i = 0; i < _letters.Length; i++)
        {
            // Beside its name a column has the filter's button.
            Measure(i, _xml.WriteText(_cells.Name(i), XlsxStyles.Header, _letters[i], Rows) + 3);
        }

        EndRow();
    }

    private void BeginRow()
    {
        Rows++;
        _xml.Add("<row r=\""u8);
        _xml.Add(Rows);
        _xml.Add("\">"u8);
    }

    private void EndRow()
    {
        _xml.Add("</row>"u8);
        if (!_isBegun && (Rows > RowsMeasured || _xml.Bytes.WrittenCount > MostBytesMeasured))
            Begin();
        if (_isBegun && _xml.Bytes.WrittenCount >= PartBytes)
            Send();
    }

    private void Measure(int column, int width)
    {
        if (!_isBegun)
            _widths[column] = Math.Max(_widths[column], width);
    }

    /// <summary>What stands before the rows, once.</summary>
    private void Begin()
    {
        if (_isBegun)
            return;
        _isBegun = true;
        var head = new StringBuilder(XlsxParts.SheetStart(_isFirst));
        if (_widths.Length > 0)
        {
            head.Append("<cols>");
            for (var i = 0; i < _widths.Length; i++)
                head.Append(CultureInfo.InvariantCulture, $"<col min=\"{i + 1}\" max=\"{i + 1}\" width=\"{Math.Clamp(_widths[i] + 2, Narrowest, Widest)}\" customWidth=\"1\"/>");
            head.Append("</cols>");
        }

        _part.Write(Encoding.UTF8.GetBytes(head.Append("<sheetData>").ToString()));
        Send();
    }

    private void Send()
    {
        Length += _xml.Bytes.WrittenCount;
        _part.Write(_xml.Bytes.WrittenSpan);
        _xml.Bytes.ResetWrittenCount();
    }

    /// <summary>A, B, …, Z, AA, AB, …</summary>
    private static string Letters(int column) =>
        column < 26 ? $"{(char)('A' + column)}" : $"{Letters((column / 26) - 1)}{(char)('A' + (column % 26))}";
}
