namespace Socle.Tests.Server.History;

/// <summary>The versions of a record, and putting one back.</summary>
[Collection(nameof(HistoryServer))]
public sealed class RecordHistoryTests(HistoryServer server)
{
    [Fact]
    public async Task Every_version_tells_who_when_from_where_and_what()
    {
        await server.Create("CREATE TABLE garages (id int PRIMARY KEY, name text NOT NULL, home_city text, opened_at timestamptz, amount numeric(8,2), tags text[], data json)");
        await server.Expect(201, Call.Post("/api/garages", """{"id":1,"name":"Port","openedAt":"2024-01-15T09:30:00+01:00","amount":12.5,"tags":["a","b"],"data":{"k":  1.0}}"""));
        await server.Expect(200, Call.Patch("/api/garages/1", """{"homeCity":"Dole"}"""));
        await server.Run("SET TimeZone = 'Asia/Tokyo'; SET application_name = 'by hand'; UPDATE garages SET amount = 13 WHERE id = 1; RESET ALL");
        await server.Expect(200, Call.Delete("/api/garages/1"));
        var answer = await server.Expect(200, Call.Get("/api/garages/1/history"));
        var versions = answer.Data!.AsArray();
        Assert.Equal(["deleted", "updated", "updated", "created"], versions.Select(version => (string)version!["operation"]!));
        ScenarioServer.Same("""{"homeCity":{"from":null,"to":"Dole"}}""", versions[2]!["changes"], "a change by the API");
        ScenarioServer.Same("""{"amount":{"from":12.50,"to":13.00}}""", versions[1]!["changes"], "a change by hand");
        ScenarioServer.Same("""{"id":1,"name":"Port","homeCity":"Dole","openedAt":"2024-01-15T08:30:00+00:00","amount":13.00,"tags":["a","b"],"data":{"k":  1.0}}""", versions[0]!["before"], "as it went");
        Assert.Null(versions[0]!["after"]);
        Assert.Null(versions[3]!["before"]);
        Assert.Equal("sql", (string)versions[1]!["source"]!);
        Assert.Equal("postgres", (string)versions[1]!["actor"]!);
        Assert.Equal("by hand", (string)versions[1]!["requestId"]!);
        Assert.True(DateTimeOffset.UtcNow - (DateTimeOffset)versions[1]!["at"]! < TimeSpan.FromMinutes(1));
        Assert.Equal(4, (int)answer.Json["meta"]!["total"]!);
        Assert.Equal((long)versions[1]!["version"]!, (long)(await server.Expect(200, Call.Get("/api/garages/1/history?limit=1&offset=1"))).Data![0]!["version"]!);
    }

    [Fact]
    public async Task A_version_is_put_back_into_a_record_and_in_place_of_one_that_is_gone()
    {
        await server.Create(
            "CREATE TABLE cars (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), number bigint GENERATED ALWAYS AS IDENTITY, plate text UNIQUE, doors int, twice int GENERATED ALWAYS AS (doors * 2) STORED, data jsonb NOT NULL DEFAULT 'null', created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now())",
            "CREATE TRIGGER tr_cars BEFORE UPDATE ON cars FOR EACH ROW EXECUTE FUNCTION socle_system.set_updated_at()");
        var first = (await server.Expect(201, Call.Post("/api/cars", """{"plate":"AA-1","doors":3}"""))).Data!;
        var id = (string)first["id"]!;
        await server.Expect(200, Call.Patch($"/api/cars/{id}", """{"plate":"AA-2","doors":5}"""));
        var versions = await server.Versions($"/api/cars/{id.ToUpperInvariant()}");
        var created = (long)versions[^1]!["version"]!;
        var back = await server.Expect(200, Call.Post($"/api/cars/{id}/history/{created}/restore", ""));
        Assert.Equal(("AA-1", 3, 6), ((string)back.Data!["plate"]!, (int)back.Data["doors"]!, (int)back.Data["twice"]!));
        Assert.True((DateTimeOffset)back.Data["updatedAt"]! > (DateTimeOffset)first["updatedAt"]!);
        Assert.Equal((await server.LastChange("cars")).ToString(), back.Message.Headers.GetValues("Change-Id").Single());

        await server.Expect(200, Call.Delete($"/api/cars/{id}"));
        var again = await server.Expect(200, Call.Post($"/api/cars/{id}/history/{created}/restore", ""));
        ScenarioServer.Same(first.ToJsonString(), again.Data, "the record as it was, its number and creation too");
        ScenarioServer.Same(first.ToJsonString(), (await server.Expect(200, Call.Get($"/api/cars/{id}"))).Data, "and it is there");
        var operations = (await server.Versions($"/api/cars/{id}")).Select(version => $"{version!["operation"]} {version["source"]}").ToList();
        Assert.Equal("restored restore", operations[0]);
        Assert.Equal("updated restore", operations[2]);

        var unchanged = await server.Expect(200, Call.Post($"/api/cars/{id}/history/{created}/restore", ""));
        Assert.False(unchanged.Message.Headers.Contains("Change-Id"));
    }

    [Fact]
    public async Task Composite_keys_and_keys_of_any_text_are_addresses()
    {
        await server.Create("CREATE TABLE pairings (\"a b\" text, n int, w text, PRIMARY KEY (\"a b\", n))", "CREATE TABLE words (\"clé\" text PRIMARY KEY, o text, n text, change text, whole text, key text, before text)");
        await server.Expect(201, Call.Post("/api/pairings", """[{"a b":"x,y","n":1,"w":"old"},{"a b":"q\"\\","n":2,"w":"old"},{"a b":"","n":3,"w":"old"}]"""));
        foreach (var address in new[] { "\"x,y\",1", "\"x,y\",01", "\"q\\\"\\\\\",2", ",3" })
        {
            await server.Run("UPDATE pairings SET w = 'new' || random()");
            var versions = await server.Versions($"/api/pairings/{address}");
            await server.Expect(200, Call.Post($"/api/pairings/{address}/history/{versions[^1]!["version"]}/restore", ""), versions[^1]!["after"]!.ToJsonString());
        }

        await server.Expect(201, Call.Post("/api/words", """{"clé":"é/à,\"%25","o":"1","n":"2","change":"3","whole":"4","key":"5","before":"6"}"""));
        await server.Expect(200, Call.Patch("/api/words?o=eq.1", """{"n":"3","whole":null}"""));
        var encoded = Uri.EscapeDataString("é/à,\"%25");
        ScenarioServer.Same("""{"n":{"from":"2","to":"3"},"whole":{"from":"4","to":null}}""", (await server.Versions($"/api/words/{encoded}"))[0]!["changes"], "columns called as in the trigger");
    }

    [Fact]
    public async Task A_renamed_column_keeps_its_history()
    {
        await server.Create("CREATE TABLE renamed (id int PRIMARY KEY, a text, b text, gone text, n text)");
        await server.Expect(201, Call.Post("/api/renamed", """{"id":1,"a":"A","b":"B","gone":"g","n":"1"}"""));
        await server.Run("UPDATE renamed SET a = 'A2', n = '2'");
        await server.Run("ALTER TABLE renamed RENAME a TO swap");
        await server.Run("ALTER TABLE renamed RENAME b TO a");
        await server.Run("ALTER TABLE renamed RENAME swap TO b");
        await server.Run("ALTER TABLE renamed DROP gone, ADD added text DEFAULT 'fresh', ALTER n TYPE int USING n::int");
        await server.Run("ALTER TABLE renamed RENAME id TO no");
        await server.Run("UPDATE renamed SET added = 'kept', a = 'B3'");
        var versions = await server.Versions("/api/renamed/1");
        ScenarioServer.Same("""{"no":1,"b":"A","a":"B","gone":"g","n":"1"}""", versions[^1]!["after"], "the first version under today's names");
        while ((await server.Send(Call.Get("/api/renamed?select=no,b,added"))).Status != 200)
            await Task.Delay(20);
        await server.Expect(200, Call.Post($"/api/renamed/1/history/{versions[^1]!["version"]}/restore", ""), """{"no":1,"b":"A","a":"B","n":1,"added":"kept"}""");
        await server.Run("DELETE FROM renamed");
        await server.Expect(200, Call.Post($"/api/renamed/1/history/{versions[^1]!["version"]}/restore", ""), """{"no":1,"b":"A","a":"B","n":1,"added":"fresh"}""");
    }

    [Theory]
    [InlineData(404, "not_found", "GET", "/api/nothing/1/history")]
    [InlineData(404, "not_found", "GET", "/api/companies/1/history")]
    [InlineData(404, "not_found", "GET", "/api/log_lines/1/history")]
    [InlineData(404, "not_found", "GET", "/api/refused/77/history")]
    [InlineData(404, "not_found", "GET", "/api/refused/77/history?offset=3")]
    [InlineData(400, "invalid_value", "GET", "/api/refused/x/history")]
    [InlineData(416, "invalid_range", "GET", "/api/refused/1/history?limit=-1")]
    [InlineData(416, "invalid_range", "GET", "/api/refused/1/history?offset=x")]
    [InlineData(400, "invalid_filter", "GET", "/api/refused/1/history?limt=1")]
    [InlineData(405, "method_not_allowed", "POST", "/api/refused/1/history")]
    [InlineData(400, "invalid_value", "POST", "/api/refused/1/history/one/restore")]
    [InlineData(404, "not_found", "POST", "/api/refused/1/history/999999999/restore")]
    [InlineData(404, "not_found", "POST", "/api/refused/77/history/1/restore")]
    [InlineData(405, "method_not_allowed", "GET", "/api/refused/1/history/1/restore")]
    [InlineData(400, "invalid_value", "GET", "/api/changes/7")]
    [InlineData(404, "not_found", "GET", "/api/changes/00000000-0000-4000-8000-000000000000")]
    [InlineData(404, "not_found", "POST", "/api/changes/00000000-0000-4000-8000-000000000000/undo")]
    [InlineData(400, "invalid_filter", "POST", "/api/changes/00000000-0000-4000-8000-000000000000/undo?dry_run=maybe")]
    [InlineData(405, "method_not_allowed", "DELETE", "/api/changes")]
    [InlineData(404, "not_found", "GET", "/api/changes?table=nothing")]
    [InlineData(404, "not_found", "GET", "/api/trash?table=nothing")]
    [InlineData(400, "invalid_request", "DELETE", "/api/trash")]
    [InlineData(404, "not_found", "DELETE", "/api/trash/999999999")]
    [InlineData(400, "invalid_value", "DELETE", "/api/trash/x")]
    [InlineData(404, "not_found", "POST", "/api/trash/999999999/restore")]
    [InlineData(400, "invalid_value", "POST", "/api/trash/99999999999999999999/restore")]
    public async Task Bad_requests_are_refused_in_words(int status, string code, string method, string address)
    {
        if (await server.Ask<bool>("SELECT to_regclass('refused') IS NULL"))
            await server.Create("CREATE TABLE refused (id int PRIMARY KEY)");
        await server.Run("INSERT INTO refused VALUES (1) ON CONFLICT DO NOTHING");
        var english = await server.Expect(status, new Call(method, address));
        var french = await server.Expect(status, new Call(method, address, null, "Accept-Language: fr"));
        Assert.Equal(code, (string)english.Error["code"]!);
        Assert.NotEqual((string)english.Error["message"]!, (string)french.Error["message"]!);
    }

    [Fact]
    public async Task A_version_of_another_record_is_not_this_records()
    {
        await server.Create("CREATE TABLE others (id int PRIMARY KEY, n int)");
        await server.Expect(201, Call.Post("/api/others", """[{"id":1},{"id":2}]"""));
        var version = (await server.Versions("/api/others/2"))[0]!["version"];
        await server.Expect(404, Call.Post($"/api/others/1/history/{version}/restore", ""));
    }
}
