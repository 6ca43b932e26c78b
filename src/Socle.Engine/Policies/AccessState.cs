using System.Collections.Immutable;
using Socle.Catalog;

namespace Socle.Policies;

/// <summary>What the database knows of access at one moment: who the roles are, what policies say, and what PostgreSQL enforces already.</summary>
internal sealed record AccessState(
    ImmutableArray<RoleRow> Roles,
    ImmutableArray<RelationRow> Relations,
    ImmutableArray<PolicyRow> Policies,
    ImmutableArray<RowPolicy> RowPolicies,
    ImmutableHashSet<Grant> Grants,
    ImmutableArray<SequenceRow> Sequences,
    ImmutableArray<string> ClosedSchemas)
{
    /// <summary>The rules, with the tables that they speak of. An administrator needs none.</summary>
    public IEnumerable<(PolicyRow Row, PolicyRule Rule)> Rules(CatalogSnapshot snapshot)
    {
        var admins = Roles.Where(role => role.IsAdmin).Select(role => role.Name).ToHashSet();
        var tables = Relations.ToDictionary(relation => relation.Oid, relation => snapshot.Tables[relation.Position]);
        return from row in Policies
               where !admins.Contains(row.Role)
               select (row, new PolicyRule(row.Role, tables[row.Relation], row.Action, row.Filter, row.Fields));
    }
}

/// <param name="Name">As in socle_system.roles.</param>
internal sealed record RoleRow(string Name, bool IsAdmin);

/// <summary>A served table or view as PostgreSQL has it.</summary>
/// <param name="Position">Its place among the snapshot's tables.</param>
/// <param name="Kind">pg_class.relkind.</param>
/// <param name="IsOurs">Whether the server's user has the owner's rights, without which nothing can be granted.</param>
/// <param name="IsInvoker">Whether a view looks at its tables as whoever asks, and not as its owner.</param>
/// <param name="ReadsHidden">Whether a view reads what the roles have no rights on.</param>
/// <param name="IsAdmitted">Whether its default policies were made.</param>
internal sealed record RelationRow(int Position, uint Oid, char Kind, bool HasRowSecurity, bool IsOurs, bool IsInvoker, bool ReadsHidden, bool IsAdmitted);

/// <param name="Filter">In the query grammar; null for every record.</param>
/// <param name="Condition">What was made of the filter last.</param>
/// <param name="Fields">Null for all.</param>
internal sealed record PolicyRow(Guid Id, string Role, uint Relation, PolicyAction Action, string? Filter, string? Condition, ImmutableArray<string>? Fields);

/// <param name="Mark">What was noted when it was made.</param>
/// <param name="State">What it is now.</param>
internal sealed record RowPolicy(uint Relation, string Name, string Mark, string State);

/// <param name="Relation">A table, view or sequence.</param>
/// <param name="Column">Null for the whole of it.</param>
/// <param name="Role">The PostgreSQL role.</param>
internal sealed record Grant(uint Relation, string? Column, string Privilege, string Role);

/// <summary>A sequence that a column of the table takes its values from.</summary>
internal sealed record SequenceRow(uint Relation, uint Oid, string SqlName);
