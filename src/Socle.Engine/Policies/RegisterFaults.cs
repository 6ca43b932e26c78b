using Socle.Kernel;

namespace Socle.Policies;

/// <summary>What is refused when roles and policies are changed, in words.</summary>
internal static class RegisterFaults
{
    public static Fault Adopted() => new(
        FaultCode.Conflict,
        "An adopted database keeps its own rights: the built-in roles hold there, and no policies.",
        "Une base adoptée garde ses propres droits : les rôles prédéfinis y valent, et aucune règle.");

    public static Fault NoSuchRole(string name) => new(
        FaultCode.NotFound,
        $"There is no role '{name}'. GET /api/roles lists them.",
        $"Il n'y a pas de rôle « {name} ». GET /api/roles les liste.",
        "role");

    public static Fault RoleExists(string name) => new(
        FaultCode.UniqueViolation,
        $"There is a role '{name}' already.",
        $"Il y a déjà un rôle « {name} ».",
        "name");

    public static Fault RoleName() => new(
        FaultCode.InvalidValue,
        "'name' must be small letters a-z, digits and _, beginning with a letter, 41 at most.",
        "« name » doit être fait de minuscules a-z, chiffres et _, commençant par une lettre, 41 au plus.",
        "name");

    public static Fault AdminStays() => new(
        FaultCode.Conflict,
        "The role 'admin' may do everything, and that cannot be changed.",
        "Le rôle « admin » peut tout faire, et cela ne se change pas.",
        "role");

    public static Fault BuiltIn(string name) => new(
        FaultCode.Conflict,
        $"The role '{name}' is built in and stays. Take its policies away instead.",
        $"Le rôle « {name} » est prédéfini et reste. Retirez plutôt ses règles.");

    public static Fault RoleInUse(string name) => new(
        FaultCode.StillReferenced,
        $"Accounts or API keys still have the role '{name}'. Give them another one first.",
        $"Des comptes ou des clés d'API ont encore le rôle « {name} ». Donnez-leur d'abord un autre rôle.");

    public static Fault NoSuchPolicy() => new(
        FaultCode.NotFound,
        "There is no such policy. GET /api/policies lists them.",
        "Il n'y a pas de telle règle. GET /api/policies les liste.");

    public static Fault PolicyExists(PolicyRule rule) => new(
        FaultCode.UniqueViolation,
        $"The role '{rule.Role}' has a policy already for this on '{rule.Table.Name}'. Change that one with PATCH.",
        $"Le rôle « {rule.Role} » a déjà une règle pour cela sur « {rule.Table.Name} ». Modifiez-la avec PATCH.",
        "action");
}
