using System.Globalization;
using System.Text.RegularExpressions;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using DocumentFormat.OpenXml.Validation;

namespace Socle.Tests.Server.Exports;

/// <param name="Type">n, b or text.</param>
/// <param name="Format">The format that its style gives numbers.</param>
internal sealed record SheetCell(string Type, string Text, string Format);

/// <summary>Reads a workbook back with the Open XML SDK, which is no part of the product.</summary>
internal static partial class Workbook
{
    /// <summary>The sheets' names and rows; each row's cells by their column's letters.</summary>
    public static List<(string Name, List<Dictionary<string, SheetCell>> Rows)> Read(byte[] file)
    {
        using var document = SpreadsheetDocument.Open(new MemoryStream(file), isEditable: false);
        var book = document.WorkbookPart!;
        var styles = book.WorkbookStylesPart!.Stylesheet;
        var formats = styles.NumberingFormats!.Elements<NumberingFormat>().ToDictionary(format => format.NumberFormatId!.Value, format => format.FormatCode!.Value!);
        var looks = styles.CellFormats!.Elements<CellFormat>().Select(look => formats.GetValueOrDefault(look.NumberFormatId!.Value, $"{look.NumberFormatId.Value}")).ToList();
        return [.. book.Workbook.Sheets!.Elements<Sheet>().Select(sheet =>
        {
            var rows = ((WorksheetPart)book.GetPartById(sheet.Id!.Value!)).Worksheet.GetFirstChild<SheetData>()!.Elements<Row>();
            return (sheet.Name!.Value!, rows.Select(row => row.Elements<Cell>().ToDictionary(Column, cell => Read(cell, looks))).ToList());
        })];
    }

    public static void Validate(byte[] file)
    {
        using var document = SpreadsheetDocument.Open(new MemoryStream(file), isEditable: false);
        var errors = new OpenXmlValidator(FileFormatVersions.Office2019).Validate(document).Select(error => $"{error.Part?.Uri} {error.Path?.XPath}: {error.Description}").ToList();
        Assert.True(errors.Count == 0, string.Join('\n', errors.Take(10)));
    }

    /// <summary>The day that a cell shows, as PostgreSQL writes it.</summary>
    public static string Day(SheetCell cell)
    {
        if (cell.Type != "n")
            return IsoDay(cell.Text);
        Assert.Equal("dd/mm/yyyy", cell.Format);
        return new DateTime(1899, 12, 30).AddDays(int.Parse(cell.Text, CultureInfo.InvariantCulture)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    }

    /// <summary><c>31/12/2026</c> as PostgreSQL writes it; other words as they are.</summary>
    public static string IsoDay(string text) => FrenchDay().Replace(text, "${year}-${month}-${day}");

    private static SheetCell Read(Cell cell, List<string> looks)
    {
        var format = looks[(int)(cell.StyleIndex?.Value ?? 0)];
        var type = cell.DataType?.Value;
        return type == CellValues.InlineString
            ? new SheetCell("text", Escape().Replace(cell.InlineString!.Text!.Text, match => $"{(char)int.Parse(match.Groups["sign"].ValueSpan, NumberStyles.HexNumber, CultureInfo.InvariantCulture)}"), format)
            : new SheetCell(type == CellValues.Boolean ? "b" : "n", cell.CellValue!.Text, format);
    }

    private static string Column(Cell cell) => cell.CellReference!.Value!.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9');

    [GeneratedRegex("_x(?<sign>[0-9A-Fa-f]{4})_", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Escape();

    [GeneratedRegex("^(?<day>[0-9]{2})/(?<month>[0-9]{2})/(?<year>[0-9]{4})$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex FrenchDay();
}
