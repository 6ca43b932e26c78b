using Socle.FieldTypes;
using Socle.Postgres;
using Socle.Schema;

namespace Socle.Blueprints;

/// <summary>An index that a blueprint asks for, in words or by a field's key, and the line that asks.</summary>
internal sealed record DesiredIndex(IndexShape Shape, int Line);

/// <summary>Every index that a table's blueprint asks for, except the one that search uses.</summary>
internal static class DesiredIndexes
{
    public static IEnumerable<DesiredIndex> Of(TableBlueprint table)
    {
        foreach (var field in table.Fields)
        {
            if (field.Uniqueness != Uniqueness.None)
                yield return new DesiredIndex(Unique(table, field), field.Line);
            if (field.IsIndexed ?? IsReferenceWithoutIndex(table, field))
                yield return new DesiredIndex(Plain(table, field), field.Line);
        }

        foreach (var index in table.Indexes)
            yield return new DesiredIndex(Listed(table, index), index.Line);
    }

    public static IndexShape? FindSearch(TableBlueprint table, string? trigramSchema) =>
        table.Search is not { IsEmpty: false } columns || trigramSchema is null
            ? null
            : new IndexShape(
                SchemaNames.For("ix", table.Name, "search"),
                IsUnique: false,
                $"gin (({SearchExpression.For(columns)}) {Sql.Identifier(trigramSchema)}.gin_trgm_ops)");

    private static IndexShape Unique(TableBlueprint table, FieldBlueprint field)
    {
        var column = Sql.Identifier(field.Name);
        return new IndexShape(
            SchemaNames.For("uq", table.Name, field.Name),
            IsUnique: true,
            field.Uniqueness == Uniqueness.IgnoreCase ? $"btree (lower({column}))" : $"btree ({column})");
    }

    private static IndexShape Plain(TableBlueprint table, FieldBlueprint field) =>
        new(SchemaNames.For("ix", table.Name, field.Name), IsUnique: false, $"{Method(field)} ({Sql.Identifier(field.Name)})");

    private static IndexShape Listed(TableBlueprint table, IndexBlueprint index)
    {
        var terms = index.Terms.Select(term => Sql.Identifier(term.Field) + (term.IsDescending ? " DESC" : ""));
        var method = index is { IsUnique: false, Terms.Length: 1 } ? Method(table.FindField(index.Terms[0].Field)!) : "btree";
        return new IndexShape(
            SchemaNames.For(index.IsUnique ? "uq" : "ix", table.Name, index.Terms.Select(term => term.Field)),
            index.IsUnique,
            $"{method} ({string.Join(", ", terms)})");
    }

    /// <summary>Without an index, deleting a record, or a choice, reads the whole table that may refer to it.</summary>
    public static bool IsReferenceWithoutIndex(TableBlueprint table, FieldBlueprint field) =>
        field.Uniqueness == Uniqueness.None && (field.Type is FilesField || field.Type.FindTarget(field.Settings) is not null || field.Settings.ChoicesFrom is not null)
        && table.Key.FirstOrDefault() != field.Name
        && !table.Indexes.Any(index => index.Terms[0].Field == field.Name);

    /// <summary>Lists and JSON are indexed by what is inside them.</summary>
    private static string Method(FieldBlueprint field) => field.Type is TagsField or JsonField or FilesField ? "gin" : "btree";
}
