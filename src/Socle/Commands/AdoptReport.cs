using System.Globalization;
using Socle.Adoption;
using Socle.Catalog;
using Socle.Kernel;

namespace Socle.Commands;

/// <summary>What was found in a database, in words for the person at the terminal.</summary>
internal sealed class AdoptReport(DatabaseSurvey survey, Language language)
{
    private readonly List<string> _lines = [];

    public string Write()
    {
        var tables = survey.Catalog.Tables;
        _lines.Add(Say($"{survey.Database}: PostgreSQL {survey.Version}, read as {survey.User}", $"{survey.Database} : PostgreSQL {survey.Version}, lu en tant que {survey.User}"));
        if (tables.IsEmpty)
            _lines.Add(Say("There is no table to serve yet. Tables are served within a second of being made.", "Il n'y a pas encore de table à servir. Les tables sont servies dans la seconde qui suit leur création."));
        var width = Math.Min(40, tables.Select(table => table.Name.Length).DefaultIfEmpty().Max());
        Section(Say("Tables", "Tables"), tables.Where(table => table.Kind is TableKind.Table or TableKind.ForeignTable).Select(table => Describe(table, width)));
        Section(Say("Views", "Vues"), tables.Where(table => table.Kind is TableKind.View or TableKind.MaterializedView).Select(table => Describe(table, width)));
        Section(Say("Names", "Noms"), tables.SelectMany(Names));
        Section(Say("Written only in part", "Écriture partielle"), tables.Select(Limits).OfType<string>());
        Section(Say("Left out", "Laissé de côté"), survey.LeftOut.Select(Explain));
        return string.Join('\n', _lines);
    }

    private void Section(string title, IEnumerable<string> lines)
    {
        var list = lines.ToList();
        if (list.Count == 0)
            return;
        _lines.Add("");
        _lines.Add($"{title} ({list.Count})");
        _lines.AddRange(list.Select(line => $"  {line}".TrimEnd()));
    }

    private string Describe(TableSnapshot table, int width)
    {
        var parts = new List<string> { table.Name.PadRight(width) };
        if (survey.Rows.TryGetValue(table.Names.Qualified, out var rows))
            parts.Add(Say($"about {Number(rows)} {(rows == 1 ? "row" : "rows")}", $"environ {Number(rows)} {(rows < 2 ? "ligne" : "lignes")}"));
        parts.Add(table.Fields.Length == 1 ? Say("1 field", "1 champ") : Say($"{table.Fields.Length} fields", $"{table.Fields.Length} champs"));
        if (!table.PrimaryKey.IsEmpty)
            parts.Add(Say($"key {Fields(table.PrimaryKey)}", $"clé {Fields(table.PrimaryKey)}"));
        var targets = survey.Catalog.RelationsOf(table).Select(relation => relation.Target.Name).Distinct().Order(StringComparer.Ordinal).ToList();
        if (targets.Count > 0)
            parts.Add(Say($"related to {string.Join(", ", targets)}", $"liée à {string.Join(", ", targets)}"));
        return string.Join("  ", parts);
    }

    private IEnumerable<string> Names(TableSnapshot table)
    {
        if (TableName.Doors.Contains(table.Names.Relation))
            yield return Say($"{table.Name}: '{table.Names.Relation}' alone is an address of the server itself", $"{table.Name} : « {table.Names.Relation} » seul est une adresse du serveur lui-même");
        else if (table.Name != table.Names.Relation)
            yield return Say($"{table.Name}: '{table.Names.Relation}' alone is the table of another schema (--schemas sets the order)", $"{table.Name} : « {table.Names.Relation} » seul est la table d'un autre schéma (--schemas fixe l'ordre)");
        else if (table.ApiName == table.Name && ApiNames.ToCamelCase(table.Name) != table.Name)
            yield return Say($"{table.Name}: has no camelCase name, another table has it", $"{table.Name} : n'a pas de nom en camelCase, une autre table le porte");
        foreach (var field in table.Fields.Where(field => field.ApiName == field.Name && ApiNames.ToCamelCase(field.Name) != field.Name))
            yield return Say($"{table.Name}.{field.Name}: has no camelCase name, another field has it", $"{table.Name}.{field.Name} : n'a pas de nom en camelCase, un autre champ le porte");
    }

    private string? Limits(TableSnapshot table)
    {
        var missing = new List<string>();
        if (!table.IsInsertable)
            missing.Add("POST");
        if (!table.IsUpdatable)
            missing.Add("PUT, PATCH");
        if (!table.IsDeletable)
            missing.Add("DELETE");
        if (missing.Count > 0)
        {
            var reason = table.Kind switch
            {
                TableKind.MaterializedView => Say("a materialized view", "vue matérialisée"),
                TableKind.View => Say("PostgreSQL cannot write through this view, or the user may not", "PostgreSQL ne peut pas écrire à travers cette vue, ou l'utilisateur n'en a pas le droit"),
                _ => Say($"{survey.User} may not (GRANT allows it)", $"{survey.User} n'en a pas le droit (GRANT l'accorde)"),
            };
            return Say($"{table.Name}: no {string.Join(", ", missing)}: {reason}", $"{table.Name} : pas de {string.Join(", ", missing)} : {reason}");
        }

        return table.PrimaryKey.IsEmpty && table.Kind == TableKind.Table
            ? Say($"{table.Name}: no primary key, so records have no address; PATCH and DELETE by filter work", $"{table.Name} : pas de clé primaire, donc pas d'adresse par enregistrement ; PATCH et DELETE par filtre fonctionnent")
            : null;
    }

    private string Explain(LeftOut left) => left switch
    {
        { IsSchemaOpen: false } => Say($"{left.Schema}.{left.Table}: the schema is closed to {survey.User} (GRANT USAGE opens it)", $"{left.Schema}.{left.Table} : le schéma est fermé à {survey.User} (GRANT USAGE l'ouvre)"),
        { Column: null } => Say($"{left.Schema}.{left.Table}: {survey.User} may not read it (GRANT SELECT allows it)", $"{left.Schema}.{left.Table} : {survey.User} ne peut pas la lire (GRANT SELECT l'accorde)"),
        _ => Say($"{left.Schema}.{left.Table}.{left.Column}: {survey.User} may not read this column", $"{left.Schema}.{left.Table}.{left.Column} : {survey.User} ne peut pas lire cette colonne"),
    };

    private static string Fields(IEnumerable<FieldSnapshot> fields) => string.Join(", ", fields.Select(field => field.ApiName));

    private string Number(long rows) => rows.ToString("N0", language == Language.French ? FrenchNumbers : CultureInfo.InvariantCulture);

    private static readonly NumberFormatInfo FrenchNumbers = new() { NumberGroupSeparator = " " };

    private string Say(string english, string french) => new Text(english, french).In(language);
}
