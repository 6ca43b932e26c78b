using System.Net;
using System.Text.Json.Nodes;
using Socle.Testing;
using Socle.Tests.Acceptance.Running;

namespace Socle.Tests.Acceptance;

/// <summary>A server with the blueprint communes/communes.yaml, into which everything of the package was sent in arrays of 1000.</summary>
[CollectionDefinition]
public sealed class ServerWithCommunes : IAsyncLifetime, ICollectionFixture<ServerWithCommunes>
{
    private readonly DataFolder _data = new();
    private RunningServer? _server;
    private AdministrativeMap? _map;

    public RunningServer Server => _server!;

    public AdministrativeMap Map => _map!;

    public async ValueTask InitializeAsync()
    {
        _map = await AdministrativeMap.Install();
        _server = await Serving.Start(_data, AdministrativeMap.Blueprint);
        var regions = await Load("regions", Map.Regions, _ => []);
        var departements = await Load("departements", Map.Departements, record => [Refer("region", record, regions)]);
        var arrondissements = await Load("arrondissements", Map.Arrondissements, record => [Refer("departement", record, departements)]);
        await Load("epci", Map.Epci, _ => []);
        await Load("communes", Map.Communes, record =>
        [
            Refer("departement", record, departements),
            Refer("arrondissement", record, arrondissements),
            KeyValuePair.Create("brut", (JsonNode?)record.DeepClone()),
        ]);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        _data.Dispose();
    }

    /// <summary>Sends the package's records as they are, with some fields more.</summary>
    /// <returns>Ids by code.</returns>
    private async Task<Dictionary<string, string?>> Load(string table, JsonObject[] records, Func<JsonObject, KeyValuePair<string, JsonNode?>[]> more)
    {
        var ids = new Dictionary<string, string?>();
        foreach (var part in records.Chunk(1000))
        {
            var body = new JsonArray([.. part.Select(record => new JsonObject([.. record.DeepClone().AsObject().ToList().Select(Free), .. more(record)]))]);
            var created = (await Server.Http.Post($"/api/{table}", body)).Expect(HttpStatusCode.Created).Records;
            Assert.Equal(part.Length, created.Count);
            foreach (var record in created)
                ids[(string)record!["code"]!] = (string?)record["id"];
        }

        return ids;
    }

    private static KeyValuePair<string, JsonNode?> Free(KeyValuePair<string, JsonNode?> member) =>
        KeyValuePair.Create(member.Key, member.Value?.DeepClone());

    /// <summary>A few communes overseas have no district: the package says so with an empty code, or with none.</summary>
    private static KeyValuePair<string, JsonNode?> Refer(string field, JsonObject record, Dictionary<string, string?> ids) =>
        KeyValuePair.Create(field + "Id", (string?)record[field] is { Length: > 0 } code ? (JsonNode?)ids[code] : null);
}
