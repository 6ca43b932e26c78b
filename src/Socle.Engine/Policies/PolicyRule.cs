using System.Collections.Immutable;
using Socle.Catalog;

namespace Socle.Policies;

/// <summary>One role may do one thing to one table.</summary>
/// <param name="Filter">Which records, in the query grammar; null for every one.</param>
/// <param name="Fields">Which columns it reads or writes; null for all.</param>
public sealed record PolicyRule(string Role, TableSnapshot Table, PolicyAction Action, string? Filter, ImmutableArray<string>? Fields)
{
    /// <summary>There is one rule at most for each.</summary>
    public (string Role, TableSnapshot Table, PolicyAction Action) Key => (Role, Table, Action);
}
