namespace Socle.Tests.Blueprints;

/// <summary>The files of the repository that tests hold to their word.</summary>
internal static class Repository
{
    private static readonly string Root = FindRoot();

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Socle.slnx")))
            folder = folder.Parent;
        return folder.FullName;
    }
}
