using System.Net.Sockets;
using Npgsql;
using Socle.Kernel;

namespace Socle.Postgres;

/// <summary>A database that is away, or went away in the middle, and may come back.</summary>
public static class Absence
{
    public static Fault Fault { get; } = new(
        FaultCode.DatabaseUnavailable,
        "The database does not answer just now. Try again in a few seconds; nothing was lost.",
        "La base de données ne répond pas pour l'instant. Réessayez dans quelques secondes ; rien n'est perdu.");

    public static bool Is(Exception exception) => exception switch
    {
        PostgresException { SqlState: var state } => state is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown
            or PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.DatabaseDropped or PostgresErrorCodes.TooManyConnections,
        // One that dies while it answers surfaces as any of these.
        NpgsqlException or TimeoutException or SocketException or IOException or ObjectDisposedException => true,
        _ => false,
    };
}
