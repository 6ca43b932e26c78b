using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Socle.Imports.Values;
using Socle.Kernel;

namespace Socle.Imports;

/// <summary>
/// Takes a file, proposes the table that would hold it: as a blueprint, whose fields are named after the columns and have the narrowest type
/// that takes every value of theirs. Reads all rows.
/// </summary>
public static partial class TableProposal
{
    private const int LongestName = 50;

    private static readonly string[] Reserved = ["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"];

    /// <param name="table">The new table's name.</param>
    /// <returns>The blueprint as YAML.</returns>
    public static Result<string> Write(SourceFile file, string table)
    {
        try
        {
            using var rows = file.Open(isLiteral: false);
            var profiles = rows.Header.Select(header => new ColumnProfile(header)).ToList();
            while (rows.Next())
            {
                for (var i = 0; i < profiles.Count && rows.Problem is null; i++)
                    profiles[i].Add(rows.Cell(i));
            }

            return Write(table, rows.Header, profiles);
        }
        catch (Reading.UnreadableFileException exception)
        {
            return exception.Fault;
        }
    }

    private static string Write(string table, IReadOnlyList<string> header, List<ColumnProfile> profiles)
    {
        var fields = new StringBuilder();
        var taken = new HashSet<string>();
        var isKeyed = false;
        for (var i = 0; i < header.Count; i++)
        {
            if (header[i].Length == 0 && !profiles[i].HasValues)
                continue;
            var type = profiles[i].Propose();
            var name = NameOf(header[i], i);
            // A column that is what every table has anyway fills that.
            if ((name == "id" && type == "uuid") || (name is "created_at" or "updated_at" && type == "date_time"))
                continue;
            isKeyed |= name == "id" && profiles[i].IsFull;
            name = name == "id" && !isKeyed ? "id_2" : name is "created_at" or "updated_at" || Reserved.Contains(name) ? $"{name}_2" : name;
            for (var number = 2; !taken.Add(name); number++)
                name = string.Create(CultureInfo.InvariantCulture, $"{NameOf(header[i], i)}_{number}");
            fields.Append(CultureInfo.InvariantCulture, $"      {name}: {{ type: {type}, label: {Quote(header[i].Length == 0 ? name : header[i])} }}\n");
        }

        return $"blueprint: {table}\ntables:\n  {table}:\n    label: {Quote(table)}\n{(isKeyed ? "    key: [id]\n" : "")}    fields:\n{fields}";
    }

    /// <summary><c>Code postal</c> → <c>code_postal</c>.</summary>
    internal static string NameOf(string header, int index)
    {
        var plain = new StringBuilder();
        foreach (var c in Folding.WithoutAccents(ApiStyle().Replace(header, "_")))
            plain.Append(char.IsAsciiLetterOrDigit(c) ? c : '_');

        var name = Underscores().Replace(plain.ToString(), "_").Trim('_');
        if (name.Length > LongestName)
            name = name[..LongestName].TrimEnd('_');
        return name.Length == 0 ? string.Create(CultureInfo.InvariantCulture, $"column_{index + 1}") : char.IsAsciiDigit(name[0]) ? $"n_{name}" : name;
    }

    /// <summary>A scalar of YAML in double quotes.</summary>
    private static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in text.Length > 100 ? text[..100] : text)
        {
            quoted.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                _ when char.IsControl(c) || char.IsSurrogate(c) || c is '\u0085' or '\u2028' or '\u2029' or '\uFEFF' => " ",
                _ => c.ToString(),
            });
        }

        return quoted.Append('"').ToString();
    }

    [GeneratedRegex("(?<=[a-z0-9])(?=[A-Z])", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ApiStyle();

    [GeneratedRegex("_+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Underscores();
}
