using System.Collections.Immutable;
using Socle.Catalog;
using Socle.Kernel;

namespace Socle.Blueprints;

/// <param name="DefaultActions">What it may do to a table that no policy of it names.</param>
/// <param name="MayUndo">Whether it may look at everybody's change sets and take them back.</param>
public sealed record RoleBlueprint(string Name, Text? Label, ImmutableArray<PolicyAction> DefaultActions, bool MayUndo, int Line);

/// <summary>All that a role may do to a table: what is not here it may not.</summary>
public sealed record PolicyBlueprint(string Role, string Table, ImmutableArray<RuleBlueprint> Rules, int Line);

/// <param name="Filter">Which records; null for every one.</param>
/// <param name="Fields">Which fields; null for all.</param>
public sealed record RuleBlueprint(PolicyAction Action, string? Filter, ImmutableArray<string>? Fields, int Line);
