using System.Text;

namespace Socle.Tests.Server.Exports;

/// <summary>Reads CSV back: the rows' cells without their quotes. Null is an empty cell, empty text is <c>""</c>.</summary>
internal static class CsvText
{
    public static List<string?[]> Read(string csv, char separator)
    {
        var rows = new List<string?[]>();
        var row = new List<string?>();
        for (var at = csv.StartsWith('\uFEFF') ? 1 : 0; at < csv.Length;)
        {
            row.Add(ReadCell(csv, separator, ref at));
            if (at < csv.Length && csv[at] == separator)
            {
                at++;
                continue;
            }

            Assert.Equal("\r\n", csv.Substring(at, 2));
            at += 2;
            rows.Add([.. row]);
            row.Clear();
        }

        return rows;
    }

    /// <summary>What Excel shows for a cell: the text that <c>="…"</c> gives, or the cell as it is.</summary>
    public static string? Shown(string? cell)
    {
        if (cell is null || !cell.StartsWith('='))
            return cell;
        Assert.StartsWith("=\"", cell, StringComparison.Ordinal);
        Assert.EndsWith("\"", cell, StringComparison.Ordinal);
        var literal = cell[2..^1];
        // A quote that stands alone would end the text and let the rest be a formula.
        Assert.DoesNotContain('"', literal.Replace("\"\"", "", StringComparison.Ordinal));
        return literal.Replace("\"\"", "\"", StringComparison.Ordinal);
    }

    private static string? ReadCell(string csv, char separator, ref int at)
    {
        if (csv[at] != '"')
        {
            var end = csv.IndexOfAny([separator, '\r'], at);
            var cell = csv[at..end];
            at = end;
            return cell.Length == 0 ? null : cell;
        }

        var text = new StringBuilder();
        for (at++; csv[at] != '"' || (at + 1 < csv.Length && csv[at + 1] == '"'); at++)
        {
            at += csv[at] == '"' ? 1 : 0;
            text.Append(csv[at]);
        }

        at++;
        return text.ToString();
    }
}
