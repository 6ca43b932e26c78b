using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Socle.Tests.OpenApi;

public sealed class ValidityTests(ServedTables tables)
{
    [Theory]
    [InlineData("en")]
    [InlineData("fr")]
    public async Task Public_validators_find_nothing_wrong(string language) =>
        await ServedTables.Node.Run("validate.mjs", await tables.DescribeFile(language));

    [Fact]
    public async Task Every_component_has_a_name_that_OpenAPI_allows()
    {
        var components = (await tables.Describe())["components"]!.AsObject();
        Assert.All(components.SelectMany(kind => kind.Value!.AsObject()), component => Assert.Matches("^[a-zA-Z0-9._-]+$", component.Key));
    }

    [Fact]
    public async Task Every_operation_has_an_id_of_its_own()
    {
        var ids = Operations(await tables.Describe()).Select(operation => (string)operation.Operation["operationId"]!).ToList();
        Assert.Equal(ids.Count, ids.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(ids, id => Assert.Matches("^[a-z][A-Za-z0-9]+$", id));
    }

    [Fact]
    public async Task Plain_names_give_plain_ids()
    {
        var ids = Operations(await tables.Describe()).Select(operation => (string)operation.Operation["operationId"]!).ToHashSet();
        Assert.Superset(
            new HashSet<string> { "listClients", "createClients", "updateClients", "deleteClients", "getClientsById", "replaceClientsById", "updateClientsById", "deleteClientsById", "listAB", "getABById" },
            ids);
    }

    [Fact]
    public async Task Every_reference_leads_somewhere()
    {
        var text = await tables.DescribeText();
        var document = JsonNode.Parse(text)!;
        foreach (var reference in Regex.Matches(text, "\"\\$ref\":\"#/components/([a-z]+[A-Za-z]*)/([^\"]+)\"").Cast<Match>())
            Assert.True(document["components"]?[reference.Groups[1].Value]?[reference.Groups[2].Value] is not null, reference.Value);
    }

    [Fact]
    public async Task Views_are_read_only_and_tables_without_a_key_have_no_records_of_their_own()
    {
        var paths = (await tables.Describe())["paths"]!.AsObject();
        Assert.Equal(["get"], paths["/api/pair_weights"]!.AsObject().Select(operation => operation.Key));
        Assert.Equal(["get"], paths["/api/stored_pairs"]!.AsObject().Select(operation => operation.Key));
        Assert.Equal(["get", "post", "patch", "delete"], paths["/api/light_pairs"]!.AsObject().Select(operation => operation.Key));
        Assert.False(paths.ContainsKey("/api/keyless/{id}"));
        Assert.True(paths.ContainsKey("/api/pairs/{id}"));
    }

    [Fact]
    public async Task Fields_say_what_they_are_in_the_callers_language()
    {
        var english = (await tables.Describe())["components"]!["schemas"]!;
        var french = (await tables.Describe("fr-CA, en;q=0.5"))["components"]!["schemas"]!;
        Assert.Equal("Company name", (string)english["Clients"]!["properties"]!["companyName"]!["description"]!);
        Assert.Equal("Raison sociale", (string)french["Clients"]!["properties"]!["companyName"]!["description"]!);
        Assert.True((bool)english["Clients"]!["properties"]!["createdAt"]!["readOnly"]!);
        Assert.Null(english["Clients.new"]!["properties"]!["createdAt"]);
        Assert.Equal(["required"], english["EveryType.new"]!["required"]!.AsArray().Select(name => (string)name!));
        Assert.Null(english["EveryType.change"]!["required"]);
    }

    internal static IEnumerable<(string Path, string Method, JsonNode Operation)> Operations(JsonNode document) =>
        from path in document["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        where operation.Key != "parameters"
        select (path.Key, operation.Key, operation.Value!);
}
