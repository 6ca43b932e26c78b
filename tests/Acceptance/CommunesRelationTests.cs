using System.Net;
using System.Text.Json.Nodes;
using Socle.Tests.Acceptance.Running;

namespace Socle.Tests.Acceptance;

/// <summary>Embedded tables and aggregates over the real input, compared with the package's own JSON.</summary>
[Collection<ServerWithCommunes>]
public sealed class CommunesRelationTests(ServerWithCommunes fixture)
{
    private AdministrativeMap Map => fixture.Map;

    [Fact]
    public async Task A_commune_embeds_its_district_department_and_region()
    {
        var records = await Get("communes?select=code,arrondissements(nom,departements(nom,regions(nom)))&departement=eq.25&type=eq.commune-actuelle");

        var communes = Map.Communes.Where(commune => Text(commune, "departement") == "25" && Text(commune, "type") == "commune-actuelle").ToDictionary(commune => Text(commune, "code"));
        Assert.Equal(communes.Count, records.Count);
        Assert.All(records, record => Assert.Equal(
            (Name(Map.Arrondissements, Text(communes[Text(record!, "code")], "arrondissement")), "Doubs", "Bourgogne-Franche-Comté"),
            (Text(record!["arrondissements"]!, "nom"), Text(record["arrondissements"]!["departements"]!, "nom"), Text(record["arrondissements"]!["departements"]!["regions"]!, "nom"))));
    }

    [Fact]
    public async Task A_region_embeds_three_levels_down()
    {
        var region = Assert.Single(await Get("regions?select=nom,departements(code,arrondissements(code,communes(code,nom)))&code=eq.94"))!;

        // Corsica.
        Assert.Equal(
            Map.Communes.Where(commune => Text(commune, "region") == "94").Select(commune => $"{Text(commune, "departement")} {Text(commune, "arrondissement")} {Text(commune, "code")} {Text(commune, "nom")}").Order(StringComparer.Ordinal),
            from departement in region["departements"]!.AsArray()
            from arrondissement in departement["arrondissements"]!.AsArray()
            from commune in arrondissement["communes"]!.AsArray()
            orderby $"{Text(departement, "code")} {Text(arrondissement, "code")} {Text(commune, "code")} {Text(commune, "nom")}"
            select $"{Text(departement, "code")} {Text(arrondissement, "code")} {Text(commune, "code")} {Text(commune, "nom")}");
    }

    [Fact]
    public async Task Aggregates_by_department_equal_those_of_the_package()
    {
        var records = await Get("communes?select=departement,count(),total:population.sum(),population.max(),least:population.min()&order=departement");

        Assert.Equal(
            Map.Communes.GroupBy(commune => Text(commune, "departement")).Select(group => (group.Key, group.Count(), Sum(group), group.Max(Population), group.Min(Population))).OrderBy(row => row.Key, StringComparer.Ordinal),
            records.Select(record => (Text(record!, "departement"), (int)record!["count"]!, (long?)record["total"], (long?)record["max"], (long?)record["least"])));
    }

    [Fact]
    public async Task Aggregates_inside_an_embedded_table_equal_those_of_the_package()
    {
        var records = await Get("departements?select=code,communes(count(),population.sum())&communes.type=eq.commune-actuelle&order=code");

        var communes = Map.Communes.Where(commune => Text(commune, "type") == "commune-actuelle").ToLookup(commune => Text(commune, "departement"));
        Assert.Equal(
            Map.Departements.Select(departement => Text(departement, "code")).Order(StringComparer.Ordinal).Select(code => (code, communes[code].Count(), Sum(communes[code]))),
            records.Select(record => (Text(record!, "code"), (int)record!["communes"]![0]!["count"]!, (long?)record["communes"]![0]!["sum"])));
    }

    [Fact]
    public async Task An_inner_embed_keeps_only_departments_with_a_large_town()
    {
        var records = await Get("departements?select=code,communes!inner(nom)&communes.population=gt.200000&communes.type=eq.commune-actuelle&communes.order=population.desc");

        Assert.Equal(
            Map.Communes.Where(commune => Population(commune) > 200_000 && Text(commune, "type") == "commune-actuelle")
                .GroupBy(commune => Text(commune, "departement"))
                .Select(group => $"{group.Key}: {string.Join(", ", group.OrderByDescending(Population).Select(commune => Text(commune, "nom")))}")
                .Order(StringComparer.Ordinal),
            records.Select(record => $"{Text(record!, "code")}: {string.Join(", ", record!["communes"]!.AsArray().Select(commune => Text(commune!, "nom")))}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_spread_brings_the_names_of_the_department_and_the_region()
    {
        var records = await Get("communes?select=nom,...departements(departement:nom,...regions(region:nom))&population=gt.400000&order=departements(nom)");

        Assert.Equal(
            Map.Communes.Where(commune => Population(commune) > 400_000)
                .Select(commune => (Text(commune, "nom"), Name(Map.Departements, Text(commune, "departement")), Name(Map.Regions, Text(commune, "region"))))
                .OrderBy(row => row.Item2, StringComparer.Ordinal),
            records.Select(record => (Text(record!, "nom"), Text(record!, "departement"), Text(record!, "region"))));
    }

    private async Task<JsonArray> Get(string address) => (await fixture.Server.Http.Get($"/api/{address}")).Expect(HttpStatusCode.OK).Records;

    private static string Name(JsonObject[] records, string code) => Text(records.Single(record => Text(record, "code") == code), "nom");

    private static string Text(JsonNode? record, string field) => (string?)record![field] ?? "";

    private static long? Population(JsonNode commune) => (long?)commune["population"];

    /// <summary>As SQL adds: nothing at all gives null.</summary>
    private static long? Sum(IEnumerable<JsonObject> communes) => communes.Select(Population).Where(population => population is not null) is var known && known.Any() ? known.Sum() : null;
}
