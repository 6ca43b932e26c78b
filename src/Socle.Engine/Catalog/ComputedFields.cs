using System.Collections.Immutable;
using Socle.FieldTypes;
using Socle.Grammar;
using Socle.Kernel;

namespace Socle.Catalog;

/// <summary>
/// Takes the tables that somebody sees, gives the same with their lookups and rollups among the fields. What goes through a table or
/// field that is not there, or that they may not see, is not there either, and neither is what goes round in a circle.
/// </summary>
internal sealed class ComputedFields
{
    private readonly Dictionary<string, TableSnapshot> _tables = [];
    private readonly Dictionary<(string Table, string Field), Result<FieldSnapshot>> _known = [];
    private readonly HashSet<(string Table, string Field)> _pending = [];

    private ComputedFields(IEnumerable<TableSnapshot> tables)
    {
        foreach (var table in tables)
            _tables.TryAdd(table.Name, table);
    }

    public static (IReadOnlyList<TableSnapshot> Tables, ImmutableArray<BrokenField> Broken) Resolve(IReadOnlyList<TableSnapshot> tables, ImmutableArray<TableSnapshot> ownTables)
    {
        if (tables.All(table => table.Computed.IsEmpty))
            return (tables, []);
        var fields = new ComputedFields(tables.Concat(ownTables));
        var found = tables.Where(table => !table.Computed.IsEmpty)
            .ToDictionary(table => table, table => table.Computed.Select(computed => (Computed: computed, Field: fields.Get(table, computed))).ToList());
        return (
            [.. tables.Select(table => found.TryGetValue(table, out var all) ? table.WithComputed(table.Computed, all.Where(item => !item.Field.IsFault).Select(item => item.Field.Value)) : table)],
            [.. found.SelectMany(pair => pair.Value.Where(item => item.Field.IsFault).Select(item => new BrokenField(pair.Key.Name, item.Computed.Name, item.Field.Faults[0])))]);
    }

    private Result<FieldSnapshot> Get(TableSnapshot table, ComputedField computed)
    {
        var name = (table.Name, computed.Name);
        if (_known.TryGetValue(name, out var known))
            return known;
        if (!_pending.Add(name))
            return ComputedFaults.Circle(table, computed);
        var field = Find(table, computed);
        _pending.Remove(name);
        return _known[name] = field;
    }

    private Result<FieldSnapshot> Find(TableSnapshot table, ComputedField computed)
    {
        var bound = Bind(table, computed);
        if (bound.IsFault)
            return bound.Faults;
        var (target, pair) = bound.Value;
        var function = computed.Type is RollupField ? RollupField.FindFunction(computed.Settings.Function) : null;
        if (computed.Type is RollupField && function is null)
            return ComputedFaults.Function(computed);
        var source = FindSource(target, computed, function);
        if (source.IsFault)
            return source.Faults;
        var where = FindWhere(target, computed.Settings.Where);
        return where.IsFault ? where.Faults : Make(computed, new FieldWay(target, [pair], function, source.Value, where.Value));
    }

    /// <summary>The other table, and what is equal in its records and in the row.</summary>
    private Result<(TableSnapshot Target, ColumnPair Pair)> Bind(TableSnapshot table, ComputedField computed)
    {
        var through = computed.Settings.Through ?? "";
        var dot = through.LastIndexOf('.');
        if (computed.Type is LookupField)
        {
            return table.ForeignKeys.FirstOrDefault(key => key.Columns is [var column] && column == through) is { } key && _tables.TryGetValue(key.TargetTable, out var target)
                ? Check(table, computed, target, new ColumnPair(through, key.TargetColumns[0]))
                : ComputedFaults.NoReference(table, through, table.ForeignKeys.Where(other => other.Columns.Length == 1).Select(other => other.Columns[0]));
        }

        return dot > 0 && _tables.TryGetValue(through[..dot], out var other)
            && other.ForeignKeys.FirstOrDefault(key => key.Columns is [var column] && column == through[(dot + 1)..] && key.TargetTable == table.Name) is { } back
            ? Check(table, computed, other, new ColumnPair(back.TargetColumns[0], back.Columns[0]))
            : ComputedFaults.NoWayBack(table, through, from near in _tables.Values from key in near.ForeignKeys where key.Columns.Length == 1 && key.TargetTable == table.Name select $"{near.Name}.{key.Columns[0]}");
    }

    /// <summary>PostgreSQL lets a role compare only what it may read, and a key.</summary>
    private static Result<(TableSnapshot Target, ColumnPair Pair)> Check(TableSnapshot table, ComputedField computed, TableSnapshot target, ColumnPair pair) =>
        IsReadable(table, pair.Own) && IsReadable(target, pair.Other) ? (target, pair) : ComputedFaults.NoReference(table, computed.Settings.Through!, []);

    private static bool IsReadable(TableSnapshot table, string column) => table.FindField(column) is not null || table.KeyColumns.Contains(column);

    private Result<FieldSnapshot?> FindSource(TableSnapshot target, ComputedField computed, RollupFunction? function)
    {
        if (computed.Settings.Field is not { } name)
            return function == RollupFunction.Count ? (FieldSnapshot?)null : ComputedFaults.NoField(computed);
        var source = target.Fields.FirstOrDefault(field => field.Name == name && field.Way is null);
        if (source is null && target.Computed.FirstOrDefault(other => other.Name == name) is { } nested)
        {
            var found = Get(target, nested);
            if (found.IsFault)
                return found.Faults;
            source = found.Value;
        }

        if (source is null)
            return ComputedFaults.UnknownField(target, name);
        return function is { } asked && RollupField.FindResult(asked, source.ColumnType) is null ? ComputedFaults.Misfit(computed, target, source) : source;
    }

    /// <summary>Conditions on the other table's own columns: what leads further would have to be judged again at every step.</summary>
    internal static Result<ImmutableArray<Condition>> FindWhere(TableSnapshot target, string? where)
    {
        if (where is null)
            return ImmutableArray<Condition>.Empty;
        var conditions = QueryReader.ReadRelatedConditions(where);
        if (conditions.IsFault)
            return ComputedFaults.Where(conditions.Faults[0].Message);
        if (conditions.Value.IsEmpty)
            return ComputedFaults.EmptyWhere();
        if (where.Contains("{user.", StringComparison.Ordinal))
            return ComputedFaults.Placeholder();
        var named = conditions.Value.SelectMany(Leaves).ToList();
        if (named.OfType<RelatedCondition>().FirstOrDefault() is { } related)
            return ComputedFaults.Related(target, related.Relation);
        var unknown = named.OfType<Comparison>().Select(comparison => comparison.Field.Name).FirstOrDefault(name => target.FindField(name) is not { Way: null });
        return unknown is null ? conditions.Value : ComputedFaults.UnknownInWhere(target, unknown);
    }

    private static IEnumerable<Condition> Leaves(Condition condition) =>
        condition is ConditionGroup group ? group.Conditions.SelectMany(Leaves) : [condition];

    private static FieldSnapshot Make(ComputedField computed, FieldWay way)
    {
        var source = way.Source;
        var type = way.Function is { } function ? RollupField.FindResult(function, source?.ColumnType)! : source!.ColumnType;
        // A sum of amounts is an amount.
        var isValue = way.Function is null or RollupFunction.Min or RollupFunction.Max || (way.Function != RollupFunction.Count && source?.Type is CurrencyField);
        return new FieldSnapshot(
            computed.Name,
            ApiNames.ToCamelCase(computed.Name),
            type,
            isValue ? source!.Type : FieldTypeRegistry.ForColumn(type),
            way.Function == RollupFunction.Count ? FieldSettings.None : source!.Settings,
            IsRequired: way.Function is RollupFunction.Count or RollupFunction.Sum,
            Default: null,
            IsReadOnly: true,
            IsIdentity: false,
            computed.Label)
        {
            Position = computed.Position,
            Way = way,
        };
    }
}
