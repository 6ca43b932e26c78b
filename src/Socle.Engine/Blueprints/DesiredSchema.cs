using System.Collections.Immutable;
using System.Text.Json;
using Socle.Catalog;
using Socle.FieldTypes;
using Socle.Postgres;
using Socle.Rules;
using Socle.Schema;

namespace Socle.Blueprints;

/// <summary>Turns a blueprint into the tables that it asks of PostgreSQL.</summary>
public static class DesiredSchema
{
    /// <param name="blueprint">What is asked.</param>
    /// <param name="trigramSchema">The schema of the extension pg_trgm, which search indexes need; null when there is none to be had.</param>
    public static ImmutableArray<TableShape> From(Blueprint blueprint, string? trigramSchema)
    {
        var limits = DesiredLimits.Of(blueprint);
        return [.. blueprint.Tables.Select(table => Shape(blueprint, table, trigramSchema) with { Limits = [.. limits[table.Name]] })];
    }

    /// <summary>One table that no blueprint asks for.</summary>
    /// <param name="table">The table.</param>
    /// <param name="trigramSchema">As above.</param>
    /// <param name="others">Those from which its fields may take values; null where that does not matter.</param>
    internal static TableShape Shape(TableBlueprint table, string? trigramSchema, IEnumerable<TableBlueprint>? others)
    {
        var shape = Shape(new Blueprint("", null, [table]), table, trigramSchema);
        return shape with
        {
            Limits = others is null ? [] : [.. DesiredLimits.Of(new Blueprint("", null, [.. others, table]), table)[table.Name]],
            Metadata = shape.Metadata! with { Blueprint = null },
        };
    }

    private static TableShape Shape(Blueprint blueprint, TableBlueprint table, string? trigramSchema) => new(
        table.Name,
        [.. table.Fields.Where(field => field.Type.HasColumn).Select(field => Column(table, field))],
        table.Key,
        [
            .. DesiredIndexes.Of(table).Select(index => index.Shape),
            .. DesiredIndexes.FindSearch(table, trigramSchema) is { } search ? [search] : Array.Empty<IndexShape>(),
        ],
        [.. table.Fields.Select(field => FindCheck(table, field)).OfType<CheckShape>()],
        [.. table.Fields.Where(field => field.Type.FindTarget(field.Settings) is not null).Select(field => ForeignKey(blueprint, table, field))],
        table.HasTimestamps,
        new TableMetadata(blueprint.Name, Label.From(table.Label), table.Search, [.. table.Fields.Select(Metadata)], table.Id),
        table.KeepsHistory)
    {
        Rules = [.. table.Rules.Select(rule => new KeptRule(rule, blueprint.Name))],
        HoldsFiles = table.Fields.Any(field => field.Type is FileField or FilesField),
    };

    private static ColumnShape Column(TableBlueprint table, FieldBlueprint field)
    {
        var type = field.Type.ColumnType(field.Settings);
        var expression = field.Default switch
        {
            FieldDefault.Constant constant => $"{Sql.Literal(constant.Text)}::{type}",
            FieldDefault.Now => "now()",
            FieldDefault.Today => "CURRENT_DATE",
            FieldDefault.NewUuid => "gen_random_uuid()",
            _ => null,
        };
        return new ColumnShape(field.Name, type, field.IsRequired, expression, IsComputed: field.Type is FormulaField)
        {
            Generated = field.Type is FormulaField ? new TableFormulas(table.Fields).Get(field).Value.Sql : null,
            Number = field is { Type: AutonumberField, Settings.Format: { } format }
                ? new NumberShape(format, field.Settings.TimeZone ?? NumberShape.UsualZone, field.Settings.Gapless == true)
                : null,
        };
    }

    private static CheckShape? FindCheck(TableBlueprint table, FieldBlueprint field) =>
        field.Type.CheckExpression(Sql.Identifier(field.Name), field.Settings) is { } expression
            ? new CheckShape(SchemaNames.For("ck", table.Name, field.Name), $"CHECK ({expression})")
            : null;

    private static ForeignKeyShape ForeignKey(Blueprint blueprint, TableBlueprint table, FieldBlueprint field) => new(
        SchemaNames.For("fk", table.Name, field.Name),
        field.Name,
        field.Type.FindTarget(field.Settings) is ReferenceField.Users && blueprint.Adopted.All(other => other.Name != ReferenceField.Users) ? SchemaNames.Accounts : field.Type.FindTarget(field.Settings)!,
        field.OnDelete switch
        {
            OnDelete.Cascade => "CASCADE",
            OnDelete.SetNull => "SET NULL",
            _ => "RESTRICT",
        });

    private static FieldMetadata Metadata(FieldBlueprint field) => new(
        field.Name,
        field.Type.Name,
        Label.From(field.Label),
        JsonSerializer.Serialize(field.Settings, FieldSettingsJson.Default.FieldSettings),
        field.Id);
}
