using Socle.Catalog;
using Socle.Kernel;

namespace Socle.Host;

/// <summary>What a person at the terminal is told when the server is ready; the JSON log is for machines.</summary>
internal static class Greeting
{
    private static readonly Text FirstAdmin = new(
        "There is no administrator yet. Become the first one, within 24 hours, at:",
        "Il n'y a pas encore d'administrateur. Devenez le premier, dans les 24 heures, à :");

    /// <param name="setup">Where the first administrator makes their account; null when there is one.</param>
    public static void Print(ServerOptions options, CatalogSnapshot catalog, Uri? setup)
    {
        var address = $"http://{options.Host}:{options.Port}";
        var first = catalog.FindTable("clients") ?? catalog.Tables.FirstOrDefault();
        Terminal.WriteLine($"Socle: {address}");
        if (first is not null)
            Terminal.WriteLine($"  curl '{address}/api/{first.Name}?limit=5'");
        if (setup is not null)
            Terminal.WriteLine($"  {FirstAdmin.In(Terminal.Language)}\n  {setup}");
    }
}
