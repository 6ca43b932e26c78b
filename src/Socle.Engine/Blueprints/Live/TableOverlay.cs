using System.Collections.Immutable;
using Socle.FieldTypes;
using Socle.Schema;

namespace Socle.Blueprints.Live;

/// <summary>
/// Takes a table before and after a change, both as blueprints ask for them, and lays the change over the table as the database has
/// it: only what the change speaks of differs. An <c>integer</c> column made in psql stays one when a field is added beside it. Pure.
/// </summary>
internal sealed class TableOverlay(TableBlueprint before, TableBlueprint after, IReadOnlyDictionary<string, string> origins)
{
    private readonly TableShape _before = DesiredSchema.Shape(before, trigramSchema: null, others: null);
    private readonly TableShape _after = DesiredSchema.Shape(after, trigramSchema: null, others: null);

    /// <summary>Each column's name with that which it has now: not of a field that is computed when it is read, and not where a value is written and then computed, or the other way.</summary>
    public IReadOnlyDictionary<string, string> Columns => origins
        .Where(origin => _before.FindColumn(origin.Value) is { } old && _after.FindColumn(origin.Key) is { } asked && old.Generated is null == asked.Generated is null)
        .ToDictionary(origin => origin.Key, origin => origin.Value);

    /// <summary>Which of the found table's fields go. A computed one is known by its name alone.</summary>
    public ImmutableArray<string> Leaving => [.. before.Fields.Select(told => told.Name).Except(Columns.Values).Where(name => HasColumn(before, name) || after.FindField(name) is null || HasColumn(after, name))];

    public TableShape Spare(TableShape wanted, TableShape found) => wanted with
    {
        Columns = [.. wanted.Columns.Select(column => Spare(column, found))],
        Checks = [.. wanted.Checks.Select(check => Spare(check, found)).OfType<CheckShape>()],
        ForeignKeys = [.. wanted.ForeignKeys.Select(key => Spare(key, found)).OfType<ForeignKeyShape>()],
        Indexes = [.. wanted.Indexes.Where(index => index.Name != SearchName(after) || IsSearched(found) || !IsSameSearch())],
        KeepsUpdatedAt = wanted.KeepsUpdatedAt || found.KeepsUpdatedAt,
    };

    /// <summary>What the blueprint told of the found table, and no longer asks for, goes, whoever made it.</summary>
    public TableShape Release(TableShape wanted, TableShape found) => found with
    {
        Indexes = [.. found.Indexes.Select(index => index with { IsOurs = index.IsOurs || (LiveIndexes.HasWords(index) && !wanted.Indexes.Any(other => SchemaDifference.IsSame(index, other))) })],
        ForeignKeys = [.. found.ForeignKeys.Select(key => key with { IsOurs = key.IsOurs || (WasReference(key.Column) && wanted.ForeignKeys.All(other => other.Column != key.Column)) })],
    };

    private ColumnShape Spare(ColumnShape wanted, TableShape found)
    {
        if (Origin(wanted.Name) is not { } origin || found.FindColumn(wanted.Name) is not { } actual || _before.FindColumn(origin) is not { } old)
            return wanted;
        var asked = _after.FindColumn(wanted.Name)!;
        return wanted with
        {
            Type = asked.Type == old.Type ? actual.Type : wanted.Type,
            Default = asked.Default == old.Default ? actual.Default : wanted.Default,
            IsRequired = asked.IsRequired == old.IsRequired ? actual.IsRequired : wanted.IsRequired,
            Generated = asked.Generated == old.Generated ? actual.Generated : wanted.Generated,
            Number = asked.Number == old.Number ? actual.Number : wanted.Number,
        };
    }

    private CheckShape? Spare(CheckShape wanted, TableShape found)
    {
        var field = after.Fields.FirstOrDefault(field => SchemaNames.For("ck", after.Name, field.Name) == wanted.Name);
        if (field is null || Origin(field.Name) is not { } origin || Check(before.FindField(origin)) != Check(field))
            return wanted;
        var names = new[] { wanted.Name, SchemaNames.For("ck", before.Name, origin) };
        return found.Checks.FirstOrDefault(check => names.Contains(check.Name)) is not { } actual ? null
            : actual.IsOurs ? actual with { Name = wanted.Name }
            : actual;
    }

    private ForeignKeyShape? Spare(ForeignKeyShape wanted, TableShape found)
    {
        if (Origin(wanted.Column) is not { } origin || _before.ForeignKeys.FirstOrDefault(key => key.Column == origin) is not { } old)
            return wanted;
        var target = old.Target == before.Name ? after.Name : old.Target;
        if (target != wanted.Target || old.OnDelete != wanted.OnDelete)
            return wanted;
        return found.ForeignKeys.FirstOrDefault(key => key.Column == wanted.Column && key.Target == wanted.Target) is not { } actual ? null
            : actual.IsOurs ? actual with { Name = wanted.Name }
            : actual;
    }

    private static bool HasColumn(TableBlueprint table, string name) => table.FindField(name)?.Type.HasColumn == true;

    private bool WasReference(string column) => Origin(column) is { } origin && _before.ForeignKeys.Any(key => key.Column == origin);

    private bool IsSameSearch() => (before.Search ?? []).SequenceEqual((after.Search ?? []).Select(name => Origin(name) ?? ""));

    private bool IsSearched(TableShape found) => found.Indexes.Any(index => index.Name == SearchName(before) || index.Name == SearchName(after));

    private string? Origin(string name) => origins.GetValueOrDefault(name);

    private static string? Check(FieldBlueprint? field) => field?.Type.CheckExpression("value", field.Settings);

    private static string SearchName(TableBlueprint table) => SchemaNames.For("ix", table.Name, "search");
}
