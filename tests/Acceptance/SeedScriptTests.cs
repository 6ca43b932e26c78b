using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Socle.Testing;
using Socle.Tests.Acceptance.Running;

namespace Socle.Tests.Acceptance;

/// <summary>A server with the blueprint washgo on port 8000: the one that the guides' scripts name.</summary>
public sealed class ServerOnPort8000 : WashgoServer
{
    protected override int? Port => 8000;

    public override ValueTask InitializeAsync()
    {
        CheckPort();
        return base.InitializeAsync();
    }

    private void CheckPort()
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, Port!.Value);
            listener.Start();
        }
        catch (SocketException)
        {
            Assert.Fail($"Port {Port} is taken, and the guides' scripts name this port: stop the program that listens on it.");
        }
    }
}

/// <summary>
/// The validation scripts of the firm's own guides, word for word (seeds/*.sh), against the published program;
/// what is answered is what psql shows.
/// </summary>
public sealed class SeedScriptTests(ServerOnPort8000 fixture) : IClassFixture<ServerOnPort8000>
{
    /// <summary>POST, list, record: "répéter le triplet POST → GET liste → GET détail".</summary>
    private const string Triplet = """
        ID=$(uuidgen)
        curl -i -X POST http://127.0.0.1:8000$1$2 \
          -H 'Content-Type: application/json' \
          -d "{\"id\":\"$ID\",$3}"
        curl -i http://127.0.0.1:8000$1$2
        curl -i http://127.0.0.1:8000$1/$ID$2
        """;

    private static readonly Dictionary<string, string> Bodies = new()
    {
        ["clients"] = "\"type\":\"individual\",\"firstName\":\"Zoé\",\"lastName\":\"L'Hôte\",\"tags\":[\"fidèle\",\"à rappeler\"],\"contacts\":[{\"mobilePhone\":\"06\"}]",
        ["services"] = "\"name\":\"Lavage complet\",\"durationMinutes\":90,\"price\":59.50,\"isActive\":false",
        ["engagements"] = "\"title\":\"Rendez-vous\",\"startsAt\":\"2026-11-02T09:00:00+01:00\",\"price\":120,\"assignedTo\":\"Luc\"",
        ["companies"] = "\"name\":\"Taxis du Doubs\",\"legalName\":\"Taxis du Doubs SARL\",\"postalCode\":\"25300\",\"fleetSize\":8",
        ["leads"] = "\"name\":\"Anaïs\",\"companyName\":\"Garage Œuvrard\",\"estimatedAmount\":1999.99,\"nextContactOn\":\"2026-12-01\"",
    };

    public static TheoryData<string, string, string> Triplets()
    {
        var rows = new TheoryData<string, string, string>();
        foreach (var table in Bodies.Keys)
        {
            foreach (var door in (string[])["/", "/api/"])
            {
                rows.Add(table, door + table, "");
                rows.Add(table, door + table, "/");
            }
        }

        return rows;
    }

    private RunningServer Server => fixture.Server;

    [Fact]
    public async Task Seed_000_section_10_passes_word_for_word()
    {
        await Empty("clients");
        var answers = CurlOutput.Read(await RunSeed("000-10.sh"));

        Assert.Equal([200, 201, 200, 200], answers.Select(answer => answer.Status));
        Assert.All(answers, answer => Assert.True((bool?)answer.Json["success"]));
        Assert.Equal("Client Test", (string?)answers[1].Data["name"]);
        await AssertTriplet("clients", answers[1..]);
    }

    [Fact]
    public async Task Seed_001_section_5_passes_word_for_word()
    {
        await Empty("clients");
        var answers = CurlOutput.Read(await RunSeed("001-5.sh"));

        Assert.Equal([201, 201, 409, 200, 200], answers.Select(answer => answer.Status));
        Assert.Equal("unique_violation", (string?)answers[2].Json["error"]!["code"]);
        Assert.Equal(["email"], answers[2].Json["error"]!["fields"]!.AsObject().Select(field => field.Key));
        Assert.Equal(2, answers[3].Data.AsArray().Count);
        await AssertTriplet("clients", [answers[0], answers[3], answers[4]]);
    }

    [Fact]
    public async Task Seed_001_section_6_passes_word_for_word()
    {
        await Empty("clients");

        Assert.Equal("201\n409\n", await RunSeed("001-6.sh"));
        Assert.Equal("Dup Email", await Server.Ask("SELECT name FROM clients"));
    }

    [Theory]
    [MemberData(nameof(Triplets))]
    public async Task Every_resource_is_made_listed_and_read_at_both_doors_with_and_without_a_slash(string table, string path, string slash)
    {
        var answers = CurlOutput.Read(await Programs.Read("bash", "-c", Triplet, "bash", path, slash, Bodies[table]));

        Assert.Equal([201, 200, 200], answers.Select(answer => answer.Status));
        await AssertTriplet(table, answers);
    }

    private static Task<string> RunSeed(string name) =>
        Programs.Read("bash", Path.Combine(SocleProgram.TestFolder, "seeds", name));

    private async Task Empty(string table)
    {
        foreach (var record in (await Server.Http.Get($"/{table}")).Records)
            (await Server.Http.Send(HttpMethod.Delete, $"/{table}/{record!["id"]}")).Expect(HttpStatusCode.OK);
    }

    /// <summary>The three answers hold what the table holds, field by field.</summary>
    private async Task AssertTriplet(string table, List<PrintedAnswer> triplet)
    {
        var rows = (await Server.Ask($"SELECT row_to_json(t) FROM {table} t"))
            .Split('\n')
            .Select(line => ToCamelCase(JsonNode.Parse(line)!.AsObject()))
            .ToDictionary(row => (string)row["id"]!);
        AssertSame(rows[(string)triplet[0].Data["id"]!], triplet[0].Data);
        AssertSame(rows[(string)triplet[0].Data["id"]!], triplet[2].Data);
        var list = triplet[1].Data.AsArray();
        Assert.Equal(rows.Keys.Order(), list.Select(record => (string)record!["id"]!).Order());
        Assert.All(list, record => AssertSame(rows[(string)record!["id"]!], record));
    }

    private static void AssertSame(JsonObject stored, JsonNode answered) =>
        Assert.True(JsonNode.DeepEquals(stored, answered), $"psql shows {stored.ToJsonString()}, but the answer is {answered.ToJsonString()}");

    /// <summary>Only the columns' own names; what is inside json keeps its names.</summary>
    private static JsonObject ToCamelCase(JsonObject row) =>
        new(row.Select(field => KeyValuePair.Create(ToCamelCase(field.Key), field.Value?.DeepClone())));

    private static string ToCamelCase(string name) => string.Concat(
        name.Split('_').Select((word, i) => i == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]));
}
