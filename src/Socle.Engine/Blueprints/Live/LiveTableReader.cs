using System.Collections.Immutable;
using Socle.FieldTypes;
using Socle.Kernel;
using Socle.Rules;
using Socle.Schema;

namespace Socle.Blueprints.Live;

/// <summary>Takes a table as the database has it, gives it in the words of a blueprint, with what these do not tell. Pure.</summary>
internal static class LiveTableReader
{
    public static (TableBlueprint? Table, ImmutableArray<Gap> Gaps, Text? WhyNot) Read(TableShape shape, Text? label)
    {
        var indexes = LiveIndexes.Read(shape);
        var fields = new List<FieldBlueprint>();
        var gaps = new List<Gap>();
        foreach (var name in InOrder(shape))
        {
            var (field, gap) = shape.FindColumn(name) is { } column ? LiveFields.Read(column, shape, indexes) : (LiveFields.ReadComputed(shape.Metadata!.FindField(name)!), null);
            if (field is not null)
                fields.Add(field);
            if (gap is { } reason)
                gaps.Add(new Gap(name, reason));
        }

        gaps.AddRange(indexes.Gaps);
        var names = fields.Select(field => field.Name).ToHashSet();
        if (fields.Count == 0)
            return (null, [], new("It has no column that a blueprint has a type for.", "Elle n'a pas de colonne pour laquelle le blueprint a un type."));
        if (shape.Key.IsEmpty)
            return (null, [], new("It has no primary key.", "Elle n'a pas de clé primaire."));
        if (shape.Key.Any(name => !names.Contains(name)))
            return (null, [], new("A blueprint has no words for its primary key.", "Le blueprint n'a pas de mots pour sa clé primaire."));
        var table = new TableBlueprint(
            shape.Name,
            label,
            [.. fields],
            shape.Key,
            shape.Metadata?.Search is { } search ? [.. search.Where(names.Contains)] : null,
            HasTimestamps: false,
            [.. indexes.Listed.Where(index => index.Terms.All(term => names.Contains(term.Field)))],
            [],
            0,
            BlueprintNames.IsName(shape.Metadata?.Key) && shape.Metadata!.Key != shape.Name ? shape.Metadata.Key : null,
            shape.KeepsHistory)
        {
            Rules = [.. shape.Rules.Select(kept => kept.Rule).Where(rule => RuleSet.Resolve(RuleShapes.FieldsOf(shape with { Columns = [.. shape.Columns.Where(column => names.Contains(column.Name))] }), [rule]) is { IsFault: false })],
        };
        return (Finish(table, shape.KeepsUpdatedAt), [.. gaps], null);
    }

    /// <summary>What every table has stands first and last, with the labels that every table's have; references are told whether an index is as expected.</summary>
    private static TableBlueprint Finish(TableBlueprint table, bool keepsUpdatedAt)
    {
        var hasId = table.Key is ["id"] && table.FindField("id") is { } id && TableReader.IsImplicit(id);
        var hasTimestamps = keepsUpdatedAt && TableReader.Timestamps.All(wanted => table.FindField(wanted.Name) is { } field && TableReader.IsImplicit(field));
        table = table with
        {
            HasTimestamps = hasTimestamps,
            Fields =
            [
                .. hasId ? [TableReader.IdField] : Array.Empty<FieldBlueprint>(),
                .. table.Fields.Where(field => !(hasId && field.Name == "id") && !(hasTimestamps && TableReader.Timestamps.Any(wanted => wanted.Name == field.Name))),
                .. hasTimestamps ? TableReader.Timestamps : [],
            ],
        };
        return table with { Fields = [.. table.Fields.Select(field => field with { IsIndexed = IsIndexed(table, field) })] };
    }

    /// <summary>Null where the index that is there, or is not, is what a blueprint that does not say gets.</summary>
    private static bool? IsIndexed(TableBlueprint table, FieldBlueprint field)
    {
        var expected = DesiredIndexes.IsReferenceWithoutIndex(table, field);
        var isIndexed = field.IsIndexed ?? false;
        return isIndexed == expected ? null : isIndexed;
    }

    /// <summary>As people see them; those that are computed when they are read have no column.</summary>
    private static IEnumerable<string> InOrder(TableShape shape) =>
        shape.Columns.Select(column => column.Name)
            .Union((shape.Metadata?.Fields ?? []).Where(told => told.IsComputed).Select(told => told.Name))
            .OrderBy(name => shape.Metadata?.FindField(name)?.Position ?? int.MaxValue);
}
