using Socle.Host;

namespace Socle.Doctor;

/// <summary>Secrets that others on the machine can read, and a disk that is nearly full.</summary>
internal static class FolderFindings
{
    private const long LeastFree = 1L << 30;

    /// <summary>Who may not look into a folder is told so when the database is opened.</summary>
    private static readonly EnumerationOptions WhatMayBeSeen = new() { IgnoreInaccessible = true };

    public static IEnumerable<Finding> Find(string dataFolder)
    {
        foreach (var file in SecretFiles(dataFolder).Where(IsOpenToOthers))
        {
            yield return Finding.Warning(
                $"Everybody on this machine can read {file}, which holds secrets: chmod 600 {file}",
                $"Tout le monde sur cette machine peut lire {file}, qui contient des secrets : chmod 600 {file}");
        }

        if (FindDrive(dataFolder) is { AvailableFreeSpace: < LeastFree } drive)
        {
            yield return Finding.Warning(
                $"Less than {(drive.AvailableFreeSpace >> 20) + 1} MB are free where {dataFolder} lies. PostgreSQL stops when there is no space left: make room.",
                $"Il reste moins de {(drive.AvailableFreeSpace >> 20) + 1} Mo là où se trouve {dataFolder}. PostgreSQL s'arrête quand il n'y a plus de place : libérez-en.");
        }
    }

    /// <summary>What Socle keeps, and where people keep its settings.</summary>
    private static IEnumerable<string> SecretFiles(string dataFolder)
    {
        var secrets = new DirectoryInfo(Path.Combine(dataFolder, "secrets"));
        return new[] { Path.GetFullPath(".env"), Path.Combine(dataFolder, "secret-key"), AdoptedDatabase.PathIn(dataFolder) }
            .Concat(secrets.Exists ? secrets.EnumerateFiles("*", WhatMayBeSeen).Select(file => file.FullName) : []);
    }

    private static bool IsOpenToOthers(string file) => File.Exists(file) && File.GetUnixFileMode(file).HasFlag(UnixFileMode.OtherRead) && AreFoldersOpen(file);

    /// <summary>A file in a folder that others may not enter is out of their reach.</summary>
    private static bool AreFoldersOpen(string file)
    {
        for (var folder = new FileInfo(file).Directory; folder is not null; folder = folder.Parent)
        {
            if (!folder.UnixFileMode.HasFlag(UnixFileMode.OtherExecute))
                return false;
        }

        return true;
    }

    /// <summary>The folder may not be there yet.</summary>
    private static DriveInfo? FindDrive(string dataFolder)
    {
        var folder = new DirectoryInfo(dataFolder);
        while (folder is { Exists: false })
            folder = folder.Parent;
        return folder is null ? null : new DriveInfo(folder.FullName);
    }
}
