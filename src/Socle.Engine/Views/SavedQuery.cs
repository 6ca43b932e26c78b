using System.Collections.Immutable;
using Socle.Catalog;
using Socle.Grammar;
using Socle.Kernel;

namespace Socle.Views;

/// <summary>
/// The query of a view or a widget: takes its text, gives its tree. Refuses what belongs to whoever runs it: pages, counts, words
/// to search for.
/// </summary>
internal static class SavedQuery
{
    /// <param name="text">As in an address.</param>
    /// <param name="mayLimit">Whether it may keep the first records only.</param>
    public static Result<RecordQuery> Read(string text, bool mayLimit)
    {
        var read = QueryReader.Read(text);
        if (read.IsFault)
            return read;
        var query = read.Value;
        var foreign = new (string Name, bool IsThere)[]
        {
            ("q", query.Search is not null),
            ("count", query.Count is not null),
            ("limit", query.Scope.Limit is not null && !mayLimit),
            ("offset", query.Scope.Offset is not null),
            ("columns", !query.Columns.IsDefaultOrEmpty),
            ("on_conflict", !query.OnConflict.IsDefaultOrEmpty),
        };
        var faults = foreign.Where(item => item.IsThere).Select(item => ViewFaults.NotOfQuery(item.Name)).ToList();
        return faults.Count > 0 ? faults : query;
    }

    /// <summary>The table's own columns that the query and the settings name.</summary>
    public static string[] FieldNames(RecordQuery query, IEnumerable<string> others, TableSnapshot table)
    {
        var names = new HashSet<string>(others);
        foreach (var field in query.Scope.Select.OfType<SelectField>().Where(item => item.Field is not null))
            names.Add(field.Field!.Name);
        foreach (var term in query.Scope.Order.Where(term => term.Relation is null))
            names.Add(term.Field.Name);
        foreach (var condition in query.Scope.Where)
            AddNames(condition, names);
        return [.. names.Select(table.FindField).OfType<FieldSnapshot>().Select(field => field.Name).Distinct()];
    }

    /// <summary>The same query with the new names of fields that were renamed since it was written.</summary>
    public static RecordQuery Rename(RecordQuery query, IReadOnlyDictionary<string, string> renames)
    {
        if (renames.Count == 0)
            return query;
        var scope = query.Scope;
        return query with
        {
            Scope = scope with
            {
                Select = [.. scope.Select.Select(item => item is SelectField { Field: { } field } value ? value with { Field = Rename(field, renames) } : item)],
                Where = [.. scope.Where.Select(condition => Rename(condition, renames))],
                Order = [.. scope.Order.Select(term => term.Relation is null ? term with { Field = Rename(term.Field, renames) } : term)],
            },
        };
    }

    public static ViewSettings Rename(ViewSettings settings, IReadOnlyDictionary<string, string> renames) => renames.Count == 0
        ? settings
        : new([.. settings.Items.Select(item => item with { Fields = [.. item.Fields.Select(field => field with { Name = NewName(field.Name, renames) })] })]);

    private static Condition Rename(Condition condition, IReadOnlyDictionary<string, string> renames) => condition switch
    {
        Comparison comparison => comparison with { Field = Rename(comparison.Field, renames) },
        ConditionGroup group => group with { Conditions = [.. group.Conditions.Select(member => Rename(member, renames))] },
        _ => condition,
    };

    private static FieldPath Rename(FieldPath path, IReadOnlyDictionary<string, string> renames) => path with { Name = NewName(path.Name, renames) };

    private static string NewName(string name, IReadOnlyDictionary<string, string> renames)
    {
        foreach (var (old, current) in renames)
        {
            if (name == old || name == ApiNames.ToCamelCase(old))
                return current;
        }

        return name;
    }

    private static void AddNames(Condition condition, HashSet<string> names)
    {
        if (condition is Comparison comparison)
            names.Add(comparison.Field.Name);
        else if (condition is ConditionGroup group)
        {
            foreach (var member in group.Conditions)
                AddNames(member, names);
        }
    }
}
