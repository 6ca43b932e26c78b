using System.Collections.Immutable;
using Socle.Blueprints;
using Socle.FieldTypes;
using Socle.Kernel;

namespace Socle.Cochin;

/// <summary>The two tables in which an import notes what people may look for: by which number Cochin knew a record, and what had no place.</summary>
public static class ImportTables
{
    public const string Identifiers = "anciens_identifiants";
    public const string Aside = "valeurs_ecartees";

    internal static ImmutableArray<TableBlueprint> Make(FieldBlueprint id) =>
    [
        Table(
            Identifiers,
            new("Numbers in Cochin", "Numéros dans Cochin"),
            id,
            Field("nom_table", "text", "Table", "Table"),
            Field("ancien_id", "number", "Id in Cochin", "Id dans Cochin"),
            Field("custom_id", "text", "Number in Cochin", "Numéro dans Cochin")) with
        {
            Indexes = [new IndexBlueprint([new("nom_table", false), new("custom_id", false)], false, 0), new IndexBlueprint([new("ancien_id", false)], false, 0)],
        },
        Table(
            Aside,
            new("Values kept aside", "Valeurs écartées"),
            id,
            Field("nom_table", "text", "Table", "Table"),
            Field("enregistrement", "uuid", "Record", "Enregistrement"),
            Field("ancien_id", "number", "Id in Cochin", "Id dans Cochin"),
            Field("champ", "text", "Field", "Champ"),
            Field("valeur", "long_text", "Value", "Valeur"),
            Field("motif", "text", "Reason", "Motif")),
    ];

    private static TableBlueprint Table(string name, Text label, params FieldBlueprint[] fields) => new(name, label, [.. fields], ["id"], null, false, [], [], 0, KeepsHistory: false);

    private static FieldBlueprint Field(string name, string type, string english, string french) =>
        new(name, FieldTypeRegistry.Find(type)!, FieldSettings.None, new Text(english, french), false, Uniqueness.None, null, null, OnDelete.Restrict, 0);
}
