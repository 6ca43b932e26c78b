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

    private static IEnumerable<SchemaStep> Create(TableShape table)
    {
        IEnumerable<SchemaStep> steps =
        [
            new CreateTable(table),
            .. table.Columns.Where(column => column.Number is not null).Select(column => new SetNumber(table.Name, column.Name, column.Number, null)),
            .. table.Indexes.Select(index => new CreateIndex(table.Name, index)),
            .. table.ForeignKeys.Select(key => new AddForeignKey(table.Name, key)),
            .. table.Metadata is { } metadata ? [new DescribeTable(table.Name, Metadata.Of(table, null, metadata), null, [])] : Array.Empty<SchemaStep>(),
            .. table.Limits.Select(limit => new SetLimit(table.Name, limit)),
            .. table.KeepsHistory ? [new KeepHistory(table.Name, IsKept: true)] : Array.Empty<SchemaStep>(),
            .. table.HoldsFiles ? [new HoldFiles(table.Name, IsHeld: true)] : Array.Empty<SchemaStep>(),
        ];
        return steps.Select(step => step with { IsOnNewTable = true });
    }

    private static IEnumerable<SchemaStep> Compare(TableShape desired, TableShape actual)
    {
        IEnumerable<SchemaStep> steps =
        [
            .. CompareColumns(desired, actual),
            .. CompareKey(desired, actual),
            .. CompareIndexes(desired, actual),
            .. CompareChecks(desired, actual),
            .. CompareForeignKeys(desired, actual),
            .. Metadata.Compare(desired, actual),
            .. from limit in desired.Limits
               let found = actual.Limits.FirstOrDefault(other => other.Field == limit.Field)
               where found?.Name != limit.Name
               select new SetLimit(desired.Name, limit, found),
        ];
        if (desired.KeepsUpdatedAt && !actual.KeepsUpdatedAt)
            steps = steps.Append(new KeepUpdatedAt(desired.Name));
        if (desired.KeepsHistory != actual.KeepsHistory && !desired.Key.IsEmpty)
            steps = steps.Append(new KeepHistory(desired.Name, desired.KeepsHistory));
        if (desired.HoldsFiles != actual.HoldsFiles)
            steps = steps.Append(new HoldFiles(desired.Name, desired.HoldsFiles));
        return steps.Select(step => step with { Rows = null, Losses = null });
    }

    private static IEnumerable<SchemaStep> CompareColumns(TableShape desired, TableShape actual)
    {
        foreach (var wanted in desired.Columns)
        {
            if (actual.FindColumn(wanted.Name) is not { } found)
            {
                // A number is required once the records that there are have theirs.
                yield return new AddField(desired.Name, wanted.Number is null ? wanted : wanted with { IsRequired = false });
                if (wanted.Number is not null)
                    yield return new SetNumber(desired.Name, wanted.Name, wanted.Number, null);
                continue;
            }

            if (wanted.Generated is not null)
            {
                foreach (var step in CompareFormulas(desired, actual, wanted, found))
                    yield return step;
                continue;
            }

            if (wanted.Number != found.Number)
                yield return new SetNumber(desired.Name, wanted.Name, wanted.Number, found.Number);
            var isCast = wanted.Type != found.Type && TypeChange.FindLossless(found.Type, wanted.Type) is null;
            if (wanted.Type != found.Type)
            {
                yield return new ChangeType(desired.Name, wanted.Name, found.Type, wanted.Type)
                {
                    DefaultBefore = isCast ? found.Default : null,
                    DefaultAfter = isCast ? wanted.Default : null,
                    IsRequired = found.IsRequired,
                };
            }

            if (wanted.Default != found.Default && !found.IsComputed && !isCast)
                yield return new SetDefault(desired.Name, wanted.Name, wanted.Default, found.Default);
            // The columns of a key are required whatever anybody says.
            if (wanted.IsRequired != found.IsRequired && !actual.Key.Contains(wanted.Name) && !desired.Key.Contains(wanted.Name))
                yield return new SetRequired(desired.Name, wanted.Name, wanted.IsRequired);
        }
    }

    /// <summary>PostgreSQL changes no column that a computed one looks at: that one computes nothing meanwhile.</summary>
    private static IEnumerable<SchemaStep> CompareFormulas(TableShape desired, TableShape actual, ColumnShape wanted, ColumnShape found)
    {
        var isDisturbed = found.Inputs.Any(input => desired.FindColumn(input) is { } column && column.Type != actual.FindColumn(input)!.Type);
        if (isDisturbed)
            yield return new ChangeFormula(desired.Name, found, ChangeFormula.Nothing(found), StepOrder.Drop);
        if (isDisturbed || wanted.Type != found.Type || wanted.Generated != found.Generated)
            yield return new ChangeFormula(desired.Name, isDisturbed ? ChangeFormula.Nothing(found) : found, wanted, StepOrder.Formula);
    }

    private static IEnumerable<SchemaStep> CompareKey(TableShape desired, TableShape actual)
    {
        if (desired.Key.IsEmpty || desired.Key.SequenceEqual(actual.Key))
            yield break;
        ImmutableArray<string> tightened = [.. desired.Key.Where(name => actual.FindColumn(name) is not { IsRequired: true })];
        if (actual.Key.IsEmpty)
            yield return new AddKey(desired.Name, desired.Key, tightened);
        else
            yield return new ChangeKey(
                desired.Name,
                actual.Parts.First(part => part.IsPrimary),
                desired.Key,
                [.. actual.Key.Where(name => !desired.Key.Contains(name) && desired.FindColumn(name) is { IsRequired: false })],
                tightened);
    }

    /// <summary>What a column of another type would not carry goes before the type changes; else one takes the other's place in one step.</summary>
    private static IEnumerable<SchemaStep> CompareIndexes(TableShape desired, TableShape actual)
    {
        var gone = actual.Indexes.Where(index => index.IsOurs && desired.Indexes.All(wanted => wanted.Name != index.Name)).ToList();
        var changed = desired.Columns.Where(column => actual.FindColumn(column.Name) is { } found && found.Type != column.Type).Select(column => column.Name).ToList();
        foreach (var wanted in desired.Indexes)
        {
            var named = actual.Indexes.FirstOrDefault(index => index.Name == wanted.Name);
            if (named is null && gone.Find(index => IsSame(index, wanted)) is { IsConstraint: false } renamed)
            {
                gone.Remove(renamed);
                yield return new RenamePart(desired.Name, actual.FindPart(renamed.Name)!, wanted.Name);
                continue;
            }

            // Somebody else's index that does the same is as good, unless it is in the way.
            if (named is null ? actual.Indexes.Any(index => !index.IsOurs && IsSame(index, wanted)) : IsSame(named, wanted))
                continue;
            var part = named is null ? null : actual.FindPart(named.Name)!;
            var isCarried = part?.Columns.Any(changed.Contains) == false;
            if (part is not null && !isCarried)
                yield return new DropPart(desired.Name, part);
            yield return new CreateIndex(desired.Name, wanted, isCarried ? part : null);
        }

        foreach (var index in gone)
            yield return new DropPart(desired.Name, actual.FindPart(index.Name)!);
    }

    internal static bool IsSame(IndexShape one, IndexShape other) => one.IsUnique == other.IsUnique && WithoutCasts(one.Definition) == WithoutCasts(other.Definition);

    /// <summary>An index on a varchar column casts it to text in its expressions, and no longer does once the column is text.</summary>
    private static string WithoutCasts(string definition) => CastToText().Replace(definition, "${column}");

    [GeneratedRegex("""\((?<column>\w+|"\w+")\)::text""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CastToText();

    private static IEnumerable<SchemaStep> CompareChecks(TableShape desired, TableShape actual)
    {
        var gone = actual.Checks.Where(check => check.IsOurs && desired.Checks.All(wanted => wanted.Name != check.Name)).ToList();
        foreach (var wanted in desired.Checks)
        {
            var named = actual.Checks.FirstOrDefault(check => check.Name == wanted.Name);
            if (named is null && gone.Find(check => check.Definition == wanted.Definition) is { } renamed)
            {
                gone.Remove(renamed);
                yield return new RenamePart(desired.Name, actual.FindPart(renamed.Name)!, wanted.Name);
            }
            else if (named is null || named.Definition != wanted.Definition)
            {
                yield return new AddCheck(desired.Name, wanted, named is null ? null : actual.FindPart(named.Name));
            }
        }

        foreach (var check in gone)
            yield return new DropPart(desired.Name, actual.FindPart(check.Name)!);
    }

    /// <summary>A second foreign key from the same column to the same table would make relations ambiguous, so a differing one goes, whoever made it.</summary>
    private static IEnumerable<SchemaStep> CompareForeignKeys(TableShape desired, TableShape actual)
    {
        var gone = actual.ForeignKeys.Where(key => key.IsOurs && desired.ForeignKeys.All(wanted => wanted.Name != key.Name)).ToList();
        foreach (var wanted in desired.ForeignKeys)
        {
            var found = actual.ForeignKeys.FirstOrDefault(key => key.Name == wanted.Name)
                ?? actual.ForeignKeys.FirstOrDefault(key => key.Column == wanted.Column && key.Target == wanted.Target);
            var isSame = found is not null && found with { Name = wanted.Name, IsOurs = wanted.IsOurs } == wanted;
            if (found is not null && gone.Remove(found) && isSame)
                yield return new RenamePart(desired.Name, actual.FindPart(found.Name)!, wanted.Name);
            else if (!isSame)
                yield return new AddForeignKey(desired.Name, wanted, found is null ? null : actual.FindPart(found.Name));
        }

        foreach (var key in gone)
            yield return new DropPart(desired.Name, actual.FindPart(key.Name)!);
    }
}
