using System.Reflection;
using System.Text;
using Socle.Kernel;

namespace Socle.Blueprints;

/// <summary>Finds a blueprint by the name of one that comes with Socle, or by the path of a file.</summary>
public static class BlueprintLibrary
{
    private const string Folder = "blueprints/";
    private const string Extension = ".yaml";
    private const long LargestFile = 4 * 1024 * 1024;

    /// <summary>The names of the blueprints that come with Socle.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. from resource in Assembly.GetExecutingAssembly().GetManifestResourceNames()
           where resource.StartsWith(Folder, StringComparison.Ordinal)
           orderby resource
           select resource[Folder.Length..^Extension.Length],
    ];

    public static Result<Blueprint> Find(string nameOrFile)
    {
        if (Names.Contains(nameOrFile))
            return BlueprintReader.Read(ReadResource(nameOrFile), nameOrFile + Extension);
        if (File.Exists(nameOrFile))
            return ReadFile(nameOrFile);
        var known = string.Join(", ", Names);
        return new Fault(
            FaultCode.InvalidBlueprint,
            $"There is no blueprint '{nameOrFile}' and no such file. Blueprints that come with Socle: {known}.",
            $"Il n'y a ni blueprint « {nameOrFile} » ni fichier de ce nom. Blueprints fournis avec Socle : {known}.");
    }

    private static Result<Blueprint> ReadFile(string path)
    {
        try
        {
            if (new FileInfo(path).Length > LargestFile)
                return Unreadable(path, new("it is too large", "il est trop gros"));
            return BlueprintReader.Read(File.ReadAllText(path, new UTF8Encoding(false, throwOnInvalidBytes: true)), Path.GetFileName(path));
        }
        catch (DecoderFallbackException)
        {
            return Unreadable(path, new("it is not UTF-8 text", "ce n'est pas du texte UTF-8"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Unreadable(path, new("look at its permissions", "vérifiez ses droits d'accès"));
        }
    }

    private static Fault Unreadable(string path, Text reason) => new(
        FaultCode.InvalidBlueprint,
        $"The file '{path}' cannot be read: {reason.English}.",
        $"Le fichier « {path} » ne peut pas être lu : {reason.French}.");

    private static string ReadResource(string name)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(Folder + name + Extension)!);
        return reader.ReadToEnd();
    }
}
