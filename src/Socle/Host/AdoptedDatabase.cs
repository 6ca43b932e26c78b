using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Socle.Kernel;

namespace Socle.Host;

/// <summary>The database that a data folder has adopted, as <c>adopted.json</c> in it says. The address may hold a password: only the owner reads it.</summary>
/// <param name="Url">Its address, in any form of DATABASE_URL.</param>
/// <param name="Schemas">The schemas to serve; empty for all.</param>
public sealed record AdoptedDatabase(string Url, ImmutableArray<string> Schemas)
{
    private const string FileName = "adopted.json";

    public static string PathIn(string dataFolder) => Path.Combine(dataFolder, FileName);

    /// <summary>Null where the folder has adopted none.</summary>
    public static Result<AdoptedDatabase?> Find(string dataFolder)
    {
        var path = PathIn(dataFolder);
        if (!File.Exists(path))
            return (AdoptedDatabase?)null;
        try
        {
            var found = JsonSerializer.Deserialize(File.ReadAllBytes(path), AdoptedDatabaseJson.Default.AdoptedDatabase);
            if (found is { Url.Length: > 0 })
                return found.Schemas.IsDefault ? found with { Schemas = [] } : found;
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            // Told below.
        }

        return new Fault(
            FaultCode.InvalidConfiguration,
            $"{path} cannot be read as the address of an adopted database. Run 'socle adopt' again, or remove the file.",
            $"{path} ne se lit pas comme l'adresse d'une base adoptée. Relancez « socle adopt », ou retirez le fichier.",
            "DATA_DIR");
    }

    /// <summary>Writes it beside the old one and then in its place, so that half of it is never read.</summary>
    public Fault? Save(string dataFolder)
    {
        var path = PathIn(dataFolder);
        try
        {
            Directory.CreateDirectory(dataFolder);
            File.Delete(path + ".new");
            using (var file = new FileStream(path + ".new", new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }))
                JsonSerializer.Serialize(file, this, AdoptedDatabaseJson.Default.AdoptedDatabase);
            File.Move(path + ".new", path, overwrite: true);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new Fault(
                FaultCode.InvalidConfiguration,
                $"{path} cannot be written. Check the folder's permissions, or choose another with --data.",
                $"{path} ne peut pas être écrit. Vérifiez les droits du dossier, ou choisissez-en un autre avec --data.",
                "DATA_DIR");
        }
    }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true)]
[JsonSerializable(typeof(AdoptedDatabase))]
internal sealed partial class AdoptedDatabaseJson : JsonSerializerContext;
