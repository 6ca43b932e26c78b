using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Socle.Schema;

/// <summary>
/// Takes tables as wanted and as they are, gives the steps between, in order. Pure: between equal
/// shapes there are none. Tables, fields, indexes and constraints that nobody asked for are their
/// maker's own and stay, except what a blueprint made and no longer asks for.
/// </summary>
public static partial class SchemaDifference
{
    public static ImmutableArray<SchemaStep> Between(IEnumerable<TableShape> desired, IEnumerable<TableShape> actual)
    {
        var existing = actual.ToDictionary(table => table.Name);
        return
        [
            .. desired
                .SelectMany(table => existing.TryGetValue(table.Name, out var found) ? Compare(table, found) : Create(table))
                .OrderBy(step => step.Order),
        ];
    }

    private static IEnumerable<SchemaStep> Create(TableShape table) =>
    [
        new CreateTable(table),
        .. table.Indexes.Select(index => new CreateIndex(table.Name, index)),
        .. table.ForeignKeys.Select(key => new AddForeignKey(table.Name, key)),
        .. table.Metadata is { } metadata ? [new DescribeTable(table.Name, metadata)] : Array.Empty<SchemaStep>(),
    ];

    private static IEnumerable<SchemaStep> Compare(TableShape desired, TableShape actual)
    {
        IEnumerable<SchemaStep> steps =
        [
            .. CompareColumns(desired, actual),
            .. CompareKey(desired, actual),
            .. CompareIndexes(desired, actual),
            .. CompareChecks(desired, actual),
            .. CompareForeignKeys(desired, actual),
        ];
        if (desired.KeepsUpdatedAt && !actual.KeepsUpdatedAt)
            steps = steps.Append(new KeepUpdatedAt(desired.Name));
        if (desired.Metadata is { } metadata && !IsTold(metadata, actual.Metadata))
            steps = steps.Append(new DescribeTable(desired.Name, metadata));
        return steps.Select(step => step with { Rows = actual.Rows });
    }

    private static IEnumerable<SchemaStep> CompareColumns(TableShape desired, TableShape actual)
    {
        foreach (var wanted in desired.Columns)
        {
            if (actual.FindColumn(wanted.Name) is not { } found)
            {
                yield return new AddField(desired.Name, wanted);
                continue;
            }

            if (wanted.Type != found.Type)
                yield return new ChangeType(desired.Name, wanted.Name, found.Type, wanted.Type);
            if (wanted.Default != found.Default && !found.IsComputed)
                yield return new SetDefault(desired.Name, wanted.Name, wanted.Default);
            // The columns of a key are required whatever anybody says.
            if (wanted.IsRequired != found.IsRequired && !actual.Key.Contains(wanted.Name) && !desired.Key.Contains(wanted.Name))
                yield return new SetRequired(desired.Name, wanted.Name, wanted.IsRequired);
        }
    }

    private static IEnumerable<SchemaStep> CompareKey(TableShape desired, TableShape actual)
    {
        if (desired.Key.IsEmpty || desired.Key.SequenceEqual(actual.Key))
            return [];
        return actual.Key.IsEmpty ? [new AddKey(desired.Name, desired.Key)] : [new ChangeKey(desired.Name, actual.Key, desired.Key)];
    }

    private static IEnumerable<SchemaStep> CompareIndexes(TableShape desired, TableShape actual)
    {
        foreach (var wanted in desired.Indexes)
        {
            var named = actual.Indexes.FirstOrDefault(index => index.Name == wanted.Name);
            // Somebody else's index that does the same is as good, unless it is in the way.
            if (named is null ? !actual.Indexes.Any(index => !index.IsOurs && IsSame(index, wanted)) : !IsSame(named, wanted))
                yield return new CreateIndex(desired.Name, wanted, named);
        }

        foreach (var index in actual.Indexes.Where(index => index.IsOurs && desired.Indexes.All(wanted => wanted.Name != index.Name)))
            yield return new DropIndex(desired.Name, index);
    }

    private static bool IsSame(IndexShape one, IndexShape other) => one.IsUnique == other.IsUnique && WithoutCasts(one.Definition) == WithoutCasts(other.Definition);

    /// <summary>An index on a varchar column casts it to text in its expressions, and no longer does once the column is text.</summary>
    private static string WithoutCasts(string definition) => CastToText().Replace(definition, "${column}");

    [GeneratedRegex("""\((?<column>\w+|"\w+")\)::text""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CastToText();

    private static IEnumerable<SchemaStep> CompareChecks(TableShape desired, TableShape actual)
    {
        foreach (var wanted in desired.Checks)
        {
            var named = actual.Checks.FirstOrDefault(check => check.Name == wanted.Name);
            if (named is null || named.Definition != wanted.Definition)
                yield return new AddCheck(desired.Name, wanted, Replaces: named is not null);
        }

        foreach (var check in actual.Checks.Where(check => check.IsOurs && desired.Checks.All(wanted => wanted.Name != check.Name)))
            yield return new DropConstraint(desired.Name, check.Name);
    }

    /// <summary>A second foreign key from the same column to the same table would make relations ambiguous, so a differing one goes, whoever made it.</summary>
    private static IEnumerable<SchemaStep> CompareForeignKeys(TableShape desired, TableShape actual)
    {
        foreach (var wanted in desired.ForeignKeys)
        {
            var found = actual.ForeignKeys.FirstOrDefault(key => key.Name == wanted.Name)
                ?? actual.ForeignKeys.FirstOrDefault(key => key.Column == wanted.Column && key.Target == wanted.Target);
            if (found is null || found with { Name = wanted.Name, IsOurs = wanted.IsOurs } != wanted)
                yield return new AddForeignKey(desired.Name, wanted, found?.Name);
        }

        foreach (var key in actual.ForeignKeys.Where(key => key.IsOurs && desired.ForeignKeys.All(wanted => wanted.Name != key.Name)))
            yield return new DropConstraint(desired.Name, key.Name);
    }

    private static bool IsTold(TableMetadata wanted, TableMetadata? found) =>
        found is not null
        && wanted.Blueprint == found.Blueprint
        && wanted.Label == found.Label
        && wanted.Search is null == found.Search is null
        && (wanted.Search ?? []).SequenceEqual(found.Search ?? [])
        && wanted.Fields.All(found.Fields.Contains);
}
