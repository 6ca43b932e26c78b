using System.Xml;
using Socle.Kernel;

namespace Socle.Imports.Reading;

/// <summary>
/// Reads one sheet of an XLSX workbook as rows, one element after the other: the first sheet, or the named one. The first row that holds
/// something is the header. Formulas give the value that was stored with them. What the sheet says of its own size is not believed.
/// </summary>
public sealed class XlsxReader : RowReader
{
    private readonly XlsxParts _parts;
    private readonly XlsxBook _book;
    private readonly XlsxStrings _strings;
    private readonly XlsxStyles _styles;
    private readonly BoundedStream _part;
    private readonly XmlReader _sheet;
    private readonly CellRow _row = new();
    private readonly List<string> _header = [];
    private long _line;

    public XlsxReader(Stream file, string? sheet)
    {
        _parts = new XlsxParts(file);
        try
        {
            _book = XlsxBook.Read(_parts);
            var path = FindSheet(sheet);
            _strings = _book.Strings is { } strings ? XlsxStrings.Read(_parts, strings) : new XlsxStrings();
            _styles = _book.Styles is { } styles ? XlsxStyles.Read(_parts, styles) : new XlsxStyles();
            _part = _parts.OpenStream(path) ?? throw new UnreadableFileException(FileFaults.BrokenWorkbook);
            _sheet = XlsxParts.Read(_part);
            ReadHeader();
        }
        catch (Exception exception) when (exception is XmlException or InvalidDataException)
        {
            throw new UnreadableFileException(FileFaults.BrokenWorkbook);
        }
    }

    public override IReadOnlyList<string> Header => _header;

    public override long Line => _line;

    public override double Progress => Math.Min(1, (double)_part.Position / Math.Max(1, _part.Length));

    public override Text? Problem => _row.HasAnyFrom(_header.Count)
        ? new("The row has more cells than the header.", "La ligne a plus de cellules que l'en-tête.")
        : null;

    public override bool Next()
    {
        try
        {
            while (ReadRow())
            {
                if (!_row.IsEmpty)
                    return true;
            }

            return false;
        }
        catch (Exception exception) when (exception is XmlException or InvalidDataException)
        {
            throw new UnreadableFileException(FileFaults.BrokenWorkbook);
        }
    }

    public override Cell Cell(int column) => _row.Get(column);

    public override void WriteRecord(ByteText to, byte separator) => _row.WriteRecord(to, _header.Count, separator);

    public override void Dispose()
    {
        _sheet.Dispose();
        _parts.Dispose();
    }

    private string FindSheet(string? name)
    {
        if (_book.Sheets.Count == 0)
            throw new UnreadableFileException(FileFaults.NotWorkbook);
        if (name is null)
            return _book.Sheets[0].Path;
        return _book.Sheets.FirstOrDefault(sheet => sheet.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Path
            ?? throw new UnreadableFileException(FileFaults.NoSheet(name, _book.Sheets.Select(sheet => sheet.Name)));
    }

    private void ReadHeader()
    {
        if (!Next())
            throw new UnreadableFileException(FileFaults.Empty);
        var last = 0;
        while (_row.HasAnyFrom(last))
            last++;
        for (var i = 0; i < last; i++)
            _header.Add(System.Text.Encoding.UTF8.GetString(_row.Get(i).Text).Trim());
    }

    private bool ReadRow()
    {
        while (_sheet.Read())
        {
            if (_sheet is not { NodeType: XmlNodeType.Element, LocalName: "row" })
                continue;
            _line = long.TryParse(_sheet.GetAttribute("r"), out var number) ? number : _line + 1;
            _row.Clear(_header.Count);
            if (!_sheet.IsEmptyElement)
                ReadCells();
            return true;
        }

        return false;
    }

    private void ReadCells()
    {
        var column = 0;
        var depth = _sheet.Depth;
        while (_sheet.Read() && _sheet.Depth > depth)
        {
            if (_sheet is not { NodeType: XmlNodeType.Element, LocalName: "c" })
                continue;
            column = ColumnOf(_sheet.GetAttribute("r")) ?? column;
            if (column >= CsvReader.MostColumns)
                throw new UnreadableFileException(FileFaults.TooManyColumns(CsvReader.MostColumns));
            ReadCell(column++);
        }
    }

    private void ReadCell(int column)
    {
        var type = _sheet.GetAttribute("t");
        var style = int.TryParse(_sheet.GetAttribute("s"), out var number) ? number : -1;
        if (_sheet.IsEmptyElement)
            return;
        var depth = _sheet.Depth;
        string? value = null;
        while (_sheet.Read() && _sheet.Depth > depth)
        {
            if (_sheet.NodeType != XmlNodeType.Element)
                continue;
            if (_sheet.LocalName == "is")
                value = XlsxStrings.ReadText(_sheet);
            else if (_sheet.LocalName == "v")
                value = XlsxStrings.ReadValue(_sheet);
        }

        if (value is not null)
            Set(column, type, style, value);
    }

    private void Set(int column, string? type, int style, string value)
    {
        switch (type)
        {
            case "s" when int.TryParse(value, out var index) && index >= 0 && index < _strings.Count:
                SetText(column, _strings[index]);
                break;
            case "inlineStr" or "str":
                SetText(column, System.Text.Encoding.UTF8.GetBytes(type == "str" ? XlsxStrings.Unescape(value) : value), type == "str" ? CellKind.Empty : CellKind.EmptyText);
                break;
            case "b":
                _row.Set(column, CellKind.Boolean, value is "1" or "true" ? "true"u8 : "false"u8);
                break;
            case "d":
                _row.Set(column, CellKind.Date, value);
                break;
            case null or "n":
                SetNumber(column, style, value);
                break;
            default:
                _row.Set(column, CellKind.Error, value);
                break;
        }
    }

    /// <param name="empty">What no text means: a formula has no other way to say nothing.</param>
    private void SetText(int column, ReadOnlySpan<byte> text, CellKind empty = CellKind.EmptyText) => _row.Set(column, text.IsEmpty ? empty : CellKind.Text, text);

    private void SetNumber(int column, int style, string value)
    {
        if (value.Length == 0)
            return;
        var (look, zeros) = _styles[style];
        if (look is NumberLook.Date or NumberLook.Time && XlsxNumbers.Date(value, look, _book.IsFrom1904) is { } date)
            _row.Set(column, CellKind.Date, date);
        else
            _row.Set(column, look == NumberLook.Percent ? CellKind.Percent : CellKind.Number, XlsxNumbers.Plain(value, zeros) ?? value);
    }

    /// <summary><c>AB12</c> → 27.</summary>
    private static int? ColumnOf(string? address)
    {
        if (address is null)
            return null;
        var column = 0;
        foreach (var c in address)
        {
            if (!char.IsAsciiLetter(c) || column > CsvReader.MostColumns)
                break;
            column = (column * 26) + (char.ToUpperInvariant(c) - 'A' + 1);
        }

        return column == 0 ? null : column - 1;
    }
}
