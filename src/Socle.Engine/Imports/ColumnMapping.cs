using System.Collections.Immutable;
using Socle.Catalog;
using Socle.Imports.Values;
using Socle.Imports.Writing;
using Socle.Kernel;

namespace Socle.Imports;

/// <summary>
/// Which column of a file is which field: by the field's name in the database or in the API, or by its label in French or English, whatever
/// the accents, the case and the blanks. Refuses a field meant twice, a name that the caller mapped to nothing, and a file that fits nowhere.
/// </summary>
public sealed record ColumnMapping(ImmutableArray<MappedColumn> Mapped, ImmutableArray<UnmappedColumn> Unmapped)
{
    public static Result<ColumnMapping> Read(IReadOnlyList<string> header, TableSnapshot table, IReadOnlyDictionary<string, string> map)
    {
        var faults = map.Where(pair => pair.Value != "-" && table.FindField(pair.Value) is null).Select(pair => UnknownField(table, pair.Value))
            .Concat(map.Keys.Where(name => !header.Any(column => IsSame(column, name))).Select(NoColumn)).ToList();
        if (faults.Count > 0)
            return faults;
        var names = Names(table);
        var mapped = ImmutableArray.CreateBuilder<MappedColumn>();
        var unmapped = ImmutableArray.CreateBuilder<UnmappedColumn>();
        for (var i = 0; i < header.Count; i++)
        {
            var asked = map.FirstOrDefault(pair => IsSame(header[i], pair.Key)).Value;
            var field = asked is null ? Find(header[i], table, names) : table.FindField(asked);
            if (field is not null && asked != "-")
                mapped.Add(new MappedColumn(i, header[i], field));
            else if (header[i].Length > 0 || asked is not null)
                unmapped.Add(new UnmappedColumn(header[i], asked is null ? Suggestion.Find(Folding.Fold(header[i]), names.Keys) is { } near ? names[near]?.ApiName : null : null));
        }

        foreach (var twice in mapped.GroupBy(column => column.Field).Where(group => group.Count() > 1))
            faults.Add(Twice(twice.Key, [.. twice.Select(column => column.Header)]));
        if (mapped.Count == 0)
            faults.Add(Nothing(header, table));
        return faults.Count > 0 ? faults : new ColumnMapping(mapped.ToImmutable(), unmapped.ToImmutable());
    }

    /// <summary>The file has exactly the table's fields, under their own names: it is an export of the table, and meant to the letter.</summary>
    public bool IsExportOf(TableSnapshot table) =>
        Unmapped.IsEmpty && Mapped.Length == table.Fields.Length && Mapped.All(column => column.Header == column.Field.ApiName || column.Header == column.Field.Name);

    private static bool IsSame(string header, string name) => header == name || Folding.Fold(header) == Folding.Fold(name);

    private static FieldSnapshot? Find(string header, TableSnapshot table, Dictionary<string, FieldSnapshot?> names) =>
        table.FindField(header) ?? (Folding.Fold(header) is { Length: > 0 } folded ? names.GetValueOrDefault(folded) : null);

    /// <summary>Folded names; null where two fields share one. A field's own name comes before another's label.</summary>
    private static Dictionary<string, FieldSnapshot?> Names(TableSnapshot table)
    {
        var names = new Dictionary<string, FieldSnapshot?>();
        foreach (var ways in new Func<FieldSnapshot, string[]>[] { field => [field.Name, field.ApiName], field => [field.Label.French, field.Label.English] })
        {
            var found = table.Fields.SelectMany(field => ways(field).Select(Folding.Fold).Distinct().Select(name => (Name: name, Field: field))).ToLookup(item => item.Name, item => item.Field);
            foreach (var group in found)
                names.TryAdd(group.Key, group.Distinct().Count() == 1 ? group.First() : null);
        }

        return names;
    }

    private static Fault UnknownField(TableSnapshot table, string name)
    {
        var near = Suggestion.Find(name, table.Fields.Select(field => field.ApiName));
        return new(
            FaultCode.UnknownField,
            $"'{table.Name}' has no field '{name}'.{(near is null ? "" : $" Did you mean '{near}'?")}",
            $"« {table.Name} » n'a pas de champ « {name} ».{(near is null ? "" : $" Vouliez-vous dire « {near} » ?")}",
            name);
    }

    private static Fault NoColumn(string name) => new(
        FaultCode.InvalidRequest,
        $"The file has no column '{name}', which map= names.",
        $"Le fichier n'a pas de colonne « {name} », que nomme map=.",
        name);

    private static Fault Twice(FieldSnapshot field, IReadOnlyList<string> headers) => new(
        FaultCode.InvalidFile,
        $"Several columns mean the field '{field.ApiName}': {string.Join(", ", headers.Select(header => $"'{header}'"))}. Rename one, or say which with map=.",
        $"Plusieurs colonnes désignent le champ « {field.ApiName} » : {string.Join(", ", headers.Select(header => $"« {header} »"))}. Renommez-en une, ou précisez avec map=.",
        field.ApiName);

    private static Fault Nothing(IReadOnlyList<string> header, TableSnapshot table)
    {
        var (some, fields) = (string.Join(", ", header.Take(8)), string.Join(", ", table.Fields.Take(12).Select(field => field.ApiName)));
        return new(
            FaultCode.InvalidFile,
            $"No column of the file is a field of '{table.Name}'. The file has: {some}. The table has: {fields}. Is the first row the header, and this the right table?",
            $"Aucune colonne du fichier n'est un champ de « {table.Name} ». Le fichier a : {some}. La table a : {fields}. La première ligne est-elle l'en-tête, et est-ce la bonne table ?");
    }
}
