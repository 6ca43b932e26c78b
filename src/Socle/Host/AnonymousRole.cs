using Socle.Catalog;
using Socle.Kernel;

namespace Socle.Host;

/// <summary>Whether ANONYMOUS_ROLE is a role of this database: only the database knows its roles.</summary>
internal static class AnonymousRole
{
    public static Fault? Refuse(ServerOptions options, CatalogSnapshot catalog)
    {
        if (options.Access.AnonymousRole is not { } role || catalog.Access.FindRole(role) is not null)
            return null;
        var known = string.Join(", ", catalog.Access.Roles.Select(other => other.Name).Order(StringComparer.Ordinal));
        return new Fault(
            FaultCode.InvalidConfiguration,
            $"ANONYMOUS_ROLE is '{role}', which is no role here. Roles: {known}.",
            $"ANONYMOUS_ROLE vaut « {role} », qui n'est pas un rôle ici. Rôles : {known}.",
            "ANONYMOUS_ROLE");
    }
}
