namespace Socle.Imports.Reading;

/// <summary>Tells a CSV file's separator from how it begins: the one that cuts most rows into the same number of cells.</summary>
internal static class CsvDialect
{
    private const int SampleRows = 50;

    public static IReadOnlyList<char> Separators { get; } = [';', ',', '\t', '|'];

    /// <param name="sample">The beginning of the file, as UTF-8.</param>
    public static byte FindSeparator(ReadOnlySpan<byte> sample)
    {
        if (HintOf(sample) is { } hint)
            return hint;
        var best = (Separator: (byte)';', Score: 0.0);
        foreach (var separator in Separators)
        {
            var score = Score(sample, (byte)separator);
            if (score > best.Score)
                best = ((byte)separator, score);
        }

        return best.Separator;
    }

    /// <summary>Excel's own first line: <c>sep=;</c>.</summary>
    public static byte? HintOf(ReadOnlySpan<byte> text) =>
        text.Length > 5 && text.StartsWith("sep="u8) && text[5] is (byte)'\r' or (byte)'\n' ? text[4] : null;

    /// <summary>Cells of the header, weighed by how many rows have as many.</summary>
    private static double Score(ReadOnlySpan<byte> sample, byte separator)
    {
        var counts = CountCells(sample, separator);
        if (counts.Count == 0 || counts[0] < 2)
            return 0;
        var same = counts.Count(count => count == counts[0]) / (double)counts.Count;
        return same * same * counts[0];
    }

    private static List<int> CountCells(ReadOnlySpan<byte> sample, byte separator)
    {
        var counts = new List<int>();
        var (cells, isQuoted, isStart, hasText) = (1, false, true, false);
        foreach (var value in sample)
        {
            if (isQuoted)
            {
                isQuoted = value != (byte)'"';
                // A quote after this one is the second of a doubled one, and opens again.
                isStart = !isQuoted;
                continue;
            }

            if (value is (byte)'\n' or (byte)'\r')
            {
                if (hasText)
                    counts.Add(cells);
                (cells, isStart, hasText) = (1, true, false);
                if (counts.Count == SampleRows)
                    return counts;
                continue;
            }

            isQuoted = value == (byte)'"' && isStart;
            hasText = true;
            isStart = value == separator;
            cells += value == separator ? 1 : 0;
        }

        // The sample may end in the middle of a row.
        if (hasText && counts.Count == 0)
            counts.Add(cells);
        return counts;
    }
}
