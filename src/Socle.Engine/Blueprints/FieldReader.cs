using System.Collections.Immutable;
using System.Text.Json;
using Socle.FieldTypes;
using Socle.Kernel;

namespace Socle.Blueprints;

/// <summary>
/// Takes one field as written (<c>name: type</c>, or a map of keys), gives its blueprint. Refuses through the
/// reader, and gives a field all the same: what speaks of the field elsewhere is then judged too.
/// </summary>
internal sealed class FieldReader(NodeReader reader)
{
    /// <summary>PostgreSQL's own limit for numeric(precision, …).</summary>
    private const int MostDigits = 1000;

    /// <summary>Stands in for a type that could not be read: it takes any value.</summary>
    public static readonly FieldType UnknownType = new JsonField();

    private static readonly Dictionary<string, OnDelete> Actions = new()
    {
        ["restrict"] = OnDelete.Restrict,
        ["cascade"] = OnDelete.Cascade,
        ["set_null"] = OnDelete.SetNull,
    };

    private static readonly Text TypeWord = new("The field type", "Le type de champ");

    public FieldBlueprint Read(YamlEntry entry, string path)
    {
        BlueprintNames.CheckField(entry.Key, entry.Line, path, reader);
        if (entry.Value is YamlMap)
            return ReadLong(entry, path);
        var type = ReadWord(entry, path) is { } word ? FindType(word, entry.Value.Line, path) : UnknownType;
        CheckNeeds(type, [], entry.Line, path);
        var settings = new TypeSettings(reader).Read(new YamlMap([], entry.Line), type, FieldSettings.None, path);
        return new FieldBlueprint(entry.Key, type, settings, null, false, Uniqueness.None, null, null, type is UserField ? OnDelete.SetNull : OnDelete.Restrict, entry.Line);
    }

    private string? ReadWord(YamlEntry entry, string path)
    {
        if (!entry.Value.IsNull)
            return reader.ReadWord(entry.Value, path);
        reader.Refuse(entry.Line, path, $"Say the type of '{entry.Key}': '{entry.Key}: text'.", $"Donnez le type de « {entry.Key} » : « {entry.Key}: text ».");
        return null;
    }

    private FieldBlueprint ReadLong(YamlEntry entry, string path)
    {
        var map = reader.ReadMap(entry.Value, path, BlueprintKeys.Field)!;
        var type = ReadType(map, entry, path);
        var isRequired = reader.ReadBoolean(map.Find("required")?.Value, NodeReader.Join(path, "required")) ?? false;
        var field = new FieldBlueprint(
            entry.Key,
            type,
            new TypeSettings(reader).Read(map, type, ReadSettings(map, path), path),
            reader.ReadLabel(map.Find("label")?.Value, NodeReader.Join(path, "label")),
            isRequired || type is AutonumberField,
            type is AutonumberField ? Uniqueness.Exact : ReadUniqueness(map, type, path),
            null,
            reader.ReadBoolean(map.Find("index")?.Value, NodeReader.Join(path, "index")),
            ReadOnDelete(map, type, isRequired, path),
            entry.Line,
            reader.ReadId(map, path));
        CheckNeeds(type, map.Entries, entry.Line, path);
        return field with { Default = new DefaultReader(reader).Read(map.Find("default"), field, NodeReader.Join(path, "default")) };
    }

    private FieldType ReadType(YamlMap map, YamlEntry entry, string path)
    {
        if (map.Find("type") is { } type)
            return reader.ReadWord(type.Value, NodeReader.Join(path, "type")) is { } word ? FindType(word, type.Line, NodeReader.Join(path, "type")) : UnknownType;
        reader.Refuse(entry.Line, path, $"Say the type of '{entry.Key}': 'type: text'.", $"Donnez le type de « {entry.Key} » : « type: text ».");
        return UnknownType;
    }

    private FieldType FindType(string word, int line, string path)
    {
        if (FieldTypeRegistry.Find(word) is { } type)
            return type;
        reader.RefuseUnknown(line, path, TypeWord, word, FieldTypeRegistry.All.Select(known => known.Name));
        return UnknownType;
    }

    /// <summary>Keys that only some types have, and those that a type cannot do without.</summary>
    private void CheckNeeds(FieldType type, ImmutableArray<YamlEntry> entries, int line, string path)
    {
        if (type == UnknownType)
            return;
        (string Key, Type[] Owners, bool IsNeeded)[] needs =
        [
            ("to", [typeof(ReferenceField)], true),
            ("on_delete", [typeof(ReferenceField), typeof(UserField)], false),
            ("choices", [typeof(ChoiceField)], true),
            ("precision", [typeof(DecimalField), typeof(CurrencyField), typeof(PercentageField)], false),
            ("scale", [typeof(DecimalField), typeof(CurrencyField), typeof(PercentageField)], false),
            ("currency", [typeof(CurrencyField)], false),
            ("max", [typeof(RatingField)], false),
            ("format", [typeof(AutonumberField)], true),
            ("gapless", [typeof(AutonumberField)], false),
            ("time_zone", [typeof(AutonumberField)], false),
            ("formula", [typeof(FormulaField)], true),
            ("accept", [typeof(FileField), typeof(FilesField)], false),
            ("max_size", [typeof(FileField), typeof(FilesField)], false),
            ("through", [typeof(LookupField), typeof(RollupField)], true),
            ("field", [typeof(LookupField), typeof(RollupField)], false),
            ("function", [typeof(RollupField)], true),
            ("where", [typeof(RollupField), typeof(ReferenceField)], false),
        ];
        foreach (var (key, owners, isNeeded) in needs)
        {
            var entry = entries.FirstOrDefault(candidate => candidate.Key == key);
            if (entry is not null && !owners.Contains(type.GetType()))
                RefuseKey(entry, type, path);
            else if (entry is null && isNeeded && owners.Contains(type.GetType()))
                reader.Refuse(line, path, $"A field of type {type.Name} needs '{key}'.", $"Un champ de type {type.Name} a besoin de « {key} ».");
        }

        foreach (var entry in entries.Where(entry => !type.HasColumn && entry.Key is "required" or "unique" or "default" or "index"))
            RefuseKey(entry, type, path);
        CheckComputed(type, entries, path);
    }

    /// <summary>What the database gives itself.</summary>
    private void CheckComputed(FieldType type, ImmutableArray<YamlEntry> entries, string path)
    {
        foreach (var entry in entries.Where(entry => type is FormulaField or AutonumberField && entry.Key is "required" or "default" or "unique"))
        {
            var isRight = type is AutonumberField ? entry is { Key: not "default", Value: YamlScalar { Text: "true" } } : entry.Key == "unique" || entry.Value is YamlScalar { Text: "false" };
            if (isRight)
                continue;
            var (english, french) = type is AutonumberField
                ? ("An autonumber is always there and always another: remove this line.", "Un numéro automatique est toujours là et toujours différent : retirez cette ligne.")
                : ("A formula gives the field its value: remove this line.", "La formule donne sa valeur au champ : retirez cette ligne.");
            reader.Refuse(entry.Line, NodeReader.Join(path, entry.Key), english, french);
        }
    }

    private void RefuseKey(YamlEntry entry, FieldType type, string path) =>
        reader.Refuse(entry.Line, NodeReader.Join(path, entry.Key), $"'{entry.Key}' does not go with the type {type.Name}.", $"« {entry.Key} » ne va pas avec le type {type.Name}.");

    private FieldSettings ReadSettings(YamlMap map, string path)
    {
        var precision = reader.ReadInteger(map.Find("precision")?.Value, NodeReader.Join(path, "precision"), 1, MostDigits);
        var scale = reader.ReadInteger(map.Find("scale")?.Value, NodeReader.Join(path, "scale"), 0, precision ?? MostDigits);
        if (map.Find("scale") is { } entry && map.Find("precision") is null)
            reader.Refuse(entry.Line, NodeReader.Join(path, "scale"), "'scale' needs 'precision': how many digits in all.", "« scale » a besoin de « precision » : combien de chiffres en tout.");
        var choices = map.Find("choices")?.Value;
        return new FieldSettings(
            choices is null or YamlMap ? null : new ChoiceReader(reader).Read(choices, NodeReader.Join(path, "choices")),
            precision,
            scale,
            ReadWord(map, "to", path))
        {
            Accept = FileLimits.ReadAccept(map, path, reader),
            MaxSize = FileLimits.ReadSize(map, path, reader),
            Through = ReadWord(map, "through", path),
            Field = ReadWord(map, "field", path),
            Function = ReadWord(map, "function", path),
            Where = ReadWord(map, "where", path),
            ChoicesFrom = choices is YamlMap source ? new ChoiceReader(reader).ReadSource(source, NodeReader.Join(path, "choices")) : null,
        };
    }

    private string? ReadWord(YamlMap map, string key, string path) =>
        map.Find(key) is { } entry ? reader.ReadWord(entry.Value, NodeReader.Join(path, key)) : null;

    private Uniqueness ReadUniqueness(YamlMap map, FieldType type, string path)
    {
        path = NodeReader.Join(path, "unique");
        if (map.Find("unique") is not { } entry)
            return Uniqueness.None;
        if (entry.Value is not YamlScalar { Text: "ignore_case" })
        {
            if (entry.Value is YamlScalar { Text: "true" or "false" })
                return reader.ReadBoolean(entry.Value, path) == true ? Uniqueness.Exact : Uniqueness.None;
            reader.Refuse(entry.Line, path, $"'{path}' expects true, false or ignore_case.", $"« {path} » attend true, false ou ignore_case.");
            return Uniqueness.None;
        }

        if (type is not TextField && type != UnknownType)
            reader.Refuse(entry.Line, path, $"Only text has letters whose case can be ignored, not the type {type.Name}: write 'unique: true'.", $"Seul du texte a des majuscules à ignorer, pas le type {type.Name} : écrivez « unique: true ».");
        return Uniqueness.IgnoreCase;
    }

    /// <summary>Where nothing is said: an account that goes leaves what it did behind.</summary>
    public static OnDelete UsualOnDelete(string? target, bool isRequired) => target == ReferenceField.Users && !isRequired ? OnDelete.SetNull : OnDelete.Restrict;

    private OnDelete ReadOnDelete(YamlMap map, FieldType type, bool isRequired, string path)
    {
        var usual = UsualOnDelete(type is UserField ? ReferenceField.Users : (map.Find("to")?.Value as YamlScalar)?.Text, isRequired);
        if (map.Find("on_delete") is not { } entry)
            return usual;
        if (reader.ReadWord(entry.Value, NodeReader.Join(path, "on_delete")) is not { } word)
            return OnDelete.Restrict;
        path = NodeReader.Join(path, "on_delete");
        if (word == "set_null" && isRequired)
            reader.Refuse(entry.Line, path, "A required field cannot be emptied: use on_delete: restrict or cascade.", "Un champ obligatoire ne peut pas être vidé : utilisez on_delete: restrict ou cascade.");
        if (Actions.TryGetValue(word, out var action))
            return action;
        reader.RefuseUnknown(entry.Line, path, new("The action", "L'action"), word, Actions.Keys);
        return OnDelete.Restrict;
    }
}
