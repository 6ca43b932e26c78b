using System.Net;
using System.Text.Json.Nodes;
using Socle.Tests.Acceptance.Running;

namespace Socle.Tests.Acceptance;

/// <summary>Real input: every query's answer is compared with what the package's own JSON says.</summary>
[Collection<ServerWithCommunes>]
public sealed class CommunesTests(ServerWithCommunes fixture)
{
    private const string Accented = "ÀÂÇÈÉÊËÎÏÔÙÛÜŸàâçèéêëîïôùûüÿ";
    private const string Plain = "aaceeeeiiouuuyaaceeeeiiouuuy";

    private AdministrativeMap Map => fixture.Map;

    [Fact]
    public async Task Every_commune_comes_back_as_it_was_sent()
    {
        var expected = Map.Communes.ToDictionary(Key);
        for (var offset = 0; offset < expected.Count; offset += 1000)
        {
            foreach (var record in (await Get($"order=code,type&offset={offset}")).Records.Select(record => record!.AsObject()))
            {
                Assert.True(expected.Remove(Key(record), out var sent), $"{Key(record)} comes twice");
                Assert.All(record, field => Assert.True(
                    sent.ContainsKey(field.Key) ? JsonNode.DeepEquals(sent[field.Key], field.Value) : field.Value is null || field.Key is "id" or "departementId" or "arrondissementId" or "brut" or "createdAt" or "updatedAt",
                    $"{Key(record)}: {field.Key} is {field.Value}"));
                Assert.True(JsonNode.DeepEquals(sent, record["brut"]), $"{Key(record)}: brut is {record["brut"]}");
            }

            if (offset + 1000 >= Map.Communes.Length)
                Assert.Empty(expected);
        }
    }

    [Theory]
    [InlineData("besancon")]
    [InlineData("BESANÇON")]
    [InlineData("saint-etienne")]
    [InlineData("coeur")]
    [InlineData("Œuil")]
    [InlineData("l'hay")]
    [InlineData("HAŸ")]
    public Task Search_ignores_accents_ligatures_and_case(string words) =>
        Same(commune => Fold(Text(commune, "nom")).Contains(Fold(words), StringComparison.Ordinal), $"q={Uri.EscapeDataString(words)}");

    [Fact]
    public Task Search_wants_every_word() =>
        Same(commune => Fold(Text(commune, "nom")) is var name && name.Contains("saint", StringComparison.Ordinal) && name.Contains("etienne", StringComparison.Ordinal) && name.Contains("bois", StringComparison.Ordinal), "q=bois etienne saint");

    [Theory]
    [InlineData("nom=ilike.*Évr*", "évr")]
    [InlineData("nom=ilike.*éVR*", "évr")]
    [InlineData("nom=ilike.*ŒUVRE*", "œuvre")]
    public Task Patterns_know_the_case_of_accented_letters(string query, string part) =>
        Same(commune => Text(commune, "nom").Contains(part, StringComparison.OrdinalIgnoreCase), query);

    [Fact]
    public Task Lists_take_names_with_apostrophes_and_commas() =>
        Same(commune => Text(commune, "nom") is "L'Haÿ-les-Roses" or "Y" or "Évry", """nom=in.("L'Haÿ-les-Roses",Y,Évry,"non, existe")""");

    [Theory]
    [InlineData("codesPostaux=cs.{75001}", "75001")]
    [InlineData("codes_postaux=ov.{75001,13001,98741}", "75001", "13001", "98741")]
    public Task Arrays_are_searched_by_their_members(string query, params string[] codes) =>
        Same(commune => Members(commune, "codesPostaux").Intersect(codes).Any(), query);

    [Fact]
    public Task An_array_is_contained_in_another() =>
        Same(commune => Members(commune, "anciensCodes") is { Length: > 0 } old && old.All(code => code is "01015" or "01340" or "01025"), "anciensCodes=cd.{01015,01340,01025}");

    [Theory]
    [InlineData("brut->>zone=eq.com")]
    [InlineData("""brut=cs.{"zone":"com"}""")]
    [InlineData("zone=eq.com")]
    public Task Json_is_filtered_by_path_and_by_content(string query) => Same(commune => Text(commune, "zone") == "com", query);

    [Fact]
    public Task Json_numbers_compare_as_numbers() => Same(commune => Number(commune, "population") > 99_999, "brut->population=gt.99999");

    [Fact]
    public async Task Json_paths_reach_into_arrays_of_objects()
    {
        var answer = await Get("""select=nom,premier:membres->0->>nom,dernier:membres->-1->populationTotale&membres=cs.[{"code":"25056"}]""", "epci");

        var group = Map.Epci.Single(record => record["membres"]!.AsArray().Any(member => (string)member!["code"]! == "25056"));
        var members = group["membres"]!.AsArray();
        var record = Assert.Single(answer.Records)!;
        Assert.Equal(Text(group, "nom"), (string?)record["nom"]);
        Assert.Equal((string?)members[0]!["nom"], (string?)record["premier"]);
        Assert.Equal((int)members[^1]!["populationTotale"]!, (int)record["dernier"]!);
    }

    [Theory]
    [InlineData("population=gte.20000&type=eq.commune-actuelle&zone=neq.metro")]
    [InlineData("and=(type.eq.commune-actuelle,population.not.lt.20000,or(zone.eq.drom,zone.eq.com))")]
    public Task Conditions_and_groups_agree(string query) =>
        Same(commune => Number(commune, "population") >= 20_000 && Text(commune, "type") == "commune-actuelle" && Text(commune, "zone") != "metro", query);

    [Fact]
    public async Task Order_puts_the_largest_first()
    {
        var answer = await Get("select=code,population&order=population.desc.nullslast,code&limit=200");

        Assert.Equal(
            Map.Communes.OrderByDescending(commune => Number(commune, "population") ?? -1).ThenBy(commune => Text(commune, "code"), StringComparer.Ordinal).Take(200).Select(commune => (Text(commune, "code"), Number(commune, "population"))),
            answer.Records.Select(record => (Text(record!, "code"), Number(record!, "population"))));
    }

    [Fact]
    public async Task Names_are_ordered_as_a_French_reader_expects()
    {
        var answer = await Get("select=nom&order=nom&nom=not.match.[ '()-]&departement=in.(25,27,91)");

        var expected = Map.Communes.Where(commune => Text(commune, "departement") is "25" or "27" or "91").Select(commune => Text(commune, "nom")).Where(name => name.IndexOfAny([' ', '\'', '(', ')', '-']) < 0);
        Assert.Equal(expected.Select(Fold).Order(StringComparer.Ordinal), answer.Records.Select(record => Fold(Text(record!, "nom"))));
    }

    [Fact]
    public async Task Csv_exports_every_row_beyond_the_limit_of_json()
    {
        var answer = (await fixture.Server.Http.Get("/api/communes?select=code,type,nom&order=code,type", "text/csv")).Expect(HttpStatusCode.OK);

        // No name holds a comma, a quote or a line break.
        Assert.Equal(
            ["code,type,nom", .. Map.Communes.OrderBy(commune => Text(commune, "code"), StringComparer.Ordinal).ThenBy(commune => Text(commune, "type"), StringComparer.Ordinal).Select(commune => $"{Text(commune, "code")},{Text(commune, "type")},{Text(commune, "nom")}")],
            answer.Text.TrimEnd('\r', '\n').Split("\r\n"));
    }

    /// <summary>The communes that a query lists are those of the package for which the condition holds, and so many are counted.</summary>
    private async Task Same(Func<JsonObject, bool> condition, string query)
    {
        var expected = Map.Communes.Where(condition).Select(Key).Order().ToArray();
        Assert.InRange(expected.Length, 1, 1000);
        var answer = await Get($"{query}&select=code,type&count=exact");

        Assert.Equal(expected, answer.Records.Select(record => Key(record!.AsObject())).Order());
        Assert.Equal(expected.Length, (int)answer.Json["meta"]!["total"]!);
    }

    private async Task<Answer> Get(string query, string table = "communes") =>
        (await fixture.Server.Http.Get($"/api/{table}?{query}")).Expect(HttpStatusCode.OK);

    private static string Key(JsonObject commune) => $"{Text(commune, "code")} {Text(commune, "type")}";

    private static string Text(JsonNode record, string field) => (string?)record[field] ?? "";

    private static long? Number(JsonNode record, string field) => (long?)record[field];

    private static string[] Members(JsonObject commune, string field) => [.. commune[field]?.AsArray().Select(member => (string)member!) ?? []];

    /// <summary>By a table, so that it shares nothing with how PostgreSQL folds.</summary>
    private static string Fold(string text) => string.Concat(
        text.Replace("œ", "oe", StringComparison.Ordinal).Replace("Œ", "oe", StringComparison.Ordinal)
            .Select(c => Accented.IndexOf(c) is >= 0 and var i ? Plain[i] : char.ToLowerInvariant(c)));
}
