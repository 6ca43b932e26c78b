using Socle.Blueprints;

namespace Socle.Cochin;

/// <summary>The category of Choix that a field of the blueprint takes its values from.</summary>
internal static class Categories
{
    private static readonly Dictionary<(string Table, string Field), string> Known = new()
    {
        [("projet", "statut")] = "statut_projet",
        [("projet", "type_projet")] = "type_projet",
        [("devis", "statut")] = "statut_devis",
    };

    public static string? Find(TableBlueprint table, FieldBlueprint field) => Known.GetValueOrDefault((table.Name, field.Name));
}
