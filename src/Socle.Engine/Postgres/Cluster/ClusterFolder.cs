using System.Text;
using Socle.Kernel;

namespace Socle.Postgres.Cluster;

/// <summary>
/// The places inside a data folder. Makes the folder when there is none. Refuses a folder that cannot be
/// made, one whose socket no client could reach, and one in which <c>postgres</c> is something else.
/// </summary>
internal sealed record ClusterFolder(string Data, int? Major)
{
    public const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>The longest address of a socket (<c>sun_path</c>, less its final zero).</summary>
    private const int LongestSocketPath = 107;

    /// <summary>PGDATA.</summary>
    public string Cluster => Path.Combine(Data, "postgres");

    /// <summary>Where a new cluster is made, before it takes its place in one step.</summary>
    public string Draft => Path.Combine(Data, "postgres.new");

    public string Secrets => Path.Combine(Data, "secrets");

    public string Password => Path.Combine(Secrets, "postgres");

    public string Lock => Path.Combine(Data, "socle.lock");

    public string ProcessId => Path.Combine(Data, "socle.pid");

    public string Socket => Path.Combine(Cluster, ".s.PGSQL.5432");

    public static Result<ClusterFolder> Open(string dataFolder)
    {
        var folder = new ClusterFolder(Path.GetFullPath(dataFolder), Major: null);
        if (folder.CheckSocket() is { } fault)
            return fault;
        try
        {
            if (!Directory.Exists(folder.Data))
                Directory.CreateDirectory(folder.Data, OwnerOnly);
            return folder.ReadMajor();
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return folder.NotWritable(refused);
        }
    }

    public Fault NotWritable(Exception refused) => refused switch
    {
        UnauthorizedAccessException => new(
            FaultCode.InvalidConfiguration,
            $"The data folder {Data} is not open to the user {Environment.UserName}. Give it to this user (chown -R {Environment.UserName} {Data}) or choose another folder.",
            $"Le dossier de données {Data} n'est pas ouvert à l'utilisateur {Environment.UserName}. Donnez-le à cet utilisateur (chown -R {Environment.UserName} {Data}) ou choisissez un autre dossier."),
        _ => new(
            FaultCode.InvalidConfiguration,
            $"The data folder {Data} cannot be written ({refused.Message}). Free or repair the disk, or choose another folder.",
            $"Le dossier de données {Data} ne peut pas être écrit ({refused.Message}). Libérez ou réparez le disque, ou choisissez un autre dossier."),
    };

    private Result<ClusterFolder> ReadMajor()
    {
        if (!Directory.Exists(Cluster) || !Directory.EnumerateFileSystemEntries(Cluster).Any())
            return this;
        var version = Path.Combine(Cluster, "PG_VERSION");
        if (File.Exists(version) && int.TryParse(File.ReadAllText(version), out var major))
            return this with { Major = major };
        return new Fault(
            FaultCode.InvalidConfiguration,
            $"{Cluster} holds files but is not a PostgreSQL data folder (no PG_VERSION). Move it away, or restore it whole.",
            $"{Cluster} contient des fichiers mais n'est pas un dossier de données PostgreSQL (pas de PG_VERSION). Déplacez-le, ou restaurez-le en entier.");
    }

    private Fault? CheckSocket()
    {
        var tooLong = Encoding.UTF8.GetByteCount(Socket) - LongestSocketPath;
        if (tooLong > 0)
        {
            return new(
                FaultCode.InvalidConfiguration,
                $"The path of the data folder is {tooLong} bytes too long for a Unix socket inside it. Choose a shorter one, such as /var/lib/socle.",
                $"Le chemin du dossier de données est trop long de {tooLong} octets pour y placer une socket Unix. Choisissez-en un plus court, par exemple /var/lib/socle.");
        }

        return Data.Contains(',', StringComparison.Ordinal)
            ? new(
                FaultCode.InvalidConfiguration,
                "The path of the data folder holds a comma, which separates servers in PostgreSQL's connection settings. Choose a path without one.",
                "Le chemin du dossier de données contient une virgule, qui sépare les serveurs dans les réglages de connexion de PostgreSQL. Choisissez un chemin sans virgule.")
            : null;
    }
}
