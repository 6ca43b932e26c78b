using System.Collections.Immutable;
using Socle.Catalog;
using Socle.Imports.Reading;
using Socle.Imports.Values;
using Socle.Imports.Writing;
using Socle.Kernel;
using Socle.Records.Planning;

namespace Socle.Imports;

/// <summary>What is decided before the first row: which column is which field, how each is written, and what tells records apart.</summary>
internal sealed record ImportPlan(ColumnMapping Mapping, ImmutableArray<FormatSurvey.Surveyed> Formats, ImportKey? Key, bool IsExport, bool UnwrapsFormulas)
{
    /// <summary>The columns that are written; those that the database keeps itself are not.</summary>
    public IEnumerable<(MappedColumn Column, ColumnFormat Format)> Written =>
        Mapping.Mapped.Select((column, i) => (column, Formats[i].Format)).Where(item => IsWritten(item.column));

    public ImmutableArray<ReportedColumn> Reported =>
        [.. Mapping.Mapped.Select((column, i) => new ReportedColumn(column.Header, column.Field.ApiName, Formats[i].Shown, Formats[i].IsAssumed, !IsWritten(column)))];

    public bool IsKey(FieldSnapshot field) => Key?.Fields.Contains(field) == true;

    public static Result<ImportPlan> Read(SourceFile file, TableSnapshot table, ImportRequest request)
    {
        if (ImportRights.Refuse(table) is { } refusal)
            return refusal;
        if (!table.IsInsertable)
            return WriteFaults.NotWritable(table);
        using var rows = file.Open(isLiteral: true);
        var mapping = ColumnMapping.Read(rows.Header, table, request.Map);
        if (mapping.IsFault)
            return mapping.Faults;
        var key = ImportKey.Find(table, request.Key, mapping.Value.Mapped);
        if (key.IsFault)
            return key.Faults;
        if (key.Value is not null && rows is JsonReader { IsRagged: true })
            return Ragged;
        var formats = FormatSurvey.Read(rows, mapping.Value.Mapped, new FormatDefaults(request.Zone, file.IsFrench, request.Dates, request.Format switch { ImportFormat.Xlsx => FileKind.Sheet, ImportFormat.Json => FileKind.Json, _ => FileKind.Text }));
        if (formats.IsFault)
            return formats.Faults;
        var isExport = mapping.Value.IsExportOf(table);
        // Our own exports in English write every text as it is.
        var plan = new ImportPlan(mapping.Value, formats.Value, key.Value, isExport, file.Separator is { } separator && !(isExport && separator == ','));
        return !plan.Written.Any() ? WriteFaults.NothingToWrite(table)
            : ImportRights.Refuse(table, plan) is { } refused ? refused
            : plan.FindMissing(table) is { } missing ? missing : plan;
    }

    private bool IsWritten(MappedColumn column) => column.Field.IsInsertable || (IsKey(column.Field) && column.Field.IsIdentity);

    /// <summary>A file of new records that lacks a required field would only be rejected row by row.</summary>
    private Fault? FindMissing(TableSnapshot table)
    {
        var missing = Key is null ? table.Fields.FirstOrDefault(field => field is { IsRequired: true, Default: null, IsIdentity: false, IsReadOnly: false } && !Mapping.Mapped.Any(column => column.Field == field)) : null;
        return missing is null ? null : new Fault(
            FaultCode.Required,
            $"'{missing.ApiName}' is required, but no column of the file is called '{missing.Name}', '{missing.Label.English}' or '{missing.Label.French}'. Say which one it is with map=.",
            $"« {missing.ApiName} » est obligatoire, mais aucune colonne du fichier ne s'appelle « {missing.Name} », « {missing.Label.French} » ou « {missing.Label.English} ». Précisez laquelle avec map=.",
            missing.ApiName);
    }

    private static Fault Ragged { get; } = new(
        FaultCode.InvalidFile,
        "The objects of the file do not all have the same properties, and some records exist already: a property that is missing would empty its field. Give every object every property.",
        "Les objets du fichier n'ont pas tous les mêmes propriétés, et certains enregistrements existent déjà : une propriété absente viderait son champ. Donnez toutes les propriétés à chaque objet.");
}
