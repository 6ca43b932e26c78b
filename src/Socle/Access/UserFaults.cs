using System.Collections.Immutable;
using Microsoft.AspNetCore.Identity;
using Npgsql;
using Socle.Kernel;

namespace Socle.Access;

/// <summary>Why an account cannot be as somebody wants it.</summary>
public static class UserFaults
{
    public static Fault LastAdmin { get; } = new(
        FaultCode.Conflict,
        "This is the last active administrator. Make somebody else an administrator first.",
        "C'est le dernier administrateur actif. Nommez d'abord un autre administrateur.");

    public static Fault ChangedMeanwhile { get; } = new(
        FaultCode.Conflict,
        "Somebody else changed this account at this moment. Try again.",
        "Quelqu'un d'autre modifie ce compte en ce moment. Réessayez.");

    public static Fault NotFound { get; } = new(
        FaultCode.NotFound,
        "There is no such account. GET /api/users lists them.",
        "Il n'y a pas de tel compte. GET /api/users les liste.");

    /// <summary>What the database refused, or null where it was something else.</summary>
    internal static Fault? Find(PostgresException exception, User user) => (exception.SqlState, exception.ConstraintName) switch
    {
        (PostgresErrorCodes.UniqueViolation, "uq_users_email") => new Fault(
            FaultCode.UniqueViolation,
            $"Somebody else has an account with the e-mail address {user.Email}.",
            $"Quelqu'un d'autre a un compte à l'adresse {user.Email}.",
            "email"),
        (PostgresErrorCodes.UniqueViolation, "uq_users_username") => new Fault(
            FaultCode.UniqueViolation,
            $"Somebody else is called {user.Username}.",
            $"Quelqu'un d'autre s'appelle {user.Username}.",
            "username"),
        (PostgresErrorCodes.ForeignKeyViolation, "fk_users_role") => UnknownRole(user.Role),
        _ => null,
    };

    public static Fault UnknownRole(string role) => new(
        FaultCode.UnknownReference,
        $"There is no role '{role}'. The built-in ones are admin, manager, member and viewer.",
        $"Il n'y a pas de rôle « {role} ». Ceux d'origine sont admin, manager, member et viewer.",
        "role");
}

/// <summary>A fault on its way through Identity.</summary>
internal sealed class FaultError : IdentityError
{
    public required Fault Fault { get; init; }

    public static IdentityResult Refuse(params IEnumerable<Fault> faults) =>
        IdentityResult.Failed([.. faults.Select(fault => new FaultError { Fault = fault, Code = fault.Code.ToString(), Description = fault.Message.English })]);

    /// <summary>Empty where it succeeded.</summary>
    public static ImmutableArray<Fault> FaultsOf(IdentityResult result) =>
        [.. result.Errors.Select(error => error is FaultError known ? known.Fault : throw new InvalidOperationException($"Identity refused on its own: {error.Code}"))];
}
