using System.Text;

namespace Socle.Tests.Server.Doors;

/// <summary>The doors beside the records: history, trash, change sets, events, import.</summary>
[Collection(nameof(DoorServer))]
public sealed class OtherDoorTests(DoorServer server)
{
    [Fact]
    public async Task The_history_is_of_ones_own_records_and_fields()
    {
        await server.Create("letters");
        await server.Run("UPDATE letters SET amount = amount + 1, secret = 'deep'");
        var answer = await server.Expect(200, Call.Get("/api/letters/1/history", server.Ann));
        Assert.DoesNotContain("secret", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("deep", answer.Text, StringComparison.Ordinal);
        ScenarioServer.Same("""{"amount":{"from":10,"to":11}}""", answer.Data![0]!["changes"], "what she sees of it");
        await server.Expect(404, Call.Get("/api/letters/4/history", server.Ann));
        var version = answer.Data[1]!["version"];
        var refused = await server.Expect(403, Call.Post($"/api/letters/1/history/{version}/restore", "", server.Ann));
        Assert.DoesNotContain("secret", refused.Text, StringComparison.Ordinal);
        await server.Expect(403, Call.Post($"/api/letters/1/history/{version}/restore", "", server.ViewerKey));
        await server.Expect(404, Call.Post($"/api/letters/4/history/{version}/restore", "", server.Ann));
        Assert.Equal("deep", await server.Ask<string>("SELECT secret FROM letters WHERE id = 1"));
        await server.Expect(200, Call.Post($"/api/letters/1/history/{version}/restore", "", server.ManagerKey));
        Assert.StartsWith("key:", await server.Ask<string>("SELECT actor FROM socle_system.changes WHERE source = 'restore' ORDER BY id DESC LIMIT 1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_trash_is_of_ones_own_records_and_only_undoers_forget()
    {
        await server.Create("parcels");
        await server.Run("DELETE FROM parcels WHERE id IN (1, 4)");
        var hers = await server.Expect(200, Call.Get("/api/trash?table=parcels", server.Ann));
        Assert.Equal("1", (string)hers.Data!.AsArray().Single()!["id"]!);
        Assert.DoesNotContain("secret", hers.Text, StringComparison.Ordinal);
        Assert.Contains((await server.Expect(200, Call.Get("/api/trash", server.Ann))).Data!.AsArray(), entry => (string)entry!["table"]! == "parcels");
        var his = (await server.Expect(200, Call.Get("/api/trash?table=parcels", server.Bob))).Data![0]!["entry"];
        await server.Expect(404, Call.Post($"/api/trash/{his}/restore", "", server.Ann));
        foreach (var header in new[] { server.Ann, server.ViewerKey })
        {
            await server.Expect(403, Call.Delete($"/api/trash/{his}", header));
            await server.Expect(403, Call.Delete("/api/trash?table=parcels", header));
            foreach (var call in new[] { Call.Get("/api/changes", header), Call.Get($"/api/changes/{Guid.NewGuid()}", header), Call.Post($"/api/changes/{Guid.NewGuid()}/undo", "", header) })
                await server.Expect(403, call);
        }

        await server.Expect(403, Call.Post($"/api/trash/{his}/restore", "", server.ViewerKey));
        await server.Expect(200, Call.Post($"/api/trash/{his}/restore", "", server.ManagerKey));
        await server.Expect(200, Call.Delete("/api/trash?table=parcels", server.ManagerKey), """{"purged":1}""");
    }

    [Fact]
    public async Task An_import_is_for_roles_without_conditions_and_for_fields_that_they_may_write()
    {
        await server.Create("goods");
        var file = "id;name;amount\n6;six;6\n";
        foreach (var query in new[] { "", "?dry_run=true" })
        {
            Assert.Contains("only some records", await Import(403, $"/api/goods/import{query}", file, server.Ann), StringComparison.Ordinal);
            await Import(403, $"/api/goods/import{query}", file, server.ViewerKey);
        }

        Assert.Equal(5L, await server.Ask<long>("SELECT count(*) FROM goods"));
        await Import(200, "/api/goods/import", file, server.ManagerKey);
        await server.Run("UPDATE socle_system.policies p SET fields = '{id,name,amount}' FROM socle_system.tables t WHERE t.id = p.table_id AND t.relation = 'goods'::regclass AND p.role = 'manager' AND p.action IN ('create', 'update')");
        await UntilRefused("/api/goods/import?dry_run=true", "id;name;secret\n7;seven;x\n", server.ManagerKey);
        Assert.Contains("secret", await Import(403, "/api/goods/import", "id;name;secret\n7;seven;x\n", server.ManagerKey), StringComparison.Ordinal);
        await Import(200, "/api/goods/import", "id;name\n7;seven\n", server.ManagerKey);
        await server.Run("DELETE FROM socle_system.policies p USING socle_system.tables t WHERE t.id = p.table_id AND t.relation = 'goods'::regclass AND p.role = 'manager' AND p.action = 'update'");
        await UntilRefused("/api/goods/import?dry_run=true&key=id", "id;name\n8;eight\n", server.ManagerKey);
        Assert.Contains("\"created\":1,\"updated\":0,\"unchanged\":0,\"rejected\":1", await Import(200, "/api/goods/import", "id;name\n8;eight\n1;other\n", server.ManagerKey), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_hears_of_their_own_records()
    {
        await server.Create("calls");
        await using var ann = await Listener.Start(server, server.Ann, "?table=calls");
        await using var bob = await Listener.Start(server, server.Bob, "?table=calls");
        await using var viewer = await Listener.Start(server, server.ViewerKey, "?table=calls");
        await server.Expect(200, Call.Patch("/api/calls/1", """{"amount":1}""", server.Ann));
        await server.Expect(200, Call.Patch("/api/calls/4", """{"amount":2}""", server.Bob));
        await server.Run($"UPDATE calls SET owner_id = '{server.AnnId}' WHERE id = 4");
        var heard = await ann.WaitFor(2);
        Assert.Equal(["updated 1", "created 4"], heard.Select(told => $"{told.Kind} {told.Data["id"]}"));
        Assert.All(heard, told => Assert.False(told.Data["record"]!.AsObject().ContainsKey("secret")));
        heard = await bob.WaitFor(2);
        Assert.Equal(["updated 4", "deleted 4"], heard.Select(told => $"{told.Kind} {told.Data["id"]}"));
        Assert.Null(heard[1].Data["record"]);
        Assert.Equal("s", (string)(await viewer.WaitFor(3))[0].Data["record"]!["secret"]!);
    }

    [Fact]
    public async Task A_key_that_is_revoked_ends_its_streams()
    {
        await server.Create("rings");
        var made = (await server.Expect(201, Call.Post("/api/keys", """{"name":"k","role":"viewer"}"""))).Data!;
        await using var listener = await Listener.Start(server, $"Authorization: Bearer {made["key"]}", "?table=rings");
        await server.Run("UPDATE rings SET amount = 1 WHERE id = 1");
        await listener.WaitFor(1);
        await server.Expect(200, Call.Delete($"/api/keys/{made["id"]}"));
        await server.Run("UPDATE rings SET amount = 2 WHERE id = 1");
        await listener.Ended.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.Single(await listener.WaitFor(1));
    }

    /// <summary>Until the server knows of new policies.</summary>
    private async Task UntilRefused(string address, string file, string header)
    {
        for (var i = 0; i < 200 && (await Import(address, file, header)).Status == 200; i++)
            await Task.Delay(20);
        await Import(403, address, file, header);
    }

    private async Task<string> Import(int status, string address, string file, string header)
    {
        var answer = await Import(address, file, header);
        Assert.True(answer.Status == status, $"{address} answered {answer.Status}, not {status}: {answer.Text}");
        return answer.Text;
    }

    private async Task<(int Status, string Text)> Import(string address, string file, string header)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, UriKind.Relative)) { Content = new StringContent(file, Encoding.UTF8, "text/csv") };
        request.Headers.TryAddWithoutValidation("Authorization", header["Authorization: ".Length..]);
        using var response = await server.Server.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
