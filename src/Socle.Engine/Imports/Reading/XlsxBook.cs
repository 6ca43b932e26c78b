using System.Xml;

namespace Socle.Imports.Reading;

/// <summary>Where the sheets of a workbook lie, and from when it counts days.</summary>
internal sealed record XlsxBook(IReadOnlyList<(string Name, string Path)> Sheets, bool IsFrom1904, string? Strings, string? Styles)
{
    private const string Fallback = "xl/workbook.xml";

    public static XlsxBook Read(XlsxParts parts)
    {
        var path = Relations(parts, "_rels/.rels", "").FirstOrDefault(relation => relation.Type.EndsWith("/officeDocument", StringComparison.Ordinal)).Target ?? Fallback;
        var folder = path.Contains('/', StringComparison.Ordinal) ? path[..(path.LastIndexOf('/') + 1)] : "";
        var relations = Relations(parts, $"{folder}_rels/{path[folder.Length..]}.rels", folder);
        var byId = relations.GroupBy(relation => relation.Id).ToDictionary(group => group.Key, group => group.First().Target);
        using var xml = parts.Open(path) ?? throw new UnreadableFileException(FileFaults.NotWorkbook);
        var sheets = new List<(string, string)>();
        var isFrom1904 = false;
        while (xml.Read())
        {
            if (xml is { NodeType: XmlNodeType.Element, LocalName: "workbookPr" })
                isFrom1904 = xml.GetAttribute("date1904") is "1" or "true";
            else if (xml is { NodeType: XmlNodeType.Element, LocalName: "sheet" } && SheetId(xml) is { } id && byId.TryGetValue(id, out var target))
                sheets.Add((xml.GetAttribute("name") ?? "", target));
        }

        string? Find(string type) => relations.FirstOrDefault(relation => relation.Type.EndsWith(type, StringComparison.Ordinal)).Target;
        return new XlsxBook(sheets, isFrom1904, Find("/sharedStrings"), Find("/styles"));
    }

    private static string? SheetId(XmlReader xml)
    {
        string? id = null;
        while (xml.MoveToNextAttribute())
        {
            if (xml.LocalName == "id" && xml.Prefix.Length > 0)
                id = xml.Value;
        }

        xml.MoveToElement();
        return id;
    }

    private static List<(string Id, string Type, string Target)> Relations(XlsxParts parts, string path, string folder)
    {
        var relations = new List<(string, string, string)>();
        using var xml = parts.Open(path);
        while (xml?.Read() == true)
        {
            if (xml is { NodeType: XmlNodeType.Element, LocalName: "Relationship" } && xml.GetAttribute("TargetMode") != "External" && xml.GetAttribute("Target") is { } target)
                relations.Add((xml.GetAttribute("Id") ?? "", xml.GetAttribute("Type") ?? "", target.StartsWith('/') ? target[1..] : folder + target));
        }

        return relations;
    }
}
