using System.Collections.Immutable;
using Npgsql;
using Socle.Kernel;
using Socle.Policies;

namespace Socle.Blueprints;

/// <summary>
/// Puts a blueprint's policies into force in the transaction that changed the tables, so that nobody ever sees the one without the
/// other. Refuses with the line of each policy that does not hold.
/// </summary>
internal static class AccessEnforcement
{
    public static async Task<ImmutableArray<Fault>> Enforce(NpgsqlConnection connection, Blueprint blueprint, CancellationToken cancellation)
    {
        var secured = await Securing.RunAfterChange(connection, isAsked: blueprint.GovernsAccess, cancellation);
        if (secured.IsFault)
            return secured.Faults;
        return
        [
            .. from policy in blueprint.Policies
               from rule in policy.Rules
               from problem in secured.Value
               where problem.Rule.Role == policy.Role && problem.Rule.Table.Names.Relation == policy.Table && problem.Rule.Action == rule.Action
               from reason in problem.Faults
               select new Fault(FaultCode.InvalidBlueprint, reason.Message, $"policies.{policy.Role}.{policy.Table}.{rule.Action.ToString().ToLowerInvariant()}", rule.Line),
        ];
    }
}
