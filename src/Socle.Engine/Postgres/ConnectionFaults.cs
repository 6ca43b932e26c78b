using Npgsql;
using Socle.Kernel;

namespace Socle.Postgres;

/// <summary>Why a database that answers will not do, in words that say what to do; null for anything else.</summary>
public static class ConnectionFaults
{
    public static Fault? Find(Exception exception) => exception is not PostgresException { SqlState: var state } ? null : state switch
    {
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification => new(
            FaultCode.InvalidConfiguration,
            "PostgreSQL refuses the user or the password of DATABASE_URL. Check both.",
            "PostgreSQL refuse l'utilisateur ou le mot de passe de DATABASE_URL. Vérifiez les deux.",
            "DATABASE_URL"),
        PostgresErrorCodes.InvalidCatalogName => new(
            FaultCode.InvalidConfiguration,
            "The database that DATABASE_URL names does not exist on that server. Create it first.",
            "La base que nomme DATABASE_URL n'existe pas sur ce serveur. Créez-la d'abord.",
            "DATABASE_URL"),
        PostgresErrorCodes.InsufficientPrivilege => new(
            FaultCode.InvalidConfiguration,
            "The database user may not create what Socle needs. Make it the owner of the database, or grant it CREATE on the database and on the schema public.",
            "L'utilisateur de la base ne peut pas créer ce dont Socle a besoin. Rendez-le propriétaire de la base, ou donnez-lui CREATE sur la base et sur le schéma public.",
            "DATABASE_URL"),
        PostgresErrorCodes.ReadOnlySqlTransaction => new(
            FaultCode.InvalidConfiguration,
            "The database only allows reading (a standby?). Point DATABASE_URL at the primary.",
            "La base n'autorise que la lecture (un réplica ?). Faites pointer DATABASE_URL vers le primaire.",
            "DATABASE_URL"),
        _ => null,
    };
}
