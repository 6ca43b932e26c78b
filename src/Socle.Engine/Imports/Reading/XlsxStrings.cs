using System.Globalization;
using System.Text;
using System.Xml;
using Socle.Kernel;

namespace Socle.Imports.Reading;

/// <summary>The texts that cells share, kept as UTF-8 in one buffer.</summary>
internal sealed class XlsxStrings
{
    /// <summary>They are the one part of a workbook that must be in memory.</summary>
    private const int MostBytes = 96 * 1024 * 1024;

    private readonly ByteText _texts = new(4096);
    private readonly List<int> _ends = [];

    public ReadOnlySpan<byte> this[int index] => _texts.Span[(index == 0 ? 0 : _ends[index - 1]).._ends[index]];

    public int Count => _ends.Count;

    public static XlsxStrings Read(XlsxParts parts, string path)
    {
        var strings = new XlsxStrings();
        using var xml = parts.Open(path);
        while (xml?.Read() == true)
        {
            if (xml is not { NodeType: XmlNodeType.Element, LocalName: "si" })
                continue;
            strings._texts.Add(ReadText(xml));
            strings._ends.Add(strings._texts.Length);
            if (strings._texts.Length > MostBytes)
                throw new UnreadableFileException(TooMuchText);
        }

        return strings;
    }

    /// <summary>The text of the element that the reader is at (si, is): its parts without the reading aids.</summary>
    public static string ReadText(XmlReader xml)
    {
        if (xml.IsEmptyElement)
            return "";
        var (depth, isAid) = (xml.Depth, false);
        var text = new StringBuilder();
        while (xml.Read() && xml.Depth > depth)
        {
            if (xml.LocalName == "rPh" && xml.NodeType is XmlNodeType.Element or XmlNodeType.EndElement)
                isAid = xml.NodeType == XmlNodeType.Element && !xml.IsEmptyElement;
            else if (!isAid && xml.NodeType is XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace && xml.Depth > depth + 1)
                text.Append(xml.Value);
        }

        return Unescape(text.ToString());
    }

    /// <summary>The text of the element that the reader is at (v).</summary>
    public static string ReadValue(XmlReader xml)
    {
        if (xml.IsEmptyElement)
            return "";
        var depth = xml.Depth;
        var text = "";
        while (xml.Read() && xml.Depth > depth)
            text += xml.Value;
        return text;
    }

    /// <summary><c>_x000D_</c> stands for a character that XML cannot hold (ECMA-376, ST_Xstring).</summary>
    public static string Unescape(string text)
    {
        if (!text.Contains("_x", StringComparison.Ordinal))
            return text;
        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (i + 7 <= text.Length && text[i] == '_' && text[i + 1] == 'x' && text[i + 6] == '_'
                && ushort.TryParse(text.AsSpan(i + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
            {
                plain.Append((char)code);
                i += 6;
            }
            else
            {
                plain.Append(text[i]);
            }
        }

        return plain.ToString();
    }

    private static Fault TooMuchText { get; } = new(
        FaultCode.InvalidFile,
        "The workbook holds more text than can be read at once. Save it as CSV (UTF-8) and import that.",
        "Le classeur contient plus de texte qu'on n'en peut lire d'un coup. Enregistrez-le en CSV (UTF-8) et importez celui-ci.");
}
