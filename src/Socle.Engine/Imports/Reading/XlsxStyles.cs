using System.Globalization;

namespace Socle.Imports.Reading;

/// <summary>What a cell's style makes of its number.</summary>
internal enum NumberLook
{
    Number,
    Date,
    Time,
    Percent,
}

/// <summary>The number formats of a workbook: only they tell a date from a number, and a postal code from its value.</summary>
internal sealed class XlsxStyles
{
    private readonly List<(NumberLook Look, int Zeros)> _styles = [];

    public (NumberLook Look, int Zeros) this[int style] => style >= 0 && style < _styles.Count ? _styles[style] : default;

    public static XlsxStyles Read(XlsxParts parts, string path)
    {
        var styles = new XlsxStyles();
        using var xml = parts.Open(path);
        var formats = new Dictionary<int, string>();
        var isInCells = false;
        while (xml?.Read() == true)
        {
            if (xml.NodeType == System.Xml.XmlNodeType.EndElement && xml.LocalName == "cellXfs")
                isInCells = false;
            if (xml.NodeType != System.Xml.XmlNodeType.Element)
                continue;
            if (xml.LocalName == "numFmt" && int.TryParse(xml.GetAttribute("numFmtId"), out var id))
                formats[id] = xml.GetAttribute("formatCode") ?? "";
            else if (xml.LocalName == "cellXfs")
                isInCells = !xml.IsEmptyElement;
            else if (xml.LocalName == "xf" && isInCells)
                styles._styles.Add(LookOf(int.TryParse(xml.GetAttribute("numFmtId"), out var format) ? format : 0, formats));
        }

        return styles;
    }

    private static (NumberLook, int) LookOf(int format, Dictionary<int, string> formats) => format switch
    {
        (>= 14 and <= 17) or 22 or (>= 27 and <= 36) or (>= 50 and <= 58) => (NumberLook.Date, 0),
        (>= 18 and <= 21) or (>= 45 and <= 47) => (NumberLook.Time, 0),
        9 or 10 => (NumberLook.Percent, 0),
        _ => formats.TryGetValue(format, out var code) ? LookOf(code) : default,
    };

    internal static (NumberLook Look, int Zeros) LookOf(string code)
    {
        if (code.Length is > 1 and < 32 && code.All(c => c == '0'))
            return (NumberLook.Number, code.Length);
        var (hasDate, hasTime, hasPercent) = (false, false, false);
        for (var i = 0; i < code.Length; i++)
        {
            switch (char.ToLower(code[i], CultureInfo.InvariantCulture))
            {
                case '"':
                    i = code.IndexOf('"', i + 1) is >= 0 and var end ? end : code.Length;
                    break;
                case '[' when code.IndexOf(']', i) is >= 0 and var close:
                    // [h] counts hours; anything else in brackets is a colour, a locale or a condition.
                    hasTime |= "hHmMsS".Contains(code[i + 1], StringComparison.Ordinal) && code[i + 1] == code[close - 1];
                    i = close;
                    break;
                case '\\' or '_' or '*':
                    i++;
                    break;
                case 'y' or 'd' when !code.StartsWith("General", StringComparison.OrdinalIgnoreCase):
                    hasDate = true;
                    break;
                case 'h' or 's':
                    hasTime = true;
                    break;
                case '%':
                    hasPercent = true;
                    break;
            }
        }

        return hasDate ? (NumberLook.Date, 0) : hasTime ? (NumberLook.Time, 0) : hasPercent ? (NumberLook.Percent, 0) : default;
    }
}
