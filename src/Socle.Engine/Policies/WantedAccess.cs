using System.Collections.Immutable;
using Socle.Catalog;
using Socle.Postgres;

namespace Socle.Policies;

/// <summary>
/// What PostgreSQL shall enforce on one table. Takes what the policies say, gives row policies and grants. A role with no
/// policy gets neither, and so sees nothing.
/// </summary>
internal sealed class WantedAccess
{
    private readonly TableSnapshot _table;
    private readonly RelationRow _relation;
    private readonly List<SequenceRow> _sequences;

    /// <param name="table">The table as it is served.</param>
    /// <param name="relation">The same as PostgreSQL has it.</param>
    /// <param name="state">Roles and sequences.</param>
    /// <param name="policies">What may be done to the table.</param>
    /// <param name="hasInvokers">Whether this PostgreSQL lets a view look at its tables as whoever asks (15 and newer).</param>
    public WantedAccess(TableSnapshot table, RelationRow relation, AccessState state, IEnumerable<GivenPolicy> policies, bool hasInvokers)
    {
        (_table, _relation) = (table, relation);
        _sequences = [.. state.Sequences.Where(sequence => sequence.Relation == relation.Oid)];
        IsInvoker = relation.Kind == 'v' && hasInvokers && !relation.ReadsHidden;
        foreach (var role in state.Roles.Where(role => role.IsAdmin))
            AllowAll(DatabaseRoles.NameOf(role.Name));
        foreach (var policy in policies)
            Allow(policy.Row, policy.Condition);
    }

    public const string Everything = "true";

    public const string Nothing = "false";

    /// <summary>What is kept of a condition that PostgreSQL did not take.</summary>
    public const string Refused = "false /* refused */";

    /// <summary>Whether PostgreSQL can judge its rows one by one.</summary>
    public bool HasRowSecurity => _relation.Kind is 'r' or 'p';

    public bool IsInvoker { get; }

    public List<WantedPolicy> Policies { get; } = [];

    public HashSet<Grant> Grants { get; } = [];

    private void AllowAll(string role)
    {
        if (HasRowSecurity)
            Policies.Add(new WantedPolicy(null, $"{role}_all", "ALL", role, Everything));
        foreach (var action in Enum.GetValues<PolicyAction>())
            Grant(Privilege(action), role, null);
        GrantSequences(role);
    }

    private void Allow(PolicyRow policy, string condition)
    {
        var role = DatabaseRoles.NameOf(policy.Role);
        if (HasRowSecurity)
            Policies.Add(new WantedPolicy(policy, $"{role}_{policy.Action.ToString().ToLowerInvariant()}", Privilege(policy.Action), role, condition));
        else if (condition != Everything || (_relation.Kind == 'v' && !IsInvoker))
            // What has no row security is seen wholly or not at all; a view as its owner would show what policies hide.
            return;
        Grant(Privilege(policy.Action), role, policy.Action == PolicyAction.Delete ? null : policy.Fields);
        if (policy.Action == PolicyAction.Create)
            GrantSequences(role);
    }

    private void Grant(string privilege, string role, ImmutableArray<string>? fields)
    {
        if (_relation.Kind == 'm' && privilege != "SELECT")
            return;
        if (fields is not { } named)
        {
            Grants.Add(new Grant(_relation.Oid, null, privilege, role));
            return;
        }

        var columns = named.Where(name => _table.Fields.Any(field => field.Name == name && field.Way is null));
        if (privilege == "SELECT")
            columns = columns.Concat(_table.PrimaryKey.Select(field => field.Name)).Concat(_table.HasVersions ? ["xmin", "xmax", "ctid"] : []);
        foreach (var column in columns)
            Grants.Add(new Grant(_relation.Oid, column, privilege, role));
    }

    private void GrantSequences(string role)
    {
        foreach (var sequence in _sequences)
            Grants.Add(new Grant(sequence.Oid, null, "USAGE", role));
    }

    private static string Privilege(PolicyAction action) => action switch
    {
        PolicyAction.Read => "SELECT",
        PolicyAction.Create => "INSERT",
        PolicyAction.Update => "UPDATE",
        _ => "DELETE",
    };
}

/// <summary>A policy with what is made of it now.</summary>
internal sealed record GivenPolicy(PolicyRow Row, string Condition);

/// <param name="Row">Where its condition is kept; null for an administrator's.</param>
/// <param name="Command">SELECT, INSERT, UPDATE, DELETE or ALL.</param>
/// <param name="Condition">Which rows: SQL over the table's columns.</param>
internal sealed record WantedPolicy(PolicyRow? Row, string Name, string Command, string Role, string Condition);
