using System.Security.Cryptography;

namespace Socle.Postgres.Cluster;

/// <summary>The password of the cluster's superuser, kept beside it in a file that only its owner can read.</summary>
internal static class ClusterPassword
{
    /// <summary>Null when there is none (yet).</summary>
    public static string? Find(ClusterFolder folder)
    {
        try
        {
            return File.ReadAllText(folder.Password).Trim() is { Length: > 0 } password ? password : null;
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Hexadecimal, so that it needs no quoting anywhere.</summary>
    public static string Generate() => RandomNumberGenerator.GetHexString(48, lowercase: true);

    /// <summary>Written whole or not at all.</summary>
    public static void Store(ClusterFolder folder, string password)
    {
        Directory.CreateDirectory(folder.Secrets, ClusterFolder.OwnerOnly);
        File.SetUnixFileMode(folder.Secrets, ClusterFolder.OwnerOnly);
        var draft = folder.Password + ".new";
        File.Delete(draft);
        Write(draft, password);
        File.Move(draft, folder.Password, overwrite: true);
    }

    /// <summary>Into a file that must not exist, readable by its owner alone from its first byte on.</summary>
    public static void Write(string path, string password)
    {
        using var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        file.Write(System.Text.Encoding.ASCII.GetBytes(password + "\n"));
        file.Flush(flushToDisk: true);
    }
}
