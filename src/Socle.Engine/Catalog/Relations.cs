using System.Collections.Immutable;

namespace Socle.Catalog;

/// <summary>A way from the records of one table to those of another.</summary>
/// <param name="Target">The table it leads to.</param>
/// <param name="IsToOne">At most one record stands at the other end.</param>
/// <param name="Columns">Pairs that must be equal: this table's column and the target's; with a junction, this table's and the junction's.</param>
/// <param name="Constraint">The foreign key it comes from; with a junction, the near one.</param>
/// <param name="IsForward">This table holds the foreign key.</param>
/// <param name="Junction">The table in between, for many to many.</param>
public sealed record Relation(
    TableSnapshot Target,
    bool IsToOne,
    ImmutableArray<ColumnPair> Columns,
    string Constraint,
    bool IsForward,
    Junction? Junction = null);

public readonly record struct ColumnPair(string Own, string Other);

/// <param name="Table">The table in between.</param>
/// <param name="Columns">Pairs that must be equal: the junction's column and the target's.</param>
/// <param name="Constraint">The junction's foreign key to the target.</param>
public sealed record Junction(TableSnapshot Table, ImmutableArray<ColumnPair> Columns, string Constraint);

/// <summary>Reads relations off foreign keys, by PostgREST's rules.</summary>
internal static class Relations
{
    public static ILookup<TableSnapshot, Relation> Find(ImmutableArray<TableSnapshot> tables)
    {
        var byName = tables.ToDictionary(table => table.Name);
        var keys = (from table in tables
                    from key in table.ForeignKeys
                    where byName.ContainsKey(key.TargetTable)
                    select (Table: table, Key: key, Target: byName[key.TargetTable])).ToList();

        var direct = keys.SelectMany(item => new[]
        {
            (item.Table, Forward(item.Key, item.Target)),
            (item.Target, Backward(item.Table, item.Key)),
        });
        var throughJunctions = from near in keys
                               from far in keys
                               where near.Table == far.Table && near.Key != far.Key && IsJunction(near.Table, near.Key, far.Key)
                               select (near.Target, ThroughJunction(near.Table, near.Key, far.Key, far.Target));
        return direct.Concat(throughJunctions).ToLookup(item => item.Item1, item => item.Item2);
    }

    private static Relation Forward(ForeignKeySnapshot key, TableSnapshot target) =>
        new(target, IsToOne: true, Pairs(key.Columns, key.TargetColumns), key.Name, IsForward: true);

    private static Relation Backward(TableSnapshot table, ForeignKeySnapshot key) =>
        new(table, IsUnique(table, key), Pairs(key.TargetColumns, key.Columns), key.Name, IsForward: false);

    private static Relation ThroughJunction(TableSnapshot junction, ForeignKeySnapshot near, ForeignKeySnapshot far, TableSnapshot target) =>
        new(
            target,
            IsToOne: false,
            Pairs(near.TargetColumns, near.Columns),
            near.Name,
            IsForward: false,
            new Junction(junction, Pairs(far.Columns, far.TargetColumns), far.Name));

    /// <summary>Foreign key columns that are exactly a key of their own make a relation one to one.</summary>
    private static bool IsUnique(TableSnapshot table, ForeignKeySnapshot key) =>
        table.Uniques.Any(unique => unique.IsPlain && unique.Fields.Select(field => field.Name).ToHashSet().SetEquals(key.Columns));

    private static bool IsJunction(TableSnapshot table, ForeignKeySnapshot near, ForeignKeySnapshot far) =>
        near.Columns.Concat(far.Columns).All(column => table.PrimaryKey.Any(field => field.Name == column));

    private static ImmutableArray<ColumnPair> Pairs(ImmutableArray<string> own, ImmutableArray<string> other) =>
        [.. own.Zip(other, (left, right) => new ColumnPair(left, right))];
}
