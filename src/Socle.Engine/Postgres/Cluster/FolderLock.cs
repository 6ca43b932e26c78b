using System.Globalization;
using Socle.Kernel;

namespace Socle.Postgres.Cluster;

/// <summary>
/// The right to run the cluster of a data folder: one process holds it at a time, and loses it by ending in whatever way,
/// because the kernel keeps it. Refused while another holds it, naming that process.
/// </summary>
internal sealed class FolderLock : IDisposable
{
    /// <summary>EWOULDBLOCK, which .NET passes on as it is.</summary>
    private const int HeldByAnother = 11;

    private readonly FileStream _file;

    private FolderLock(FileStream file) => _file = file;

    public static Result<FolderLock> Take(ClusterFolder folder)
    {
        try
        {
            var file = new FileStream(folder.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            File.WriteAllText(folder.ProcessId, Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n");
            return new FolderLock(file);
        }
        catch (IOException held) when (held.HResult == HeldByAnother)
        {
            var holder = ReadHolder(folder);
            return new Fault(
                FaultCode.Conflict,
                $"The data folder {folder.Data} is already served by {holder.English}. Stop that process first, or choose another data folder.",
                $"Le dossier de données {folder.Data} est déjà servi par {holder.French}. Arrêtez d'abord ce processus, ou choisissez un autre dossier de données.");
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return folder.NotWritable(refused);
        }
    }

    public void Dispose() => _file.Dispose();

    private static Text ReadHolder(ClusterFolder folder)
    {
        try
        {
            var process = int.Parse(File.ReadAllText(folder.ProcessId), CultureInfo.InvariantCulture);
            return new($"process {process}", $"le processus {process}");
        }
        catch (Exception unknown) when (unknown is IOException or UnauthorizedAccessException or FormatException or OverflowException)
        {
            return new("another process", "un autre processus");
        }
    }
}
