using Socle.Catalog;
using Socle.FieldTypes;
using Socle.Kernel;
using Socle.Records.Statements;
using Socle.Schema;

namespace Socle.Blueprints;

/// <summary>
/// Takes a blueprint, gives the limits that its fields ask for: choices that are rows of another table, references to some of its
/// records. Filters of a read blueprint are right: <see cref="RelationChecks"/> judges them.
/// </summary>
internal static class DesiredLimits
{
    /// <param name="blueprint">What is asked.</param>
    /// <param name="only">Of this one of its tables alone; null for all.</param>
    public static ILookup<string, LimitShape> Of(Blueprint blueprint, TableBlueprint? only = null)
    {
        var limited = from table in blueprint.Tables
                      where only is null || table == only
                      from field in table.Fields
                      where SourceOf(field) is not null
                      select (table, field);
        if (!limited.Any())
            return Array.Empty<LimitShape>().ToLookup(_ => "");
        var snapshot = PolicyChecks.Snapshot(blueprint);
        return limited.ToLookup(item => item.table.Name, item => Shape(snapshot, item.table, item.field));
    }

    /// <summary>Where a field's values are, if that is another table: the table, its field and the filter.</summary>
    public static (string Table, string Field, string? Where)? SourceOf(FieldBlueprint field) => field switch
    {
        { Type: ChoiceField, Settings.ChoicesFrom: { } from } => (from.From, from.Value, from.Where),
        { Type: ReferenceField, Settings: { Target: { } target, Where: { } where } } => (target, "id", where),
        _ => null,
    };

    /// <summary>The filter as SQL in pieces.</summary>
    public static Result<LimitCondition> Condition(CatalogSnapshot snapshot, string table, string? where) => LimitCondition.Compile(snapshot.FindTable(table)!, where);

    private static LimitShape Shape(CatalogSnapshot snapshot, TableBlueprint table, FieldBlueprint field)
    {
        var (source, value, where) = SourceOf(field)!.Value;
        return new LimitShape(SchemaNames.For("ck", table.Name, field.Name), field.Name, source, value, where, Condition(snapshot, source, where).Value.Pieces);
    }
}
