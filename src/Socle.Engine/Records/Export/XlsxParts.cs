using System.Globalization;
using System.Security;
using System.Text;

namespace Socle.Records.Export;

/// <summary>The parts of a workbook around its sheets. What is not named otherwise is a sheet, so that the list of types can come first.</summary>
internal static class XlsxParts
{
    private const int LongestSheetName = 31;
    private const string Declaration = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>""";
    private const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private const string Related = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private const string Packaged = "http://schemas.openxmlformats.org/package/2006";
    private const string Types = "application/vnd.openxmlformats-officedocument.spreadsheetml";

    public const string ContentTypes =
        $"""
        {Declaration}
        <Types xmlns="{Packaged}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="{Types}.worksheet+xml"/><Override PartName="/xl/workbook.xml" ContentType="{Types}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="{Types}.styles+xml"/></Types>
        """;

    public const string Relations =
        $"""
        {Declaration}
        <Relationships xmlns="{Packaged}/relationships"><Relationship Id="rId1" Type="{Related}/officeDocument" Target="xl/workbook.xml"/></Relationships>
        """;

    public static string SheetStart(bool isFirst) =>
        $"""
        {Declaration}
        <worksheet xmlns="{Main}"><sheetViews><sheetView{(isFirst ? " tabSelected=\"1\"" : "")} workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>
        """;

    public static string Workbook(string table, int sheets)
    {
        var xml = new StringBuilder($"{Declaration}<workbook xmlns=\"{Main}\" xmlns:r=\"{Related}\"><bookViews><workbookView/></bookViews><sheets>");
        for (var i = 1; i <= sheets; i++)
            xml.Append(CultureInfo.InvariantCulture, $"<sheet name=\"{SecurityElement.Escape(SheetName(table, i))}\" sheetId=\"{i}\" r:id=\"rId{i}\"/>");
        return xml.Append("</sheets></workbook>").ToString();
    }

    public static string WorkbookRelations(int sheets)
    {
        var xml = new StringBuilder($"{Declaration}<Relationships xmlns=\"{Packaged}/relationships\">");
        for (var i = 1; i <= sheets; i++)
            xml.Append(CultureInfo.InvariantCulture, $"<Relationship Id=\"rId{i}\" Type=\"{Related}/worksheet\" Target=\"worksheets/sheet{i}.xml\"/>");
        return xml.Append(CultureInfo.InvariantCulture, $"<Relationship Id=\"rId{sheets + 1}\" Type=\"{Related}/styles\" Target=\"styles.xml\"/></Relationships>").ToString();
    }

    /// <summary>The table's name without what Excel refuses in the name of a sheet; the second sheet is <c>clients (2)</c>.</summary>
    private static string SheetName(string table, int number)
    {
        var suffix = number == 1 ? "" : $" ({number})";
        var name = string.Concat(table.Select(c => c < ' ' || c is '[' or ']' or ':' or '*' or '?' or '/' or '\\' or '\'' or '\uFFFE' or '\uFFFF' ? '_' : c));
        var length = Math.Min(name.Length, LongestSheetName - suffix.Length);
        if (char.IsHighSurrogate(name[length - 1]))
            length--;
        // Excel keeps this name for itself.
        return name.Equals("history", StringComparison.OrdinalIgnoreCase) ? $"{name}_{suffix}" : name[..length] + suffix;
    }
}
