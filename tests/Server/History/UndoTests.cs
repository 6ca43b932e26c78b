using System.Text.Json.Nodes;
using Npgsql;
using Socle.Kernel;
using Socle.Postgres;
using Socle.Testing;

namespace Socle.Tests.Server.History;

/// <summary>Taking a change set back as a whole.</summary>
[Collection(nameof(HistoryServer))]
public sealed class UndoTests(HistoryServer server)
{
    [Fact]
    public async Task Of_50_000_imported_records_those_edited_since_are_left_alone()
    {
        await server.Create("CREATE TABLE imported (id int PRIMARY KEY, name text, city text)");
        var change = await Import("imported", Enumerable.Range(1, 50_000).Select(n => $"{n}\tClient {n}\tDole"));
        await server.Expect(200, Call.Patch("/api/imported/17", """{"city":"Lons"}"""));
        await server.Expect(200, Call.Patch("/api/imported?id=eq.49999", """{"city":"Lons"}"""));
        await server.Run("UPDATE imported SET city = 'Besançon' WHERE id = 31000");

        var set = (await server.Expect(200, Call.Get($"/api/changes/{change}?limit=1"))).Data!;
        ScenarioServer.Same("""[{"table":"imported","operation":"created","count":50000}]""", set["counts"], "the change set");
        var dry = (await server.Expect(200, Call.Post($"/api/changes/{change}/undo?dry_run=true", ""))).Data!;
        Assert.Equal((49_997, 3, true), ((int)dry["undone"]!, (int)dry["conflictCount"]!, dry["changeId"] is null));
        Assert.Equal(50_000, await server.Ask<long>("SELECT count(*) FROM imported"));

        var clock = System.Diagnostics.Stopwatch.StartNew();
        var report = await server.Undo(change);
        TestContext.Current.SendDiagnosticMessage($"undo of 50,000: {clock.ElapsedMilliseconds} ms");
        Assert.Equal((49_997, 3), ((int)report["undone"]!, (int)report["conflictCount"]!));
        Assert.Equal(["17", "31000", "49999"], report["conflicts"]!.AsArray().Select(conflict => (string)conflict!["id"]!));
        Assert.All(report["conflicts"]!.AsArray(), conflict => Assert.Equal(("imported", "conflict"), ((string)conflict!["table"]!, (string)conflict["code"]!)));
        Assert.Equal((await server.Versions("/api/imported/17"))[0]!["changeId"]!.ToString(), report["conflicts"]![0]!["changeId"]!.ToString());
        Assert.Equal("17,31000,49999", await server.Ask<string>("SELECT string_agg(id::text, ',' ORDER BY id) FROM imported"));

        // Not once more, but back again.
        var again = (await server.Undo(change))!;
        Assert.Equal((0, 3, true), ((int)again["undone"]!, (int)again["conflictCount"]!, again["changeId"] is null));
        var redone = await server.Undo(Guid.Parse((string)report["changeId"]!));
        Assert.Equal((49_997, 0), ((int)redone["undone"]!, (int)redone["conflictCount"]!));
        Assert.Equal("Client 49998", (string)(await server.Expect(200, Call.Get("/api/imported/49998"))).Data!["name"]!);
        Assert.Equal((49_997, 3), ((int)(await server.Undo(change))["undone"]!, 3));
        var listed = (await server.Expect(200, Call.Get($"/api/changes?table=imported&source=undo&limit=1"))).Data![0]!;
        Assert.Equal($"{change}", (string)listed["undoes"]!);
    }

    [Fact]
    public async Task What_was_changed_and_deleted_is_as_before()
    {
        await server.Create("CREATE TABLE stock (id int PRIMARY KEY, name text UNIQUE, amount numeric(8,2) NOT NULL, tags text[], data json)");
        await server.Run("INSERT INTO stock SELECT n, 'item ' || n, n / 4.0, ARRAY['a', NULL], '{\"a\" :  1}' FROM generate_series(1, 20) n");
        var before = await server.Ask<string>("SELECT string_agg(s::text, '|' ORDER BY id) FROM stock s");
        await server.Run("""
            BEGIN;
            UPDATE stock SET amount = amount + 1 WHERE id > 5;
            UPDATE stock SET amount = amount + 1, tags = NULL WHERE id > 10;
            UPDATE stock SET id = id + 100, name = name || '' WHERE id IN (3, 4);
            DELETE FROM stock WHERE id IN (7, 8, 9);
            INSERT INTO stock VALUES (7, 'item 8', 0), (30, 'item 7', 0), (31, 'item 31', 0);
            DELETE FROM stock WHERE id = 31;
            UPDATE stock SET name = 'item 9' WHERE id = 30;
            INSERT INTO stock VALUES (1, 'x', 5) ON CONFLICT (id) DO UPDATE SET amount = 99;
            SAVEPOINT s; DELETE FROM stock; ROLLBACK TO s;
            COMMIT
            """);
        var change = await server.LastChange("stock");
        var report = await server.Undo(change);
        Assert.Equal(0, (int)report["conflictCount"]!);
        Assert.Equal(before, await server.Ask<string>("SELECT string_agg(s::text, '|' ORDER BY id) FROM stock s"));
        var refused = await server.Expect(409, Call.Post($"/api/changes/{change}/undo", ""));
        Assert.Equal("conflict", (string)refused.Error["code"]!);
        await server.Undo(Guid.Parse((string)report["changeId"]!));
        Assert.Equal("99.00", await server.Ask<string>("SELECT amount::text FROM stock WHERE id = 1"));
        await server.Undo(change);
        Assert.Equal(before, await server.Ask<string>("SELECT string_agg(s::text, '|' ORDER BY id) FROM stock s"));
        await server.Run("TRUNCATE stock");
        await server.Undo(await server.LastChange("stock"));
        Assert.Equal(before, await server.Ask<string>("SELECT string_agg(s::text, '|' ORDER BY id) FROM stock s"));
    }

    [Fact]
    public async Task Records_that_others_refer_to_stay_with_what_refers_to_them()
    {
        await server.Create(
            "CREATE TABLE makers (id int PRIMARY KEY, name text)",
            "CREATE TABLE models (id int PRIMARY KEY, maker_id int REFERENCES makers ON DELETE CASCADE, parent_id int REFERENCES models ON DELETE SET NULL)",
            "CREATE TABLE prices (model_id int REFERENCES models ON DELETE SET NULL, n int PRIMARY KEY)");
        await server.Run("BEGIN; INSERT INTO makers SELECT n, 'm' FROM generate_series(1, 5) n; INSERT INTO models VALUES (1, 1, NULL), (2, 2, NULL), (3, 3, 2), (4, 4, 3), (5, NULL, 4); UPDATE makers SET name = 'late' WHERE id = 2; COMMIT");
        var change = await server.LastChange("makers");
        // Maker 5 gets a model of somebody else; model 3 gets a price, and so holds its maker and its parent, which holds maker 2.
        await server.Expect(201, Call.Post("/api/models", """{"id":50,"makerId":5}"""));
        await server.Run("INSERT INTO prices VALUES (3, 1)");
        var report = await server.Undo(change);
        Assert.Equal("makers 2, makers 3, makers 5, models 2, models 3", string.Join(", ", report["conflicts"]!.AsArray().Select(conflict => $"{conflict!["table"]} {conflict["id"]}").Order()));
        Assert.Equal(5, (int)report["undone"]!);
        Assert.Equal("2late3m5m", await server.Ask<string>("SELECT string_agg(id || name, '' ORDER BY id) FROM makers"));
        Assert.Equal("2,3,50", await server.Ask<string>("SELECT string_agg(id::text, ',' ORDER BY id) FROM models"));
    }

    [Fact]
    public async Task A_cascade_comes_back_with_what_it_came_from()
    {
        await server.Create("CREATE TABLE houses (id int PRIMARY KEY, name text)", "CREATE TABLE rooms_of (id int PRIMARY KEY, house_id int NOT NULL REFERENCES houses ON DELETE CASCADE)", "CREATE TABLE keys_of (id int PRIMARY KEY, room_id int REFERENCES rooms_of ON DELETE SET NULL)");
        await server.Run("INSERT INTO houses VALUES (1, 'a'), (2, 'b'); INSERT INTO rooms_of SELECT n, 1 + n % 2 FROM generate_series(1, 10) n; INSERT INTO keys_of SELECT n, n FROM generate_series(1, 10) n");
        await server.Expect(200, Call.Delete("/api/houses/1"));
        Assert.Equal(5, await server.Ask<long>("SELECT count(*) FROM rooms_of"));
        var report = await server.Undo(await server.LastChange("houses"));
        Assert.Equal((11, 0), ((int)report["undone"]!, (int)report["conflictCount"]!));
        Assert.Equal("10/10", await server.Ask<string>("SELECT (SELECT count(*) FROM rooms_of) || '/' || (SELECT count(room_id) FROM keys_of)"));
    }

    [Fact]
    public async Task What_PostgreSQL_refuses_is_found_among_the_others_and_told()
    {
        await server.Create("CREATE TABLE teams (id int PRIMARY KEY)", "CREATE TABLE members (id int PRIMARY KEY, email text CONSTRAINT uq_members_email UNIQUE, team_id int CONSTRAINT fk_members_team REFERENCES teams, age text)");
        await server.Run("INSERT INTO teams VALUES (1), (2); INSERT INTO members SELECT n, 'm' || n, CASE WHEN n = 500 THEN 2 ELSE 1 END, CASE n WHEN 700 THEN 'old' ELSE '7' END FROM generate_series(1, 1000) n");
        await server.Expect(200, Call.Delete("/api/members?id=gt.0"));
        var change = await server.LastChange("members");
        await server.Run("INSERT INTO members VALUES (2000, 'm77', NULL); DELETE FROM teams WHERE id = 2; ALTER TABLE members ALTER age TYPE int USING age::int");
        var report = (await server.Expect(200, Call.Post($"/api/changes/{change}/undo", "", "Accept-Language: fr"))).Data!;
        Assert.Equal(997, (int)report["undone"]!);
        Assert.Equal("500 unknown_reference, 700 invalid_value, 77 unique_violation", string.Join(", ", report["conflicts"]!.AsArray().Select(conflict => $"{conflict!["id"]} {conflict["code"]}").Order(StringComparer.Ordinal)));
        Assert.Contains("existe déjà", (string)report["conflicts"]!.AsArray().First(conflict => (string)conflict!["id"]! == "77")!["reason"]!);
        Assert.Equal(998, await server.Ask<long>("SELECT count(*) FROM members"));

        // What is no longer in the way can still go back.
        await server.Run("DELETE FROM members WHERE id = 2000");
        Assert.Equal((1, 2), ((int)(await server.Undo(change))["undone"]!, 2));
    }

    [Fact]
    public async Task A_record_that_can_go_back_only_in_part_is_left_whole()
    {
        await server.Create("CREATE TABLE halves (id int PRIMARY KEY, name text, other int CONSTRAINT uq_halves UNIQUE)");
        await server.Run("INSERT INTO halves VALUES (1, 'one', 1), (2, 'two', 2)");
        await server.Run("BEGIN; DELETE FROM halves; INSERT INTO halves VALUES (1, 'new', 10), (2, 'new', 20); UPDATE halves SET name = 'newer'; COMMIT");
        var change = await server.LastChange("halves");
        await server.Run("INSERT INTO halves VALUES (3, 'three', 1)");
        var report = await server.Undo(change);
        Assert.Equal((1, 1), ((int)report["undone"]!, (int)report["conflictCount"]!));
        Assert.Equal("1newer10,2two2,3three1", await server.Ask<string>("SELECT string_agg(id || name || other, ',' ORDER BY id) FROM halves"));
    }

    [Fact]
    public async Task Tables_that_are_gone_are_told_and_the_rest_goes()
    {
        await server.Create("CREATE TABLE stays (id int PRIMARY KEY)", "CREATE TABLE goes (id int PRIMARY KEY)");
        await server.Run("BEGIN; INSERT INTO stays VALUES (1); INSERT INTO goes VALUES (1); COMMIT");
        var change = await server.LastChange("stays");
        await server.Run("DROP TABLE goes");
        var report = await server.Undo(change);
        Assert.Equal((1, 1), ((int)report["undone"]!, (int)report["conflictCount"]!));
        var listed = (await server.Expect(200, Call.Get($"/api/changes/{change}"))).Data!;
        Assert.Equal(2, listed["entries"]!.AsArray().Count);
    }

    [Fact]
    public async Task Another_server_takes_back_what_this_one_did()
    {
        await server.Create("CREATE TABLE restarted (id int PRIMARY KEY, n int)");
        await server.Expect(201, Call.Post("/api/restarted", """[{"id":1},{"id":2}]"""));
        await server.Expect(200, Call.Patch("/api/restarted/2", """{"n":1}"""));
        var change = (await server.Versions("/api/restarted/1"))[0]!["changeId"]!;
        await using var other = await RunningServer.Start(env: new Dictionary<string, string> { ["DATABASE_URL"] = server.Database.ConnectionString });
        using var answer = await other.Http.PostAsync(new Uri($"/api/changes/{change}/undo", UriKind.Relative), null, TestContext.Current.CancellationToken);
        var report = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["data"]!;
        Assert.Equal((1, 1), ((int)report["undone"]!, (int)report["conflictCount"]!));
    }

    [Fact]
    public async Task Two_callers_who_undo_the_same_do_it_once()
    {
        await server.Create("CREATE TABLE twice (id int PRIMARY KEY)");
        await server.Run("INSERT INTO twice SELECT generate_series(1, 2000)");
        var change = await server.LastChange("twice");
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => server.Send(Call.Post($"/api/changes/{change}/undo", ""))));
        Assert.Equal([200, 409, 409, 409], answers.Select(answer => answer.Status).Order());
    }

    private async Task<Guid> Import(string table, IEnumerable<string> lines)
    {
        var origin = ChangeOrigin.New("import");
        await using var connection = await server.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await ChangeSettings.Set(connection, origin, TestContext.Current.CancellationToken);
        await using (var copy = await connection.BeginTextImportAsync($"COPY {table} FROM STDIN", TestContext.Current.CancellationToken))
            await copy.WriteAsync(string.Join('\n', lines) + "\n");
        await transaction.CommitAsync(TestContext.Current.CancellationToken);
        return origin.Id;
    }
}
