using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Socle.Kernel;

namespace Socle.Access;

/// <summary>
/// What everything is signed and encrypted with: SECRET_KEY, or the one that was made and kept in the data folder.
/// Gives keys of their own for each purpose; refuses what is no secret, with the reason.
/// </summary>
public sealed class SecretKey
{
    private const string FileName = "secret-key";
    private const int RandomBytes = 48;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly byte[] _material;

    private SecretKey(string text) => _material = Encoding.UTF8.GetBytes(text);

    /// <param name="setting">The text of SECRET_KEY; null takes the file of the data folder, or makes it.</param>
    /// <param name="dataFolder">Made when missing; not touched when there is a setting.</param>
    public static Result<SecretKey> Open(string? setting, string dataFolder)
    {
        if (setting is not null)
            return Placeholders.Find(setting) is { } fault ? fault : new SecretKey(setting);
        var path = Path.Combine(dataFolder, FileName);
        try
        {
            return Read(path) ?? Make(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new Fault(
                FaultCode.InvalidConfiguration,
                $"{path} can be neither read nor made. Check the folder's permissions, or set SECRET_KEY.",
                $"{path} ne peut être ni lu ni créé. Vérifiez les droits du dossier, ou renseignez SECRET_KEY.",
                "DATA_DIR");
        }
    }

    /// <summary>Why a text is no SECRET_KEY; null when it may be one.</summary>
    public static Fault? Refuse(string setting) => Placeholders.Find(setting);

    /// <summary>HKDF with SHA-256 (RFC 5869): the same bytes for the same purpose, that say nothing of those for another.</summary>
    public byte[] Derive(string purpose, int bytes) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _material, bytes, salt: null, info: Encoding.UTF8.GetBytes($"socle {purpose}"));

    /// <summary>Null when there is no file.</summary>
    private static Result<SecretKey>? Read(string path)
    {
        if (!File.Exists(path))
            return null;
        // One that came back from a copy may be readable by others.
        if (File.GetUnixFileMode(path) != OwnerOnly)
            File.SetUnixFileMode(path, OwnerOnly);
        var text = File.ReadAllText(path).Trim();
        return Placeholders.Find(text) is null ? new SecretKey(text) : new Fault(
            FaultCode.InvalidConfiguration,
            $"{path} holds no usable key. Bring it back from a backup; or remove it to get a new one, after which everybody must sign in and set up their second factor again.",
            $"{path} ne contient pas de clé utilisable. Reprenez-le d'une sauvegarde ; ou supprimez-le pour en obtenir une nouvelle, après quoi chacun devra se reconnecter et réinstaller son second facteur.",
            "DATA_DIR");
    }

    /// <summary>Written whole beside its place, then linked into it where none is: of two servers that start at once, both take the first one's.</summary>
    private static Result<SecretKey> Make(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var draft = $"{path}.{Guid.NewGuid():n}";
        try
        {
            using (var file = new FileStream(draft, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly }))
            {
                file.Write(Encoding.ASCII.GetBytes(Convert.ToBase64String(RandomNumberGenerator.GetBytes(RandomBytes)) + "\n"));
                file.Flush(flushToDisk: true);
            }

            // File.Move would look first and then replace. That another server was first is no error: its key is read below.
            _ = link(draft, path);
        }
        finally
        {
            File.Delete(draft);
        }

        return Read(path) ?? throw new IOException($"{path} could not be made.");
    }

    /// <summary>link(2): never replaces what is there.</summary>
    [DllImport("libc", SetLastError = true)]
    private static extern int link([MarshalAs(UnmanagedType.LPUTF8Str)] string existing, [MarshalAs(UnmanagedType.LPUTF8Str)] string made);
}
