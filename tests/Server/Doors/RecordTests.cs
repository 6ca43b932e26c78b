namespace Socle.Tests.Server.Doors;

/// <summary>What the record doors show and write for a member who is bound.</summary>
[Collection(nameof(DoorServer))]
public sealed class RecordTests(DoorServer server)
{
    [Fact]
    public async Task Lists_files_counts_and_aggregates_are_of_the_same_records()
    {
        await server.Create("cases");
        foreach (var (header, count, sum) in new[] { (server.Ann, 3, 60), (server.Bob, 2, 90) })
        {
            foreach (var address in new[] { "/api/cases", "/cases", "/api/cases?q=cases", "/api/cases?or=(id.gt.0,name.is.null)" })
                Assert.Equal(count, (await server.Expect(200, Call.Get(address, header))).Data!.AsArray().Count);
            Assert.Equal(count, (int)(await server.Expect(200, Call.Get("/api/cases?count=exact&limit=1", header))).Json["meta"]!["total"]!);
            Assert.Equal(count, (int)(await server.Expect(200, Call.Get("/api/cases?count=estimated&limit=1", header))).Json["meta"]!["total"]!);
            await server.Expect(200, Call.Get("/api/cases?count=planned", header));
            await server.Expect(200, Call.Get("/api/cases?select=amount.sum(),id.count()", header), $$"""[{"sum":{{sum}},"count":{{count}}}]""");
            var csv = await server.Expect(200, Call.Get("/cases.csv", header));
            Assert.Equal(count + 1, csv.Text.TrimEnd().Split('\n').Length);
            Assert.DoesNotContain("secret", csv.Text, StringComparison.Ordinal);
            Assert.Equal(200, (await server.Send(Call.Get("/api/cases", header, "Accept: application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))).Status);
        }

        foreach (var hidden in new[] { "/api/cases?secret=eq.s", "/api/cases?select=secret", "/api/cases?order=secret", "/api/cases?select=secret.max()" })
            await server.Expect(400, Call.Get(hidden, server.Ann));
        await server.Expect(404, Call.Get("/api/cases/4", server.Ann));
    }

    [Fact]
    public async Task Records_of_others_are_not_found_through_a_relation()
    {
        await server.Create("leaves");
        await server.Run("CREATE TABLE pages (id int PRIMARY KEY, leaf_id int CONSTRAINT fk_pages_leaf REFERENCES leaves)");
        await server.WaitFor("/api/pages", server.Ann, 200);
        await server.Run("INSERT INTO pages VALUES (1, 1), (2, 4)");
        await server.Expect(200, Call.Get("/api/pages?select=id,leaves(name)&order=id", server.Ann), """[{"id":1,"leaves":{"name":"leaves 1"}},{"id":2,"leaves":null}]""");
        await server.Expect(200, Call.Get("/api/pages?select=id,leaves!inner(name)", server.Ann), """[{"id":1,"leaves":{"name":"leaves 1"}}]""");
        await server.Expect(200, Call.Get("/api/pages?select=id,...leaves(name)&order=id", server.Ann), """[{"id":1,"name":"leaves 1"},{"id":2,"name":null}]""");
        await server.Expect(200, Call.Get("/api/leaves?select=id,pages(id)&order=id&limit=1", server.Bob), """[{"id":4,"pages":[{"id":2}]}]""");
        await server.Expect(400, Call.Get("/api/pages?select=id,leaves(secret)", server.Ann));
    }

    [Fact]
    public async Task Writes_stay_among_ones_own_records_and_fields()
    {
        await server.Create("tasks");
        await server.Expect(200, Call.Patch("/api/tasks/1", """{"amount":11}""", server.Ann));
        await server.Expect(404, Call.Patch("/api/tasks/4", """{"amount":0}""", server.Ann));
        await server.Expect(403, Call.Patch("/api/tasks/1", $$"""{"ownerId":"{{server.BobId}}"}""", server.Ann));
        await server.Expect(403, Call.Post("/api/tasks", $$"""{"id":9,"ownerId":"{{server.BobId}}"}""", server.Ann));
        await server.Expect(400, Call.Patch("/api/tasks/1", """{"secret":"x"}""", server.Ann));
        await server.Expect(403, Call.Delete("/api/tasks/1", server.Ann));
        Assert.Equal(3, (await server.Expect(200, Call.Patch("/api/tasks?id=gt.0", """{"amount":1}""", server.Ann))).Data!.AsArray().Count);
        await server.Expect(201, Call.Post("/api/tasks", $$"""{"id":9,"ownerId":"{{server.AnnId}}","name":"new"}""", server.Ann));
        Assert.Equal("40 50", await server.Ask<string>("SELECT string_agg(amount::text, ' ' ORDER BY id) FROM tasks WHERE id IN (4, 5)"));
    }

    [Fact]
    public async Task An_upsert_does_not_reach_the_records_of_others()
    {
        await server.Create("stocks");
        await server.Expect(403, Call.Post("/api/stocks?on_conflict=id", $$"""{"id":4,"ownerId":"{{server.AnnId}}","amount":0}""", server.Ann, "Prefer: resolution=merge-duplicates"));
        await server.Expect(403, Call.Post("/api/stocks?on_conflict=name", $$"""{"id":8,"ownerId":"{{server.AnnId}}","name":"stocks 5"}""", server.Ann, "Prefer: resolution=merge-duplicates"));
        var mine = await server.Send(Call.Post("/api/stocks?on_conflict=id", $$"""{"id":1,"ownerId":"{{server.AnnId}}","amount":7}""", server.Ann, "Prefer: resolution=merge-duplicates"));
        Assert.True(mine.Status is 200 or 201, mine.Text);
        Assert.Equal("7 20 30 40 50", await server.Ask<string>("SELECT string_agg(amount::text, ' ' ORDER BY id) FROM stocks"));
    }

    [Fact]
    public async Task Versions_batches_and_idempotency_keys_tell_nothing_of_others()
    {
        await server.Create("drafts");
        var tag = (await server.Expect(200, Call.Get("/api/drafts/4"))).Message.Headers.ETag!.ToString();
        await server.Expect(404, Call.Patch("/api/drafts/4", """{"amount":0}""", server.Ann, $"If-Match: {tag}"));
        await server.Expect(404, Call.Patch("/api/drafts/4", """{"amount":0}""", server.Ann, "If-Match: \"0\""));
        var own = (await server.Expect(200, Call.Get("/api/drafts/1", server.Ann))).Message.Headers.ETag!.ToString();
        await server.Expect(200, Call.Patch("/api/drafts/1", """{"amount":12}""", server.Ann, $"If-Match: {own}"));
        await server.Expect(412, Call.Patch("/api/drafts/1", """{"amount":13}""", server.Ann, $"If-Match: {own}"));

        var batch = """[{"method":"PATCH","path":"/api/drafts/1","body":{"amount":99}},{"method":"PATCH","path":"/api/drafts/4","body":{"amount":99}}]""";
        Assert.InRange((await server.Send(Call.Post("/api/batch", batch, server.Ann))).Status, 400, 404);
        Assert.Equal(0L, await server.Ask<long>("SELECT count(*) FROM drafts WHERE amount = 99"));

        var body = """{"id":21,"amount":1}""";
        await server.Expect(403, Call.Post("/api/drafts", body, server.Ann, "Idempotency-Key: once"));
        var hers = $$"""{"id":22,"ownerId":"{{server.AnnId}}","amount":1}""";
        await server.Expect(201, Call.Post("/api/drafts", hers, server.Ann, "Idempotency-Key: mine"));
        Assert.Equal("true", (await server.Expect(201, Call.Post("/api/drafts", hers, server.Ann, "Idempotency-Key: mine"))).Message.Headers.GetValues("Idempotency-Replayed").Single());
        foreach (var other in new[] { server.Bob, server.ManagerKey })
            Assert.False((await server.Send(Call.Post("/api/drafts", hers, other, "Idempotency-Key: mine"))).Message.Headers.Contains("Idempotency-Replayed"));
    }

    [Fact]
    public async Task Nobody_finds_a_table_without_a_policy()
    {
        await server.Create("vaults");
        await server.Run("DELETE FROM socle_system.policies p USING socle_system.tables t WHERE t.id = p.table_id AND t.relation = 'vaults'::regclass");
        await server.WaitFor("/api/vaults", server.Ann, 404);
        foreach (var header in new[] { server.Ann, server.ViewerKey, server.ManagerKey })
        {
            foreach (var call in new[]
            {
                Call.Get("/api/vaults/1", header), Call.Get("/vaults.csv", header), Call.Get("/api/vaults/1/history", header), Call.Get("/api/events?table=vaults", header),
                Call.Post("/api/vaults", "{}", header), Call.Patch("/api/vaults/1", "{}", header), Call.Delete("/api/vaults/1", header), Call.Get("/api/trash?table=vaults", header),
                Call.Delete("/api/trash?table=vaults", header), Call.Post("/api/vaults/import", "{}", header), Call.Post("/api/vaults/1/history/1/restore", "", header),
            })
            {
                await server.Expect(404, call);
            }

            Assert.DoesNotContain("vaults", (await server.Expect(200, Call.Get("/api/openapi.json", header))).Text, StringComparison.Ordinal);
        }

        Assert.Equal(5, (await server.Expect(200, Call.Get("/api/vaults"))).Data!.AsArray().Count);
    }
}
