using System.Collections.Frozen;
using System.Collections.Immutable;
using Socle.Kernel;

namespace Socle.Catalog;

/// <summary>
/// Who may do what, read together with the tables. In a database that holds Socle's own schema its policies say it, and
/// PostgreSQL enforces the same; elsewhere the built-in roles may do to every table what they may to a new one.
/// </summary>
/// <param name="roles">Every role there is.</param>
/// <param name="policies">What each role may do to the table of that schema and name; null where there are no policies.</param>
/// <param name="asksWhoElsewhere">Whether the database asks who the caller is in what is not a policy of ours: in a view, a function, somebody's own policy.</param>
public sealed class AccessRules(IEnumerable<RoleSnapshot> roles, IReadOnlyCollection<Policy>? policies, bool asksWhoElsewhere = false)
{
    /// <summary>How the names of the functions begin that tell PostgreSQL who asks.</summary>
    private const string WhoFunctions = "socle_system.caller_";


    private readonly FrozenDictionary<string, RoleSnapshot> _roles = roles.ToFrozenDictionary(role => role.Name);
    private readonly FrozenSet<string> _askingRoles =
        (policies ?? []).Where(policy => policy.Condition?.Contains(WhoFunctions, StringComparison.Ordinal) == true).Select(policy => policy.Role).ToFrozenSet();

    private readonly ILookup<(string Role, string Table), Policy>? _policies = policies?.ToLookup(policy => (policy.Role, policy.Table));

    /// <summary>The roles that there are everywhere, as the first file of the system schema has them.</summary>
    public static AccessRules BuiltIn { get; } = new(
        [
            new(Caller.Admin, new("Administrator", "Administrateur"), IsAdmin: true, MayUndo: true, []),
            new("manager", new("Manager", "Responsable"), IsAdmin: false, MayUndo: true, [PolicyAction.Read, PolicyAction.Create, PolicyAction.Update, PolicyAction.Delete]),
            new("member", new("Member", "Membre"), IsAdmin: false, MayUndo: false, [PolicyAction.Read, PolicyAction.Create, PolicyAction.Update]),
            new("viewer", new("Viewer", "Lecteur"), IsAdmin: false, MayUndo: false, [PolicyAction.Read]),
        ],
        policies: null);

    /// <summary>Whether PostgreSQL judges too, so that every statement must say as whom it runs.</summary>
    public bool IsEnforced => _policies is not null;

    public IEnumerable<RoleSnapshot> Roles => _roles.Values;

    public RoleSnapshot? FindRole(string? name) => name is null ? null : _roles.GetValueOrDefault(name);

    /// <summary>As which database role the caller's statements run; null for the server's own user.</summary>
    public string? DatabaseRoleOf(Caller caller) => caller.IsOperator || !IsEnforced ? null : _roles[caller.Role!].DatabaseRole;

    /// <summary>Where PostgreSQL asks who the caller is, beyond their role.</summary>
    public AskingWho FindAskingWho(Caller caller) =>
        asksWhoElsewhere ? AskingWho.Anywhere : caller.Role is { } role && _askingRoles.Contains(role) ? AskingWho.InPolicies : AskingWho.Nowhere;

    public TableRights RightsOf(RoleSnapshot role, TableName table)
    {
        if (role.IsAdmin)
            return TableRights.All;
        var allowed = _policies is null
            ? role.DefaultActions.Select(action => new Policy(role.Name, table.Qualified, action, null, null))
            : _policies[(role.Name, table.Qualified)];
        return new TableRights(allowed.ToFrozenDictionary(policy => policy.Action));
    }
}

/// <summary>Where PostgreSQL asks who the caller is: nowhere, in the policies that we compiled, or also in views, functions and policies of somebody's own.</summary>
public enum AskingWho
{
    Nowhere,
    InPolicies,
    Anywhere,
}

public enum PolicyAction
{
    Read,
    Create,
    Update,
    Delete,
}

/// <param name="DefaultActions">What it may do to a table when that is first seen.</param>
/// <param name="MayUndo">Whether it may look at everybody's change sets and take them back.</param>
public sealed record RoleSnapshot(string Name, Text Label, bool IsAdmin, bool MayUndo, ImmutableArray<PolicyAction> DefaultActions)
{
    /// <summary>As which PostgreSQL knows it.</summary>
    public string DatabaseRole => $"socle_{Name}";
}

/// <summary>Lets one role do one thing to one table.</summary>
/// <param name="Table">Schema and name.</param>
/// <param name="Condition">SQL over the table's columns, each with the table's bare name before it, that its records must meet; null for every record.</param>
/// <param name="Fields">The columns that it may read, or write; null for all.</param>
public sealed record Policy(string Role, string Table, PolicyAction Action, string? Condition, FrozenSet<string>? Fields);

/// <summary>What one role may do to one table.</summary>
public sealed class TableRights(FrozenDictionary<PolicyAction, Policy> policies)
{
    public static TableRights All { get; } = new(Enum.GetValues<PolicyAction>().ToFrozenDictionary(action => action, action => new Policy(Caller.Admin, "", action, null, null)));

    public bool Allows(PolicyAction action) => policies.ContainsKey(action);

    /// <summary>Whether the action is allowed on every record.</summary>
    public bool AllowsEveryRecord(PolicyAction action) => policies.GetValueOrDefault(action) is { Condition: null };

    public bool AllowsField(PolicyAction action, string field) =>
        policies.GetValueOrDefault(action) is { } policy && policy.Fields?.Contains(field) != false;

    /// <summary>Whether the action is allowed on every field, those included that are still to come.</summary>
    public bool AllowsEveryField(PolicyAction action) => policies.GetValueOrDefault(action) is { Fields: null };

    /// <summary>The condition that the records must meet; null when there is none, and also when the action is not allowed at all.</summary>
    public string? ConditionOf(PolicyAction action) => policies.GetValueOrDefault(action)?.Condition;
}
