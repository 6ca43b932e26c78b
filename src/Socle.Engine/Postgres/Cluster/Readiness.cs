using System.Net.Sockets;
using Npgsql;
using Socle.Kernel;

namespace Socle.Postgres.Cluster;

internal enum ServerState
{
    /// <summary>Nobody listens (yet).</summary>
    Absent,

    /// <summary>It starts, recovers or stops, and says so.</summary>
    Recovering,
    Ready,

    /// <summary>It runs but will never let us in as we ask.</summary>
    Refusing,
}

/// <summary>Whether a server accepts connections: asks it once, and says why when it never will.</summary>
internal readonly record struct Readiness(ServerState State, Fault? Fault = null)
{
    public static Readiness Absent { get; } = new(ServerState.Absent);

    public static async Task<Readiness> Check(NpgsqlConnectionStringBuilder connection, CancellationToken cancel)
    {
        try
        {
            var settings = new NpgsqlConnectionStringBuilder(connection.ConnectionString) { Pooling = false, Timeout = 10 };
            await using var probe = new NpgsqlConnection(settings.ConnectionString);
            await probe.OpenAsync(cancel);
            return new(ServerState.Ready);
        }
        catch (PostgresException answer)
        {
            return answer.SqlState switch
            {
                PostgresErrorCodes.CannotConnectNow => new(ServerState.Recovering),
                PostgresErrorCodes.TooManyConnections => new(ServerState.Ready),
                PostgresErrorCodes.InvalidPassword => new(ServerState.Refusing, WrongPassword(connection)),
                _ => new(ServerState.Refusing, Refused(answer.SqlState)),
            };
        }
        catch (Exception away) when (away is NpgsqlException or SocketException or IOException or TimeoutException)
        {
            return Absent;
        }
    }

    private static Fault WrongPassword(NpgsqlConnectionStringBuilder connection)
    {
        var file = Path.Combine(Path.GetDirectoryName(connection.Host)!, "secrets", "postgres");
        return new(
            FaultCode.DatabaseUnavailable,
            $"The private PostgreSQL does not accept the password in {file}. Stop socle, delete that file and start again: a new password will be set.",
            $"Le PostgreSQL privé n'accepte pas le mot de passe de {file}. Arrêtez socle, supprimez ce fichier et relancez : un nouveau mot de passe sera défini.");
    }

    private static Fault Refused(string sqlState) => new(
        FaultCode.DatabaseUnavailable,
        $"The private PostgreSQL runs but refuses the connection (SQLSTATE {sqlState}). Its database socle or its role socle may have been removed, or pg_hba.conf changed: put them back.",
        $"Le PostgreSQL privé fonctionne mais refuse la connexion (SQLSTATE {sqlState}). Sa base socle ou son rôle socle ont pu être retirés, ou pg_hba.conf modifié : rétablissez-les.");
}
