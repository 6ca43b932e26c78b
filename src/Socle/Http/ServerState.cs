using Socle.Kernel;

namespace Socle.Http;

/// <summary>Whether the server has its database and its catalog.</summary>
public sealed class ServerState
{
    private volatile bool _isReady;

    /// <summary>The program's version.</summary>
    public static string Version { get; } = typeof(ServerState).Assembly.GetName().Version!.ToString(3);

    public static Fault NotReady { get; } = new(
        FaultCode.DatabaseUnavailable,
        "The server is still starting: it waits for its database. Try again in a few seconds.",
        "Le serveur démarre encore : il attend sa base de données. Réessayez dans quelques secondes.");

    public bool IsReady => _isReady;

    public void SetReady() => _isReady = true;
}
