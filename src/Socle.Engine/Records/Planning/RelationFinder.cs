using Socle.Catalog;
using Socle.Grammar;
using Socle.Kernel;

namespace Socle.Records.Planning;

/// <summary>Which relation an embed means: its target may be a table, a foreign key or one of its columns, and a hint chooses among several.</summary>
internal static class RelationFinder
{
    public static Result<Relation> Get(CatalogSnapshot snapshot, TableSnapshot table, SelectEmbed embed)
    {
        var relations = snapshot.RelationsOf(table);
        var candidates = relations.Where(relation => IsTarget(relation, table, embed.Target)).ToList();
        // Among related tables the bare name of one in another schema is clear enough.
        if (candidates.Count == 0)
            candidates = [.. relations.Where(relation => Names(relation.Target.Names.Relation, ApiNames.ToCamelCase(relation.Target.Names.Relation), embed.Target))];
        if (embed.Hint is { } hint)
            candidates.RemoveAll(relation => !IsHinted(relation, table, hint));
        else if (candidates.Exists(relation => relation.Target == table && IsCalled(relation.Target, embed.Target)))
            // A table embedded in itself without a hint means the children; the parent is named by its column.
            candidates.RemoveAll(relation => relation.Target == table && relation.IsForward);

        return candidates.Count switch
        {
            1 => candidates[0],
            0 => PlanFaults.UnknownRelation(table, embed.Target, embed.Hint, relations),
            _ => PlanFaults.AmbiguousRelation(table, embed.Target, candidates),
        };
    }

    private static bool IsTarget(Relation relation, TableSnapshot table, string target) =>
        IsCalled(relation.Target, target)
        || (relation.Junction is null && relation.Constraint == target)
        || (relation.IsForward && relation.Columns.Length == 1 && Column(table, relation.Columns[0].Own, target));

    private static bool IsHinted(Relation relation, TableSnapshot table, string hint)
    {
        if (relation.Junction is { } junction)
            return IsThrough(relation, junction, table, hint);
        if (relation.Constraint == hint)
            return true;
        if (relation.Columns.Length != 1)
            return false;
        var (own, other) = relation.Columns[0];
        // In a self reference, table!parent_column means the children: the hint names the column at the far end.
        return relation.Target == table
            ? !relation.IsForward && Column(relation.Target, other, hint)
            : Column(table, own, hint) || Column(relation.Target, other, hint);
    }

    /// <summary>Between a table and itself only the far foreign key tells the two directions apart.</summary>
    private static bool IsThrough(Relation relation, Junction junction, TableSnapshot table, string hint) =>
        IsCalled(junction.Table, hint)
        || junction.Constraint == hint
        || (junction.Columns.Length == 1 && Column(junction.Table, junction.Columns[0].Own, hint))
        || (relation.Target != table && relation.Constraint == hint);

    private static bool Column(TableSnapshot table, string column, string written) =>
        table.FindField(column) is { } field && Names(field.Name, field.ApiName, written);

    private static bool IsCalled(TableSnapshot table, string written) => Names(table.Name, table.ApiName, written) || table.Names.Qualified == written;

    private static bool Names(string name, string apiName, string written) => name == written || apiName == written;
}
