using Socle.Catalog;

namespace Socle.Host;

/// <summary>What a person at the terminal is told when the server is ready; the JSON log is for machines.</summary>
internal static class Greeting
{
    public static void Print(ServerOptions options, CatalogSnapshot catalog)
    {
        var address = $"http://{options.Host}:{options.Port}";
        var first = catalog.FindTable("clients") ?? catalog.Tables.FirstOrDefault();
        Terminal.WriteLine($"Socle: {address}");
        if (first is not null)
            Terminal.WriteLine($"  curl '{address}/api/{first.Name}?limit=5'");
    }
}
