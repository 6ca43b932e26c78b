using System.Text.RegularExpressions;
using Socle.Kernel;

namespace Socle.FieldTypes;

/// <summary>
/// How an autonumber is written: text with <c>{yyyy}</c>, <c>{yy}</c>, <c>{mm}</c>, <c>{dd}</c> and, exactly once, the number itself: <c>{0000}</c>, with
/// as many digits at least. The finest of the dates is the period in which numbers begin again at 1. The database reads it (0009_numbers.sql).
/// </summary>
public static partial class NumberFormat
{
    private const int Longest = 60;

    /// <summary>What is wrong with it; null when nothing is.</summary>
    public static Text? Check(string format)
    {
        var parts = Part().Matches(format).Select(match => match.Value).ToList();
        if (format.Length > Longest || format.Any(char.IsControl))
            return new($"A format has at most {Longest} characters, and no line breaks.", $"Un format a au plus {Longest} caractères, sans saut de ligne.");
        if (parts.Find(part => part is not ("{yyyy}" or "{yy}" or "{mm}" or "{dd}") && !Number().IsMatch(part)) is { } unknown)
            return new($"'{unknown}' means nothing in a format: there are {{yyyy}}, {{yy}}, {{mm}}, {{dd}} and {{0000}}.", $"« {unknown} » ne veut rien dire dans un format : il y a {{yyyy}}, {{yy}}, {{mm}}, {{dd}} et {{0000}}.");
        if (Part().Replace(format, "").AsSpan().ContainsAny('{', '}'))
            return new("A brace { or } of the format has no partner.", "Une accolade { ou } du format n'a pas sa paire.");
        if (parts.Count(part => Number().IsMatch(part)) != 1)
            return new("A format holds the number exactly once: {0000}, with as many zeros as it has digits at least.", "Un format contient le numéro une seule fois : {0000}, avec autant de zéros qu'il a de chiffres au moins.");
        return FindGap(parts);
    }

    /// <summary>In December and in January of another year the same numbers would come.</summary>
    private static Text? FindGap(List<string> parts)
    {
        var (hasYear, hasMonth, hasDay) = (parts.Contains("{yyyy}") || parts.Contains("{yy}"), parts.Contains("{mm}"), parts.Contains("{dd}"));
        if (hasDay && !hasMonth)
            return new("{dd} needs {mm} beside it: the same numbers would come every month.", "{dd} a besoin de {mm} : les mêmes numéros reviendraient chaque mois.");
        return hasMonth && !hasYear
            ? new("{mm} needs {yyyy} or {yy} beside it: the same numbers would come every year.", "{mm} a besoin de {yyyy} ou {yy} : les mêmes numéros reviendraient chaque année.")
            : null;
    }

    [GeneratedRegex(@"\{[^{}]*\}", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Part();

    [GeneratedRegex(@"^\{0{1,12}\}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Number();
}
