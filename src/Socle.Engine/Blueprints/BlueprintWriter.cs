using System.Text;
using System.Text.RegularExpressions;
using Socle.Catalog;
using Socle.FieldTypes;
using Socle.Kernel;

namespace Socle.Blueprints;

/// <summary>
/// Takes a database as it is, gives the blueprint that describes it. What the format has no words for is left out,
/// with a comment that says why; applying the blueprint leaves it alone. Refuses a database without a table to describe.
/// </summary>
public static partial class BlueprintWriter
{
    /// <param name="catalog">The database's tables.</param>
    /// <param name="database">The database's name, after which the blueprint is called.</param>
    /// <param name="language">The language of the comments.</param>
    public static Result<string> Write(CatalogSnapshot catalog, string database, Language language)
    {
        var described = catalog.Tables.Where(table => WhyNot(table) is null && table.Fields.Any(field => WhyNot(field) is null)).ToList();
        if (described.Count == 0)
        {
            return new Fault(
                FaultCode.InvalidBlueprint,
                $"The database has no table that a blueprint could describe: those are tables of the schema {CatalogReader.ServedSchema}.",
                $"La base n'a aucune table qu'un blueprint puisse décrire : ce sont celles du schéma {CatalogReader.ServedSchema}.");
        }

        var yaml = new StringBuilder();
        yaml.Append("# ").Append(new Text("What the database holds, as it is. Add labels, or better types such as email.", "Ce que contient la base, telle quelle. Ajoutez des libellés, ou des types plus précis comme email.").In(language)).Append('\n');
        yaml.Append("blueprint: ").Append(NameOf(database)).Append("\n\nadopted:\n");
        foreach (var table in described)
            Write(yaml, table, [.. described.Select(other => other.Name)], language);
        foreach (var table in catalog.Tables.Except(described))
            yaml.Append("  # ").Append(YamlText.Comment(table.Name)).Append(new Text(": ", " : ").In(language)).Append((WhyNot(table) ?? NoFields).In(language)).Append('\n');
        return yaml.ToString();
    }

    private static void Write(StringBuilder yaml, TableSnapshot table, HashSet<string> described, Language language)
    {
        yaml.Append("  ").Append(YamlText.Key(table.Names.Relation)).Append(":\n    fields:\n");
        foreach (var field in table.Fields.Where(field => field.Way is null))
        {
            if (WhyNot(field) is { } reason)
                yaml.Append("      # ").Append(YamlText.Comment(field.Name)).Append(new Text(": ", " : ").In(language)).Append(reason.In(language)).Append('\n');
            else if (table.ForeignKeys.FirstOrDefault(key => key.Columns is [var column] && column == field.Name && described.Contains(key.TargetTable)) is { } reference)
                yaml.Append("      ").Append(YamlText.Key(field.Name)).Append(": { type: reference, to: ").Append(YamlText.Key(reference.TargetTable)).Append(" }\n");
            else
                yaml.Append("      ").Append(YamlText.Key(field.Name)).Append(": ").Append(field.Type.Name).Append('\n');
        }

        yaml.Append('\n');
    }

    private static Text NoFields { get; } = new("it has no column that a blueprint has a type for", "elle n'a pas de colonne pour laquelle le blueprint a un type");

    private static Text? WhyNot(TableSnapshot table) => table switch
    {
        { Kind: not TableKind.Table } => new("a view is served, but not described", "une vue est servie, mais pas décrite"),
        { Schema: not CatalogReader.ServedSchema } => new($"only tables of the schema {CatalogReader.ServedSchema} are described", $"seules les tables du schéma {CatalogReader.ServedSchema} sont décrites"),
        _ => null,
    };

    private static Text? WhyNot(FieldSnapshot field) => FieldTypeRegistry.Find(field.Type.Name) is null
        ? new($"there is no field type for {field.ColumnType.SqlName}; served as it is", $"il n'y a pas de type de champ pour {field.ColumnType.SqlName} ; servie telle quelle")
        : null;

    /// <summary>A database's name as that of a blueprint.</summary>
    internal static string NameOf(string database)
    {
        var name = Other().Replace(database.ToLowerInvariant(), "_");
        return name.Length > 0 && char.IsAsciiLetter(name[0]) ? name : $"db_{name}"[..Math.Min(60, name.Length + 3)];
    }

    [GeneratedRegex("[^a-z0-9_]", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Other();
}
