using System.Collections.Immutable;

namespace Socle.Catalog;

/// <param name="Name">The constraint's or index's name.</param>
/// <param name="Fields">Its plain columns, and the columns its expressions speak of, such as the one in lower(email).</param>
/// <param name="IsPlain">All columns, no expression and no predicate: usable for on_conflict and for one-to-one relations.</param>
/// <param name="Definition">The key expressions as SQL text, for on_conflict on an expression index; null when there is a predicate.</param>
public sealed record UniqueSnapshot(string Name, ImmutableArray<FieldSnapshot> Fields, bool IsPlain, bool IsPrimary, string? Definition);

/// <param name="Name">The constraint's name.</param>
/// <param name="Columns">The referencing columns, in order.</param>
/// <param name="TargetTable">The name under which the referenced table is served, or would be.</param>
/// <param name="TargetColumns">The referenced columns, in the same order.</param>
public sealed record ForeignKeySnapshot(string Name, ImmutableArray<string> Columns, string TargetTable, ImmutableArray<string> TargetColumns)
{
    /// <summary>What it is called in each partition, where the table has it only through them.</summary>
    public ImmutableArray<string> PartitionNames { get; init; } = [];
}

public sealed record CheckSnapshot(string Name, ImmutableArray<string> Columns);
