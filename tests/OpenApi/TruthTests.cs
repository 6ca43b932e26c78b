using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Socle.Tests.OpenApi;

/// <summary>What the description says is what the server does.</summary>
public sealed class TruthTests(ServedTables tables)
{
    private HttpClient Http => tables.Server.Http;

    [Fact]
    public async Task Every_described_list_answers()
    {
        foreach (var (path, _, _) in Reads(await tables.Describe()))
            Assert.Equal((path, HttpStatusCode.OK), (path, await Status(path)));
    }

    [Fact]
    public async Task Every_example_of_a_parameter_works()
    {
        var document = await tables.Describe();
        var parameters = document["components"]!["parameters"]!;
        foreach (var (path, _, operation) in Reads(document).Where(read => read.Operation["parameters"] is not null))
        {
            foreach (var reference in operation["parameters"]!.AsArray().Where(item => item!["$ref"] is not null).Select(item => ((string)item!["$ref"]!).Split('/')[^1]))
            {
                var parameter = parameters[reference]!;
                if (parameter["example"] is not { } example)
                    continue;
                var address = $"{path}?{Uri.EscapeDataString((string)parameter["name"]!)}={Uri.EscapeDataString((string)example!)}";
                Assert.Equal((address, HttpStatusCode.OK), (address, await Status(address)));
            }
        }
    }

    [Fact]
    public async Task Answers_are_as_described()
    {
        var document = await tables.Describe();
        var cases = new JsonArray();
        foreach (var (path, method, _) in Reads(document))
            cases.Add(await Case(path, method, "200", await Http.GetAsync(new Uri(path, UriKind.Relative))));
        cases.Add(await Case("/api/clients", "get", "400", await Http.GetAsync(new Uri("/api/clients?nmae=eq.x", UriKind.Relative))));
        cases.Add(await Case("/api/clients/{id}", "get", "404", await Http.GetAsync(new Uri($"/api/clients/{Guid.NewGuid()}", UriKind.Relative))));
        cases.Add(await Case("/api/clients", "get", "200", await Http.GetAsync(new Uri("/api/clients?count=exact&limit=1", UriKind.Relative))));
        cases.Add(await Case("/api/every_type", "post", "422", await Http.PostAsJsonAsync("/api/every_type", new { whole = 1 })));
        cases.Add(await Case("/api/every_type", "post", "201", await Http.PostAsJsonAsync("/api/every_type", new { required = "one" })));
        cases.Add(await Case("/api/every_type", "post", "201", await Http.PostAsJsonAsync("/api/every_type", new[] { new { required = "two" }, new { required = "three" } })));
        await Hold(document, cases);
    }

    [Fact]
    public async Task So_are_those_to_changes_of_the_schema()
    {
        const string tablesPath = "/api/schema/tables";
        var cases = new JsonArray
        {
            await Case(tablesPath, "post", "201", await Http.PostAsJsonAsync(tablesPath, new { name = "made_here", label = new { fr = "Fait", en = "Made" }, search = new[] { "a" }, fields = new { a = new { type = "text", unique = "ignore_case", @default = "x" }, b = "number", c = new { type = "choice", choices = new[] { "x" } } } })),
            await Case(tablesPath + "/{table}", "get", "200", await Http.GetAsync(new Uri(tablesPath + "/made_here", UriKind.Relative))),
            await Case(tablesPath + "/{table}/fields", "get", "200", await Http.GetAsync(new Uri(tablesPath + "/made_here/fields", UriKind.Relative))),
            await Case(tablesPath + "/{table}/fields", "post", "201", await Http.PostAsJsonAsync(tablesPath + "/made_here/fields", new { name = "d", type = "date" })),
            await Case(tablesPath + "/{table}/fields/{field}", "patch", "200", await Http.PatchAsJsonAsync(tablesPath + "/made_here/fields/d?dry_run=true", new { type = "text" })),
            await Case(tablesPath + "/{table}/fields/{field}", "delete", "200", await Http.DeleteAsync(new Uri(tablesPath + "/made_here/fields/d", UriKind.Relative))),
            await Case("/api/schema/migrations/down", "post", "200", await Http.PostAsJsonAsync("/api/schema/migrations/down", new { count = 1 })),
            await Case(tablesPath + "/{table}", "delete", "200", await Http.DeleteAsync(new Uri(tablesPath + "/made_here", UriKind.Relative))),
            await Case(tablesPath + "/{table}", "get", "404", await Http.GetAsync(new Uri(tablesPath + "/made_here", UriKind.Relative))),
        };
        await Hold(await tables.Describe(), cases);
    }

    [Fact]
    public async Task A_record_may_be_sent_back_as_it_was_answered()
    {
        var read = (await Http.GetFromJsonAsync<JsonObject>("/api/every_type?required=eq.all"))!["data"]![0]!;
        var address = $"/api/every_type/{read["id"]}";
        var document = await tables.Describe();
        await Hold(document, [Sent("/api/every_type/{id}", "put", read), Sent("/api/every_type/{id}", "patch", read)]);
        var answer = await Http.PatchAsJsonAsync(address, read);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task What_the_server_refuses_the_description_does_not_allow()
    {
        var document = await tables.Describe();
        var cases = new JsonArray();
        foreach (var body in new JsonObject[] { new() { ["nmae"] = "x" }, new() { ["tags"] = "x" }, new() { ["createdAt"] = "2026-01-01T00:00:00Z" }, new() { ["contacts"] = 1, ["id"] = 5 } })
        {
            var answer = await Http.PostAsJsonAsync("/api/clients", body);
            Assert.False(answer.IsSuccessStatusCode);
            cases.Add(Sent("/api/clients", "post", body.DeepClone(), fails: true));
        }

        cases.Add(Sent("/api/every_type", "post", new JsonObject { ["whole"] = 1 }, fails: true));
        cases.Add(Sent("/api/every_type/{id}", "put", new JsonObject { ["whole"] = 1 }, fails: true));
        await Hold(document, cases);
    }

    [Fact]
    public async Task A_new_table_is_described_at_once()
    {
        Assert.DoesNotContain("/api/newcomers", await tables.DescribeText(), StringComparison.Ordinal);
        await tables.Server.Psql("-c", "CREATE TABLE newcomers (id int PRIMARY KEY)");
        await ServedTables.Until(async () => (await tables.DescribeText()).Contains("/api/newcomers/{id}", StringComparison.Ordinal));
        await tables.Server.Psql("-c", "DROP TABLE newcomers");
        await ServedTables.Until(async () => !(await tables.DescribeText()).Contains("/api/newcomers", StringComparison.Ordinal));
    }

    /// <summary>What can be read to its end as JSON: a stream of events has none. What is told of oneself only is for people with an account.</summary>
    private static IEnumerable<(string Path, string Method, JsonNode Operation)> Reads(JsonNode document) =>
        ValidityTests.Operations(document).Where(operation =>
            operation.Method == "get" && !operation.Path.Contains('{') && operation.Operation["responses"]!["200"]!["content"]?["application/json"] is not null && operation.Operation["security"] is null);

    private async Task<HttpStatusCode> Status(string address)
    {
        using var answer = await Http.GetAsync(new Uri(address, UriKind.Relative));
        return answer.StatusCode;
    }

    private static async Task<JsonNode> Case(string path, string method, string status, HttpResponseMessage answer)
    {
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(status == $"{(int)answer.StatusCode}", $"{path}: {(int)answer.StatusCode} {body}");
        return new JsonObject { ["path"] = path, ["method"] = method, ["status"] = status, ["body"] = JsonNode.Parse(body) };
    }

    private static JsonObject Sent(string path, string method, JsonNode body, bool fails = false) =>
        new() { ["path"] = path, ["method"] = method, ["request"] = true, ["body"] = body.DeepClone(), ["fails"] = fails };

    private static async Task Hold(JsonNode document, JsonArray cases)
    {
        var folder = Directory.CreateTempSubdirectory("socle-answers-");
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "openapi.json"), document.ToJsonString());
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "cases.json"), cases.ToJsonString());
        await ServedTables.Node.Run("answers.mjs", Path.Combine(folder.FullName, "openapi.json"), Path.Combine(folder.FullName, "cases.json"));
        folder.Delete(recursive: true);
    }
}
