using System.Collections.Immutable;
using Socle.FieldTypes;
using Socle.Kernel;

namespace Socle.Blueprints;

/// <summary>
/// Takes <c>adopted:</c>, the tables that somebody else made, gives what is said of them. Their names are PostgreSQL's, in any letters.
/// Whether they are there is judged when a plan is made.
/// </summary>
internal sealed class AdoptedTableReader(NodeReader reader)
{
    private static readonly Text TypeWord = new("The field type", "Le type de champ");

    /// <param name="declared">The tables that the blueprint makes itself, to which references may lead too.</param>
    public ImmutableArray<AdoptedTable> Read(YamlEntry? adopted, IReadOnlyCollection<string> declared)
    {
        var entries = adopted is null ? [] : reader.ReadMap(adopted.Value, "adopted")?.Entries ?? [];
        string[] known = [.. entries.Select(entry => entry.Key), .. declared, ReferenceField.Users];
        if (adopted is not null && entries.IsEmpty && adopted.Value is YamlMap)
            reader.Refuse(adopted.Line, "adopted", "Name at least one table under 'adopted', or remove it.", "Nommez au moins une table sous « adopted », ou retirez-le.");
        foreach (var twice in entries.Select(entry => entry.Key).Intersect(declared))
            reader.Refuse(adopted!.Line, $"adopted.{twice}", $"'{twice}' stands under 'tables' too: a table is made by the blueprint, or adopted.", $"« {twice} » figure aussi sous « tables » : une table est créée par le blueprint, ou adoptée.");
        ImmutableArray<AdoptedTable> tables = [.. entries.Select(entry => Read(entry, $"adopted.{entry.Key}")).OfType<AdoptedTable>()];
        foreach (var (table, field) in tables.SelectMany(table => table.Fields.Select(field => (table, field))))
        {
            if (field.Settings.Target is { } target && !known.Contains(target))
                reader.RefuseUnknown(field.Line, $"adopted.{table.Name}.fields.{field.Name}.to", new("The table", "La table"), target, known);
        }

        return tables;
    }

    private AdoptedTable? Read(YamlEntry entry, string path)
    {
        if (reader.ReadMap(entry.Value, path, BlueprintKeys.AdoptedTable) is not { } map)
            return null;
        var fields = map.Find("fields") is { } found ? reader.ReadMap(found.Value, NodeReader.Join(path, "fields"))?.Entries : [];
        if (fields is { IsEmpty: true })
            reader.Refuse(entry.Line, path, $"The table '{entry.Key}' has no fields: add 'fields:'.", $"La table « {entry.Key} » n'a pas de champs : ajoutez « fields: ».");
        return new AdoptedTable(
            entry.Key,
            reader.ReadLabel(map.Find("label")?.Value, NodeReader.Join(path, "label")),
            [.. (fields ?? []).Select(field => ReadField(field, NodeReader.Join(path, $"fields.{field.Key}")))],
            entry.Line);
    }

    private AdoptedField ReadField(YamlEntry entry, string path)
    {
        if (entry.Value is not YamlMap)
            return Check(Short(entry, FindType(entry.Value, path)), path);
        var map = reader.ReadMap(entry.Value, path, BlueprintKeys.AdoptedField)!;
        var target = map.Find("to") is { } to ? reader.ReadWord(to.Value, NodeReader.Join(path, "to")) : null;
        var type = map.Find("type") is { } named ? FindType(named.Value, NodeReader.Join(path, "type")) : null;
        if (type is null)
            reader.Refuse(entry.Line, path, $"Say the type of '{entry.Key}': 'type: text'.", $"Donnez le type de « {entry.Key} » : « type: text ».");
        return Check(
            new AdoptedField(
                entry.Key,
                type ?? FieldReader.UnknownType,
                target is null && type is not UserField ? FieldSettings.None : new FieldSettings(Target: target ?? ReferenceField.Users),
                reader.ReadLabel(map.Find("label")?.Value, NodeReader.Join(path, "label")),
                entry.Line),
            path);
    }

    private static AdoptedField Short(YamlEntry entry, FieldType type) =>
        new(entry.Key, type, type is UserField ? new FieldSettings(Target: ReferenceField.Users) : FieldSettings.None, null, entry.Line);

    private FieldType FindType(YamlNode node, string path)
    {
        if (reader.ReadWord(node, path) is not { } word)
            return FieldReader.UnknownType;
        if (FieldTypeRegistry.Find(word) is { } type)
            return type;
        reader.RefuseUnknown(node.Line, path, TypeWord, word, FieldTypeRegistry.All.Select(known => known.Name));
        return FieldReader.UnknownType;
    }

    private AdoptedField Check(AdoptedField field, string path)
    {
        if (field.Type is ReferenceField != field.Settings.Target is not null)
            reader.Refuse(field.Line, path, "A reference says to which table: '{ type: reference, to: … }'. No other type does.", "Une référence dit vers quelle table : « { type: reference, to: … } ». Aucun autre type ne le fait.");
        if (!field.Type.HasColumn)
            reader.Refuse(field.Line, path, $"An adopted table has the fields that it has: a {field.Type.Name} goes into a table that the blueprint makes.", $"Une table adoptée a les champs qu'elle a : un {field.Type.Name} va dans une table que le blueprint crée.");
        if (field.Type is ChoiceField)
            reader.Refuse(field.Line, path, "The database itself knows the values of an adopted field: write 'text' instead of 'choice'.", "La base connaît elle-même les valeurs d'un champ adopté : écrivez « text » au lieu de « choice ».");
        if (field.Type is AutonumberField or FormulaField)
            reader.Refuse(field.Line, path, $"An adopted field stays as its owner made it, so it cannot become one of type {field.Type.Name}.", $"Un champ adopté reste tel que son propriétaire l'a fait, il ne peut donc pas devenir de type {field.Type.Name}.");
        return field;
    }
}
