using System.Collections.Immutable;
using System.Text.Json;
using Socle.FieldTypes;
using Socle.Kernel;

namespace Socle.Blueprints;

/// <summary>Judges what tables say of one another: references, sample records that point to others, names that meet.</summary>
internal sealed class ReferenceChecks(NodeReader reader, IReadOnlyList<TableBlueprint> tables, IReadOnlyCollection<string> declared)
{
    private readonly Dictionary<string, TableBlueprint> _tables = tables.ToDictionary(table => table.Name);
    private readonly Dictionary<string, HashSet<Guid>> _ids = tables.ToDictionary(table => table.Name, _ => new HashSet<Guid>());

    public void Check()
    {
        foreach (var table in tables)
        {
            foreach (var field in table.Fields.Where(field => field is { Type: ReferenceField, Settings.Target: not null }))
                CheckTarget(table, field);
        }

        CheckRecords("records", table => table.Records);
        // A sample may point to what is always there, but not the other way round.
        CheckRecords("sample", table => table.Sample);

        CheckNames();
    }

    private void CheckTarget(TableBlueprint table, FieldBlueprint field)
    {
        var path = $"tables.{table.Name}.fields.{field.Name}.to";
        var name = field.Settings.Target!;
        if (!declared.Contains(name) && name != ReferenceField.Users)
            reader.RefuseUnknown(field.Line, path, new("The table", "La table"), name, [.. declared, ReferenceField.Users]);
        else if (_tables.TryGetValue(name, out var target) && target.FindField("id") is null)
            reader.Refuse(field.Line, path, $"'{name}' has no 'id' to refer to, since it has a key of its own.", $"« {name} » n'a pas d'« id » auquel se référer, car elle a sa propre clé.");
    }

    private void CheckRecords(string key, Func<TableBlueprint, ImmutableArray<SampleBlueprint>> recordsOf)
    {
        foreach (var table in tables)
        {
            foreach (var (i, record) in recordsOf(table).Index())
                CheckId(table, record, $"tables.{table.Name}.{key}[{i}].id");
        }

        foreach (var table in tables)
        {
            foreach (var (i, record) in recordsOf(table).Index())
                CheckReferences(table, record, $"tables.{table.Name}.{key}[{i}]", key);
        }
    }

    private void CheckId(TableBlueprint table, SampleBlueprint record, string path)
    {
        if (FindUuid(record.Find("id")) is { } id && !_ids[table.Name].Add(id))
            reader.Refuse(record.Line, path, $"The id {id} is here twice.", $"L'id {id} figure deux fois.");
    }

    private void CheckReferences(TableBlueprint table, SampleBlueprint record, string path, string key)
    {
        foreach (var value in record.Values)
        {
            if (table.FindField(value.Field) is not { Type: ReferenceField, Settings.Target: { } target }
                || !_ids.TryGetValue(target, out var ids)
                || FindUuid(value.Json) is not { } id
                || ids.Contains(id))
            {
                continue;
            }

            reader.Refuse(
                value.Line,
                NodeReader.Join(path, value.Field),
                key == "sample" ? $"'{target}' has no sample record with the id {id}." : $"'{target}' has no record with the id {id} under 'records'.",
                key == "sample" ? $"« {target} » n'a pas d'enregistrement d'exemple d'id {id}." : $"« {target} » n'a pas d'enregistrement d'id {id} sous « records ».");
        }
    }

    /// <summary>Tables and indexes share one space of names in PostgreSQL.</summary>
    private void CheckNames()
    {
        var taken = new Dictionary<string, string>();
        foreach (var table in tables)
        {
            taken.TryAdd(table.Name, table.Name);
            taken.TryAdd($"{table.Name}_pkey", table.Name);
        }

        foreach (var table in tables)
        {
            foreach (var index in DesiredIndexes.Of(table))
            {
                if (taken.TryAdd(index.Shape.Name, table.Name))
                    continue;
                var owner = taken[index.Shape.Name];
                reader.Refuse(
                    index.Line,
                    $"tables.{table.Name}",
                    owner == table.Name ? $"This index is here twice: '{index.Shape.Name}'." : $"This index and one of the table '{owner}' would both be called '{index.Shape.Name}': rename a field.",
                    owner == table.Name ? $"Cet index figure deux fois : « {index.Shape.Name} »." : $"Cet index et un de la table « {owner} » s'appelleraient tous deux « {index.Shape.Name} » : renommez un champ.");
            }
        }
    }

    private static Guid? FindUuid(JsonElement? value) =>
        value is { ValueKind: JsonValueKind.String } text && Guid.TryParse(text.GetString(), out var id) ? id : null;
}
