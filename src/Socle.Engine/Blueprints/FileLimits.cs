using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Socle.FieldTypes;

namespace Socle.Blueprints;

/// <summary>
/// What a blueprint says of the files that a field takes: <c>accept</c>, a list of media types, kinds and endings, and <c>max_size</c>,
/// in bytes or with a unit (<c>10 MB</c>). Refuses endings that nobody knows and sizes that are none.
/// </summary>
internal static partial class FileLimits
{
    private static readonly Dictionary<string, long> Units = new(StringComparer.OrdinalIgnoreCase)
    {
        [""] = 1,
        ["B"] = 1,
        ["O"] = 1,
        ["KB"] = 1000,
        ["KO"] = 1000,
        ["MB"] = 1_000_000,
        ["MO"] = 1_000_000,
        ["GB"] = 1_000_000_000,
        ["GO"] = 1_000_000_000,
    };

    public static IReadOnlyList<string>? ReadAccept(YamlMap map, string path, NodeReader reader)
    {
        if (map.Find("accept") is not { } entry)
            return null;
        path = NodeReader.Join(path, "accept");
        var words = reader.ReadList(entry.Value, path).Select((item, i) => (item.Line, Word: reader.ReadWord(item, $"{path}[{i}]")?.ToLowerInvariant())).ToList();
        foreach (var (line, word) in words.Where(item => item.Word is not null && !FileEndings.IsAcceptable(item.Word)))
        {
            reader.Refuse(
                line,
                path,
                $"'{path}' expects media types such as application/pdf, kinds such as image/*, or endings ({string.Join(", ", FileEndings.Known)}), not '{word}'.",
                $"« {path} » attend des types comme application/pdf, des genres comme image/*, ou des extensions ({string.Join(", ", FileEndings.Known)}), pas « {word} ».");
        }

        return words.Count == 0 ? null : [.. words.Select(item => item.Word).OfType<string>()];
    }

    public static long? ReadSize(YamlMap map, string path, NodeReader reader)
    {
        if (map.Find("max_size") is not { } entry)
            return null;
        path = NodeReader.Join(path, "max_size");
        if (reader.ReadWord(entry.Value, path) is not { } word)
            return null;
        if (Size().Match(word) is { Success: true } match && Units.TryGetValue(match.Groups["unit"].Value, out var unit)
            && long.TryParse(match.Groups["number"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= 1_000_000_000_000)
        {
            return number * unit;
        }

        reader.Refuse(entry.Line, path, $"'{path}' expects a size: 500000, 500 KB, 10 MB or 1 GB.", $"« {path} » attend une taille : 500000, 500 Ko, 10 Mo ou 1 Go.");
        return null;
    }

    [GeneratedRegex("^(?<number>[0-9]{1,13}) ?(?<unit>[A-Za-z]{0,2})$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Size();
}
