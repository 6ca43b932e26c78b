using System.Collections.Immutable;
using System.Text.Json;
using Socle.FieldTypes;
using Socle.Kernel;

namespace Socle.Blueprints;

/// <summary>Reads a table's <c>records:</c> and <c>sample:</c> and judges every value as the API would.</summary>
internal sealed class SampleReader(NodeReader reader)
{
    public ImmutableArray<SampleBlueprint> Read(YamlEntry? entry, TableBlueprint table, string path)
    {
        if (entry is null)
            return [];
        var records = ImmutableArray.CreateBuilder<SampleBlueprint>();
        var items = reader.ReadList(entry.Value, path);
        for (var i = 0; i < items.Length; i++)
        {
            if (reader.ReadMap(items[i], $"{path}[{i}]") is { } map)
                records.Add(ReadRecord(map, table, $"{path}[{i}]"));
        }

        return records.ToImmutable();
    }

    private SampleBlueprint ReadRecord(YamlMap map, TableBlueprint table, string path)
    {
        var values = ImmutableArray.CreateBuilder<SampleValue>();
        foreach (var entry in map.Entries)
        {
            if (table.FindField(entry.Key) is not { } field)
                reader.RefuseUnknown(entry.Line, NodeReader.Join(path, entry.Key), new("The field", "Le champ"), entry.Key, table.Fields.Select(known => known.Name));
            else
                values.Add(ReadValue(entry, field, NodeReader.Join(path, entry.Key)));
        }

        foreach (var field in table.Fields.Where(field => field is { IsRequired: true, Default: null, Type: not AutonumberField } && map.Find(field.Name) is null))
            RefuseMissing(map.Line, field, path);
        return new SampleBlueprint(values.ToImmutable(), map.Line);
    }

    private SampleValue ReadValue(YamlEntry entry, FieldBlueprint field, string path)
    {
        var value = BlueprintValues.ToJson(entry.Value, field.Type);
        if (field.Type is FormulaField)
            reader.Refuse(entry.Line, path, $"'{field.Name}' is computed: remove this line.", $"« {field.Name} » est calculé : retirez cette ligne.");
        else if (value.ValueKind == JsonValueKind.Null && field.IsRequired)
            RefuseMissing(entry.Line, field, path);
        else if (BlueprintValues.Check(value, field, path) is { } fault)
            reader.Refuse(entry.Line, path, fault.Message.English, fault.Message.French);
        return new SampleValue(field.Name, value, entry.Line);
    }

    private void RefuseMissing(int line, FieldBlueprint field, string path) => reader.Refuse(
        line,
        path,
        $"This record has no value for '{field.Name}', which is required.",
        $"Cet enregistrement n'a pas de valeur pour « {field.Name} », qui est obligatoire.");
}
