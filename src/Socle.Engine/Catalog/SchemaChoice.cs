using System.Collections.Immutable;

namespace Socle.Catalog;

/// <summary>
/// Which schemas are served. A table's bare name belongs to the first schema of the list that has it.
/// </summary>
/// <param name="Names">The schemas asked for; empty when nobody said.</param>
/// <param name="IsAdopted">Whether nobody saying means all schemas, even in a database where Socle keeps tables of its own.</param>
public sealed record SchemaChoice(ImmutableArray<string> Names, bool IsAdopted)
{
    /// <summary>public where Socle keeps its own tables in the database, else every schema.</summary>
    public static SchemaChoice Default { get; } = new([], IsAdopted: false);
}
