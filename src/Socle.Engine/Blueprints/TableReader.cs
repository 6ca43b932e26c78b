using System.Collections.Immutable;
using Socle.FieldTypes;
using Socle.Kernel;

namespace Socle.Blueprints;

/// <summary>Takes one table as written, gives its blueprint with the fields that every table has. What speaks of other tables is judged later, by <see cref="ReferenceChecks"/>.</summary>
internal sealed class TableReader(NodeReader reader)
{
    private const string Id = "id";

    /// <summary>PostgreSQL's limit is 1600 columns of a table's whole life.</summary>
    private const int MostFields = 1000;

    public static readonly FieldBlueprint IdField = Implicit(Id, "uuid", new Text("Id", "Identifiant"), new FieldDefault.NewUuid());

    public static readonly FieldBlueprint[] Timestamps =
    [
        Implicit("created_at", "date_time", new Text("Created on", "Créé le"), new FieldDefault.Now()),
        Implicit("updated_at", "date_time", new Text("Updated on", "Modifié le"), new FieldDefault.Now()),
    ];

    /// <summary>Whether the field is made as one that every table has.</summary>
    public static bool IsImplicit(FieldBlueprint field) =>
        Timestamps.Append(IdField).Any(wanted => field with { Label = wanted.Label, IsIndexed = null, Id = null } == wanted) && field.IsIndexed is not true;

    public TableBlueprint? Read(YamlEntry entry, string path)
    {
        BlueprintNames.CheckTable(entry.Key, entry.Line, path, reader);
        if (reader.ReadMap(entry.Value, path, BlueprintKeys.Table) is not { } map)
            return null;
        var hasTimestamps = reader.ReadBoolean(map.Find("timestamps")?.Value, NodeReader.Join(path, "timestamps")) ?? true;
        var fields = ReadFields(map, entry, hasTimestamps, path);
        var table = new TableBlueprint(
            entry.Key,
            reader.ReadLabel(map.Find("label")?.Value, NodeReader.Join(path, "label")),
            fields,
            [Id],
            null,
            hasTimestamps,
            [],
            [],
            entry.Line,
            reader.ReadId(map, path),
            reader.ReadBoolean(map.Find("history")?.Value, NodeReader.Join(path, "history")) ?? true);
        table = ReadKey(map, SettleFormulas(table), path);
        var stored = Stored(table);
        return table with
        {
            Search = ReadSearch(map, stored, NodeReader.Join(path, "search")),
            Indexes = new IndexReader(reader).Read(map.Find("indexes"), stored, NodeReader.Join(path, "indexes")),
            Rules = new TableRuleReader(reader).Read(map.Find("rules"), stored, NodeReader.Join(path, "rules")),
            Records = new SampleReader(reader).Read(map.Find("records"), stored, NodeReader.Join(path, "records")),
            Sample = new SampleReader(reader).Read(map.Find("sample"), stored, NodeReader.Join(path, "sample")),
            Views = new ViewReader(reader).ReadViews(map.Find("views"), NodeReader.Join(path, "views")),
        };
    }

    /// <summary>The table with its columns alone: nothing else can be a key, be indexed or be written.</summary>
    private static TableBlueprint Stored(TableBlueprint table) =>
        table.Fields.All(field => field.Type.HasColumn) ? table : table with { Fields = [.. table.Fields.Where(field => field.Type.HasColumn)] };

    private ImmutableArray<FieldBlueprint> ReadFields(YamlMap map, YamlEntry table, bool hasTimestamps, string path)
    {
        FieldBlueprint[] before = map.Find("key") is null ? [IdField] : [];
        FieldBlueprint[] after = hasTimestamps ? Timestamps : [];
        path = NodeReader.Join(path, "fields");
        var entries = map.Find("fields") is { } fields ? reader.ReadMap(fields.Value, path)?.Entries : [];
        if (entries is { IsEmpty: true })
            reader.Refuse(table.Line, path, $"The table '{table.Key}' has no fields: add 'fields:'.", $"La table « {table.Key} » n'a pas de champs : ajoutez « fields: ».");
        if (entries is { Length: > MostFields })
            reader.Refuse(table.Line, path, $"A table has at most {MostFields} fields.", $"Une table a au plus {MostFields} champs.");

        var read = new List<FieldBlueprint>();
        foreach (var entry in entries ?? [])
        {
            var fieldPath = NodeReader.Join(path, entry.Key);
            if (before.Concat(after).Any(field => field.Name == entry.Key))
                RefuseImplicit(entry, fieldPath);
            else
                read.Add(new FieldReader(reader).Read(entry, fieldPath));
        }

        return [.. before, .. read, .. after];
    }

    private void RefuseImplicit(YamlEntry entry, string path)
    {
        var (english, french) = entry.Key == Id
            ? ("or name other fields with 'key:'", "ou désignez d'autres champs avec « key: »")
            : ("or write 'timestamps: false'", "ou écrivez « timestamps: false »");
        reader.Refuse(
            entry.Line,
            path,
            $"Every table has '{entry.Key}' already: remove this line, {english}.",
            $"Toute table a déjà « {entry.Key} » : retirez cette ligne, {french}.");
    }

    private TableBlueprint ReadKey(YamlMap map, TableBlueprint table, string path)
    {
        if (map.Find("key") is not { } entry)
            return table;
        path = NodeReader.Join(path, "key");
        var key = ReadFieldNames(entry.Value, Stored(table), path);
        if (entry.Value is YamlList { Items.IsEmpty: true })
            reader.Refuse(entry.Line, path, "A key needs at least one field.", "Une clé a besoin d'au moins un champ.");
        foreach (var field in table.Fields.Where(field => key.Contains(field.Name) && field.Type is FormulaField))
            reader.Refuse(entry.Line, path, $"'{field.Name}' is computed, and cannot be part of the key.", $"« {field.Name} » est calculé, et ne peut pas faire partie de la clé.");
        foreach (var field in table.Fields.Where(field => key.Contains(field.Name) && field.OnDelete == OnDelete.SetNull))
            reader.Refuse(entry.Line, path, $"'{field.Name}' is part of the key, so on_delete: set_null cannot empty it.", $"« {field.Name} » fait partie de la clé, on_delete: set_null ne peut donc pas le vider.");
        return table with
        {
            Key = key,
            Fields = [.. table.Fields.Select(field => key.Contains(field.Name) ? field with { IsRequired = true } : field)],
        };
    }

    private TableBlueprint SettleFormulas(TableBlueprint table)
    {
        var settled = TableFormulas.Settle(table);
        if (!settled.IsFault)
            return settled.Value;
        foreach (var fault in settled.Faults)
            reader.Refuse(fault.Line!.Value, fault.Field!, fault.Message.English, fault.Message.French);
        return table;
    }

    private static bool HoldsText(FieldBlueprint field) => field.Type is TextField || field is { Type: FormulaField, Settings.Result: "text" };

    private ImmutableArray<string>? ReadSearch(YamlMap map, TableBlueprint table, string path)
    {
        if (map.Find("search") is not { } entry)
            return null;
        var names = ReadFieldNames(entry.Value, table, path);
        foreach (var field in names.Select(name => table.FindField(name)!).Where(field => !HoldsText(field) && field.Type != FieldReader.UnknownType))
            reader.Refuse(entry.Line, path, $"'{field.Name}' cannot be searched: it holds no text.", $"« {field.Name} » ne se recherche pas : il ne contient pas de texte.");
        return names;
    }

    /// <summary>The members of a list that are fields of the table, each once; the others are refused.</summary>
    private ImmutableArray<string> ReadFieldNames(YamlNode node, TableBlueprint table, string path)
    {
        var names = new List<string>();
        foreach (var item in reader.ReadList(node, path))
        {
            if (reader.ReadWord(item, path) is not { } name)
                continue;
            if (table.FindField(name) is null)
                reader.RefuseUnknown(item.Line, path, new("The field", "Le champ"), name, table.Fields.Select(field => field.Name));
            else if (names.Contains(name))
                reader.Refuse(item.Line, path, $"'{name}' is here twice.", $"« {name} » figure deux fois.");
            else
                names.Add(name);
        }

        return [.. names];
    }

    private static FieldBlueprint Implicit(string name, string type, Text label, FieldDefault value) =>
        new(name, FieldTypeRegistry.Find(type)!, FieldSettings.None, label, IsRequired: true, Uniqueness.None, value, null, OnDelete.Restrict, 0);
}
