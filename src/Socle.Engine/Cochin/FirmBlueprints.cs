using System.Collections.Immutable;
using Socle.Blueprints;
using Socle.FieldTypes;

namespace Socle.Cochin;

/// <summary>The blueprints by which an import makes its tables: first bare, so that records go in in any order, then as they shall be.</summary>
internal static class FirmBlueprints
{
    /// <summary>The blueprint of the firm's own tables and fields. The app's are those of the blueprint that comes with Socle.</summary>
    public const string Own = "cochin_import";

    /// <param name="blueprint">The app's.</param>
    /// <param name="tables">What the file's tables become.</param>
    /// <param name="gaps">Fields of the firm that cannot be required, since some record has nothing there.</param>
    public static Blueprint Of(Blueprint blueprint, ImmutableArray<TargetTable> tables, IReadOnlySet<(string Table, string Field)> gaps)
    {
        var own = tables.Where(table => table.HasOwn).Select(table => table.Blueprint with
        {
            Rules = table.OwnRules,
            Records = [],
            Sample = [],
            Fields = [.. table.Blueprint.Fields.Select(field => gaps.Contains((table.Name, field.Name)) && table.Fields.Any(own => own.IsOwn && own.Name == field.Name) ? Loosened(field) : field)],
        }).ToList();
        // The list from which the firm's own fields take their values must be in sight.
        var choices = own.Exists(table => table.Name == Categories.Table) ? [] : blueprint.Tables.Where(table => table.Name == Categories.Table).Select(table => table with { Records = [], Rules = [] });
        return new Blueprint(Own, null, [.. choices, .. own, .. ImportTables.Make(blueprint.Tables[0].FindField("id")!)], "socle import cochin");
    }

    /// <summary>The same tables without anything that holds a record to others: keys, references, lists, required fields, rules, indexes, records.</summary>
    public static Blueprint Bare(Blueprint blueprint) => blueprint with
    {
        Source = $"socle import cochin: {blueprint.Name}",
        Tables = [.. blueprint.Tables.Select(Bare)],
        Roles = [],
        Policies = [],
    };

    private static TableBlueprint Bare(TableBlueprint table) => table with
    {
        Search = [],
        Indexes = [],
        Rules = [],
        Records = [],
        Sample = [],
        Fields = [.. table.Fields.Select(field => field.Default is not null ? field : Bare(field))],
    };

    private static FieldBlueprint Bare(FieldBlueprint field) => field with
    {
        Type = field.Type switch
        {
            ReferenceField => FieldTypeRegistry.Find("uuid")!,
            ChoiceField => FieldTypeRegistry.Find("text")!,
            _ => field.Type,
        },
        Settings = field.Type is ReferenceField or ChoiceField ? FieldSettings.None : field.Settings,
        IsRequired = false,
        Uniqueness = Uniqueness.None,
        IsIndexed = false,
        OnDelete = OnDelete.Restrict,
    };

    private static FieldBlueprint Loosened(FieldBlueprint field) => field with { IsRequired = false, OnDelete = field.Type is ReferenceField ? OnDelete.SetNull : field.OnDelete };
}
