namespace Socle.Tests.Server.History;

/// <summary>Deleted records: listed, restored, purged.</summary>
[Collection(nameof(HistoryServer))]
public sealed class TrashTests(HistoryServer server)
{
    [Fact]
    public async Task A_deleted_record_is_in_the_trash_until_it_is_restored()
    {
        await server.Create("CREATE TABLE papers (id int PRIMARY KEY, page_title text, created_at timestamptz NOT NULL DEFAULT now())");
        await server.Expect(201, Call.Post("/api/papers", """[{"id":1,"pageTitle":"a"},{"id":2,"pageTitle":"b"},{"id":3,"pageTitle":"c"}]"""));
        var gone = (await server.Expect(200, Call.Delete("/api/papers?id=lt.3"))).Data![0]!;
        var trash = (await server.Expect(200, Call.Get("/api/trash?table=papers"))).Data!.AsArray();
        Assert.Equal(["2", "1"], trash.Select(entry => (string)entry!["id"]!));
        ScenarioServer.Same(gone.ToJsonString(), trash[1]!["record"], "as it went");
        Assert.Contains((await server.Expect(200, Call.Get("/api/trash"))).Data!.AsArray(), entry => (string)entry!["table"]! == "papers");
        Assert.Equal("1", (string)(await server.Expect(200, Call.Get("/api/trash?table=papers&limit=1&offset=1"))).Data!.AsArray().Single()!["id"]!);

        var restored = await server.Expect(200, Call.Post($"/api/trash/{trash[1]!["entry"]}/restore", ""));
        ScenarioServer.Same(gone.ToJsonString(), restored.Data, "restored");
        Assert.Equal(1, (int)restored.Json["meta"]!["deletedTogether"]!);
        await server.Expect(404, Call.Post($"/api/trash/{trash[1]!["entry"]}/restore", ""));
        Assert.Equal(["2"], (await server.Expect(200, Call.Get("/api/trash?table=papers"))).Data!.AsArray().Select(entry => (string)entry!["id"]!));
    }

    [Fact]
    public async Task What_is_purged_is_forgotten()
    {
        await server.Create("CREATE TABLE secrets (id int PRIMARY KEY, word text)");
        await server.Run("INSERT INTO secrets SELECT n, 'word' FROM generate_series(1, 5) n; UPDATE secrets SET word = 'other'; DELETE FROM secrets WHERE id < 5");
        var entry = (await server.Expect(200, Call.Get("/api/trash?table=secrets"))).Data![0]!["entry"];
        await server.Expect(200, Call.Delete($"/api/trash/{entry}"), """{"purged":1}""");
        await server.Expect(404, Call.Delete($"/api/trash/{entry}"));
        await server.Expect(404, Call.Get("/api/secrets/4/history"));
        await server.Expect(200, Call.Delete("/api/trash?table=secrets"), """{"purged":3}""");
        await server.Expect(404, Call.Get("/api/secrets/1/history"));
        Assert.Equal(2, (await server.Versions("/api/secrets/5")).Count);
    }

    [Fact]
    public async Task A_record_that_cannot_come_back_says_why()
    {
        await server.Create("CREATE TABLE owners (id int PRIMARY KEY)", "CREATE TABLE pets (id int PRIMARY KEY, name text CONSTRAINT uq_pets_name UNIQUE, owner_id int CONSTRAINT fk_pets_owner REFERENCES owners)");
        await server.Run("INSERT INTO owners VALUES (1); INSERT INTO pets VALUES (1, 'Rex', 1), (2, 'Max', 1); DELETE FROM pets; DELETE FROM owners; INSERT INTO pets VALUES (3, 'Max', NULL)");
        var trash = (await server.Expect(200, Call.Get("/api/trash?table=pets"))).Data!.AsArray();
        Assert.Equal("unknown_reference", (string)(await server.Expect(409, Call.Post($"/api/trash/{trash.Single(entry => (string)entry!["id"]! == "1")!["entry"]}/restore", ""))).Error["code"]!);
        Assert.Equal("unique_violation", (string)(await server.Expect(409, Call.Post($"/api/trash/{trash.Single(entry => (string)entry!["id"]! == "2")!["entry"]}/restore", ""))).Error["code"]!);
    }

    [Fact]
    public async Task Change_sets_are_listed_by_where_they_come_from()
    {
        await server.Create("CREATE TABLE listed (id int PRIMARY KEY, n int)");
        await server.Run("INSERT INTO listed SELECT generate_series(1, 3)");
        await server.Run("BEGIN; UPDATE listed SET n = 1 WHERE id < 3; DELETE FROM listed WHERE id = 3; COMMIT");
        var sets = (await server.Expect(200, Call.Get("/api/changes?table=listed"))).Data!.AsArray();
        ScenarioServer.Same("""[{"table":"listed","operation":"deleted","count":1},{"table":"listed","operation":"updated","count":2}]""", sets[0]!["counts"], "the newest");
        Assert.Equal(2, sets.Count);
        Assert.Empty((await server.Expect(200, Call.Get("/api/changes?table=listed&source=import"))).Data!.AsArray());
        Assert.Equal(2, (await server.Expect(200, Call.Get("/api/changes?table=listed&source=sql&actor=postgres"))).Data!.AsArray().Count);
        var entries = (await server.Expect(200, Call.Get($"/api/changes/{sets[0]!["changeId"]}?limit=2&offset=1"))).Data!["entries"]!.AsArray();
        Assert.Equal(["2 updated", "3 deleted"], entries.Select(entry => $"{entry!["id"]} {entry["operation"]}"));
        ScenarioServer.Same("""{"id":3,"n":null}""", entries[1]!["before"], "before");
    }
}
