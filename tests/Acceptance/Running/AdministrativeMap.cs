using System.Text.Json.Nodes;

namespace Socle.Tests.Acceptance.Running;

/// <summary>The administrative map of France, as npm gives the package @etalab/decoupage-administratif of communes/package-lock.json.</summary>
public sealed class AdministrativeMap
{
    private readonly string _folder;

    private AdministrativeMap(string folder)
    {
        _folder = folder;
        Regions = Read("regions");
        Departements = Read("departements");
        Arrondissements = Read("arrondissements");
        Epci = Read("epci");
        Communes = Read("communes");
    }

    public static string Blueprint { get; } = Path.Combine(SocleProgram.TestFolder, "communes", "communes.yaml");

    public JsonObject[] Regions { get; }

    public JsonObject[] Departements { get; }

    public JsonObject[] Arrondissements { get; }

    public JsonObject[] Epci { get; }

    /// <summary>Today's communes, those that were merged into them, and the districts of Paris, Lyon and Marseille.</summary>
    public JsonObject[] Communes { get; }

    public static async Task<AdministrativeMap> Install()
    {
        var folder = Path.Combine(SocleProgram.TestFolder, "communes");
        await Programs.Read("npm", "ci", "--prefix", folder, "--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts");
        return new AdministrativeMap(Path.Combine(folder, "node_modules", "@etalab", "decoupage-administratif", "data"));
    }

    private JsonObject[] Read(string name) =>
        [.. JsonNode.Parse(File.ReadAllText(Path.Combine(_folder, name + ".json")))!.AsArray().Select(node => node!.AsObject())];
}
