using System.Collections.Immutable;
using System.Text.Json;
using Npgsql;
using Socle.Catalog;
using Socle.FieldTypes;
using Socle.Kernel;
using Socle.Schema;

namespace Socle.Blueprints;

/// <summary>
/// Plans what a blueprint says of tables that somebody else made: Socle's own notes on them, and never a change of the tables.
/// Refuses tables and fields that are not there.
/// </summary>
internal static class AdoptedTables
{
    public static async Task<Result<ImmutableArray<SchemaStep>>> Plan(NpgsqlConnection connection, ImmutableArray<AdoptedTable> adopted, CancellationToken cancellation)
    {
        if (adopted.IsEmpty)
            return ImmutableArray<SchemaStep>.Empty;
        var actual = (await ActualSchema.Read(connection, SchemaNames.Served, [.. adopted.Select(table => table.Name)], cancellation)).ToDictionary(table => table.Name);
        var catalog = await CatalogReader.Read(connection, new SchemaChoice([SchemaNames.Served], IsAdopted: true), version: 0, cancellation);
        var faults = adopted
            .SelectMany(table => FindMissing(table, actual.GetValueOrDefault(table.Name)).Concat(FindMisfits(table, catalog)))
            .ToList();
        if (faults.Count > 0)
            return faults;
        // A table that differs from itself only in what is said of it: no row is touched, and no value lost.
        var steps = SchemaDifference.Between(adopted.Select(table => actual[table.Name] with { Metadata = Metadata(table) }), actual.Values);
        return steps.Select(step => step with { Rows = 0, Losses = 0 }).ToImmutableArray();
    }

    /// <summary>No blueprint is named, so that none that is applied later takes the table for its own.</summary>
    private static TableMetadata Metadata(AdoptedTable table) => new(
        Blueprint: null,
        Label.From(table.Label),
        Search: null,
        [.. table.Fields.Select(field => new FieldMetadata(field.Name, field.Type.Name, Label.From(field.Label), JsonSerializer.Serialize(field.Settings, FieldSettingsJson.Default.FieldSettings)))]);

    private static IEnumerable<Fault> FindMisfits(AdoptedTable table, CatalogSnapshot catalog)
    {
        var stored = catalog.Tables.FirstOrDefault(candidate => candidate.Names.Relation == table.Name);
        foreach (var field in table.Fields)
        {
            if (stored?.Fields.FirstOrDefault(column => column.Name == field.Name) is not { } column || Fits(field.Type, FieldTypeRegistry.ForColumn(column.ColumnType)))
                continue;
            yield return new Fault(
                FaultCode.InvalidBlueprint,
                new Text(
                    $"'{table.Name}.{field.Name}' is a column of type {column.ColumnType.SqlName}, which no field of type {field.Type.Name} is.",
                    $"« {table.Name}.{field.Name} » est une colonne de type {column.ColumnType.SqlName}, ce qu'aucun champ de type {field.Type.Name} n'est."),
                $"adopted.{table.Name}.fields.{field.Name}",
                field.Line);
        }
    }

    /// <summary>A type narrows that of its column; a reference may be of any.</summary>
    private static bool Fits(FieldType type, FieldType column) => type is ReferenceField || column.GetType().IsAssignableFrom(type.GetType());

    private static IEnumerable<Fault> FindMissing(AdoptedTable table, TableShape? actual)
    {
        var path = $"adopted.{table.Name}";
        if (actual is null)
        {
            yield return new Fault(
                FaultCode.InvalidBlueprint,
                new Text(
                    $"The database has no table '{table.Name}' in the schema {SchemaNames.Served}. What stands under 'adopted' must be there; what Socle is to make stands under 'tables'.",
                    $"La base n'a pas de table « {table.Name} » dans le schéma {SchemaNames.Served}. Ce qui figure sous « adopted » doit exister ; ce que Socle doit créer figure sous « tables »."),
                path,
                table.Line);
            yield break;
        }

        foreach (var field in table.Fields.Where(field => actual.FindColumn(field.Name) is null))
        {
            yield return new Fault(
                FaultCode.InvalidBlueprint,
                new Text($"The table '{table.Name}' has no column '{field.Name}'.", $"La table « {table.Name} » n'a pas de colonne « {field.Name} »."),
                $"{path}.fields.{field.Name}",
                field.Line);
        }
    }
}
