using System.Text;

namespace Socle.Records.Export;

/// <summary>The looks that cells have, by their numbers in <c>xl/styles.xml</c>.</summary>
internal static class XlsxStyles
{
    public const int Header = 1;
    public const int Text = 2;
    public const int Date = 3;
    public const int Moment = 4;
    public const int FineMoment = 5;
    public const int Time = 6;
    public const int Duration = 7;

    private const int FirstDecimals = 8;
    private const int MostDecimals = 10;

    /// <summary>Numbers of formats that are ours begin here.</summary>
    private const int FirstFormat = 164;

    public static string Part { get; } = Write();

    /// <summary>The look of a number that shows so many decimals.</summary>
    public static int Decimals(int count) => count <= MostDecimals ? FirstDecimals + count : 0;

    private static string Write()
    {
        string[] formats = ["dd/mm/yyyy", "dd/mm/yyyy\\ hh:mm:ss", "dd/mm/yyyy\\ hh:mm:ss.000", "hh:mm:ss", "[h]:mm:ss", "0", .. Enumerable.Range(1, MostDecimals).Select(count => $"0.{new string('0', count)}")];
        var xml = new StringBuilder("""
            <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
            <styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
            """);
        xml.Append($"<numFmts count=\"{formats.Length}\">");
        for (var i = 0; i < formats.Length; i++)
            xml.Append($"<numFmt numFmtId=\"{FirstFormat + i}\" formatCode=\"{formats[i]}\"/>");
        xml.Append("""
            </numFmts>
            <fonts count="2"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font><font><b/><sz val="11"/><name val="Calibri"/><family val="2"/></font></fonts>
            <fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>
            <borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>
            <cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>
            """);
        xml.Append($"<cellXfs count=\"{formats.Length + Date}\">");
        xml.Append("""
            <xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>
            <xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/>
            <xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>
            """);
        for (var i = 0; i < formats.Length; i++)
            xml.Append($"<xf numFmtId=\"{FirstFormat + i}\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\"/>");
        xml.Append("""</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>""");
        return xml.ToString();
    }
}
