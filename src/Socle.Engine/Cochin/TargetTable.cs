using System.Collections.Immutable;
using Socle.Blueprints;
using Socle.Rules;

namespace Socle.Cochin;

/// <summary>A table of Cochin and the table of Socle that takes its records.</summary>
/// <param name="Blueprint">Its shape in the end, but for what the records decide: whether a field may be required.</param>
/// <param name="IsKnown">One of the six that every Cochin has: its shape is the blueprint's.</param>
internal sealed record TargetTable(CochinTable Source, TableBlueprint Blueprint, ImmutableArray<TargetField> Fields, bool IsKnown)
{
    public string Name => Blueprint.Name;

    /// <summary>The rules that the firm made for it.</summary>
    public ImmutableArray<Rule> OwnRules { get; init; } = [];

    /// <summary>Whether the firm added something to it.</summary>
    public bool HasOwn => !IsKnown || !OwnRules.IsEmpty || Fields.Any(own => own.IsOwn);
}

/// <param name="Source">The field of Cochin.</param>
/// <param name="Field">What it becomes.</param>
/// <param name="LinksTo">The table of Cochin whose records it refers to; null for other fields.</param>
/// <param name="IsChoice">Its values are rows of Choix, of one category.</param>
/// <param name="Category">That category; null where the values do not tell.</param>
/// <param name="IsOwn">The firm made it, not the app.</param>
internal sealed record TargetField(CochinField Source, FieldBlueprint Field, long? LinksTo, bool IsChoice, string? Category, bool IsOwn)
{
    public string Name => Field.Name;
}
