using System.Text.RegularExpressions;
using Socle.FieldTypes;

namespace Socle.Cochin;

/// <summary>The list that a choice field takes its values from: the rows of Choix of one category, or all of them.</summary>
internal static partial class Categories
{
    public const string Table = "choix";
    private const string Condition = "categorie=eq.";

    public static bool IsChoice(FieldSettings settings) => settings.ChoicesFrom is { From: Table };

    /// <summary>Null for all.</summary>
    public static string? Find(FieldSettings settings) =>
        settings.ChoicesFrom?.Where is { } where && where.StartsWith(Condition, StringComparison.Ordinal) ? where[Condition.Length..] : null;

    public static FieldSettings Of(string? category) => new()
    {
        ChoicesFrom = new ChoiceSource(Table, "valeur", "libelle", category is not null && Plain().IsMatch(category) ? Condition + category : null, "ordre"),
    };

    /// <summary>What stands in a filter as it is.</summary>
    [GeneratedRegex(@"^\w+\z", RegexOptions.ECMAScript, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Plain();
}
