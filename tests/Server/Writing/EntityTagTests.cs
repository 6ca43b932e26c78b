namespace Socle.Tests.Server.Writing;

/// <summary>ETag, If-None-Match and If-Match: no copy is sent twice, and no edit overwrites another one unseen.</summary>
[Collection(nameof(WritingServer))]
public sealed class EntityTagTests(WritingServer server)
{
    [Fact]
    public async Task A_record_has_the_same_tag_until_it_changes_whoever_changes_it()
    {
        var (address, created) = await Create("Marque");
        var read = await Tag(Call.Get(address));
        Assert.Equal(created, read);
        Assert.Equal(read, await Tag(new Call("HEAD", address)));
        Assert.Equal(read, await Tag(Call.Get($"{address}/?select=*")));
        Assert.Matches("^\"[0-9a-f]+-[0-9a-f]{16}\"$", read);
        var patched = await Tag(Call.Patch(address, """{"firstName":"B"}"""));
        Assert.NotEqual(read, patched);
        Assert.Equal(patched, await Tag(Call.Get(address)));
        await server.Ask<Guid>($"UPDATE clients SET first_name = first_name WHERE id = '{address[13..]}' RETURNING id");
        Assert.NotEqual(patched, await Tag(Call.Get(address)));
        var replaced = await Tag(Call.Put(address, """{"lastName":"Marque"}"""));
        Assert.Equal(replaced, await Tag(Call.Get(address)));
    }

    [Fact]
    public async Task What_shows_more_or_less_of_a_record_has_another_tag_of_the_same_version()
    {
        var (address, tag) = await Create("Vue");
        var few = await Tag(Call.Get($"{address}?select=lastName"));
        var embedded = await Tag(Call.Get($"{address}?select=*,companies(name)"));
        Assert.Equal(3, new HashSet<string> { tag, few, embedded }.Count);
        Assert.Single(new HashSet<string> { Version(tag), Version(few), Version(embedded) });
        var changed = await Tag(Call.Patch($"{address}?select=id", """{"firstName":"x"}""", $"If-Match: {few}"));
        await server.Expect(412, Call.Patch(address, """{"firstName":"y"}""", $"If-Match: {embedded}"));
        await server.Expect(200, Call.Patch(address, """{"firstName":"y"}""", $"If-Match: {changed}"));
    }

    [Fact]
    public async Task A_related_record_that_changes_changes_the_tag_of_what_shows_it()
    {
        var company = (await server.Expect(201, Call.Post("/api/companies", """{"name":"Avant"}"""))).Data!["id"];
        var (address, _) = await Create("Lié", $",\"companyId\":{company}");
        var call = Call.Get($"{address}?select=lastName,companies(name)");
        var before = await Tag(call);
        await server.Expect(200, Call.Patch($"/api/companies/{company}", """{"name":"Après"}"""));
        await server.Expect(200, call with { Headers = [$"If-None-Match: {before}"] });
        await server.Expect(304, call with { Headers = [$"If-None-Match: {await Tag(call)}"] });
    }

    [Fact]
    public async Task Who_has_the_record_gets_no_second_copy()
    {
        var (address, tag) = await Create("Copie");
        foreach (var header in new[] { tag, $"W/{tag}", "*", $"\"x\" , {tag},\"a,b\"", $"\"x\",W/{tag}" })
        {
            foreach (var method in new[] { "GET", "HEAD" })
            {
                var answer = await server.Expect(304, new Call(method, address, null, $"If-None-Match: {header}"));
                Assert.Equal("", answer.Text);
                Assert.Equal(tag, answer.Message.Headers.ETag!.ToString());
                Assert.Null(answer.Message.Content.Headers.ContentType);
            }
        }

        foreach (var header in new[] { "\"x\"", tag.Trim('"'), $"\"{Version(tag)}\"", "" })
            await server.Expect(200, Call.Get(address, $"If-None-Match: {header}"));
        await server.Expect(404, Call.Get("/api/clients/00000000-0000-4000-8000-00000000dead", "If-None-Match: *"));
        await server.Expect(200, Call.Get("/api/clients?limit=1", $"If-None-Match: {tag}"));
    }

    [Theory]
    [InlineData("{0}", 200)]
    [InlineData("*", 200)]
    [InlineData("\"0-0\", {0}", 200)]
    [InlineData(" {0} , \"x\" ", 200)]
    [InlineData("\"a,b\",{0}", 200)]
    [InlineData("W/{0}", 412)]
    [InlineData("W/{0}, \"x\"", 412)]
    [InlineData("\"0-0\"", 412)]
    [InlineData("\"\"", 412)]
    [InlineData("\"-\"", 412)]
    [InlineData("\"ffffffffff-0\"", 412)]
    [InlineData("{1}", 400)]
    [InlineData("'{1}'", 400)]
    [InlineData("\"{1}", 400)]
    [InlineData("*, {0}", 400)]
    [InlineData("{0} {0}", 400)]
    [InlineData("1", 400)]
    public async Task If_Match_lets_through_what_names_the_version(string header, int status)
    {
        foreach (var method in new[] { "PATCH", "PUT", "DELETE" })
        {
            var (address, tag) = await Create("Si");
            var call = new Call(method, address, method == "DELETE" ? null : """{"lastName":"Si"}""", $"If-Match: {header.Replace("{0}", tag, StringComparison.Ordinal).Replace("{1}", tag.Trim('"'), StringComparison.Ordinal)}");
            var answer = await server.Expect(status, call);
            if (status == 200)
                continue;
            Assert.Equal(status == 412 ? "stale_record" : "invalid_request", (string)answer.Error["code"]!);
            Assert.Equal(["If-Match"], answer.Error["fields"]!.AsObject().Select(field => field.Key));
            Assert.Equal(tag, await Tag(Call.Get(address)));
        }
    }

    [Fact]
    public async Task A_record_that_is_gone_is_not_found_rather_than_stale()
    {
        var (address, tag) = await Create("Parti");
        await server.Expect(200, Call.Delete(address, $"If-Match: {tag}"));
        foreach (var header in new[] { tag, "*" })
        {
            await server.Expect(404, Call.Delete(address, $"If-Match: {header}"));
            await server.Expect(404, Call.Patch(address, """{"lastName":"x"}""", $"If-Match: {header}"));
        }
    }

    [Fact]
    public async Task A_stale_write_is_stale_also_where_it_sends_back_what_is_kept()
    {
        var (address, tag) = await Create("Écho");
        var record = (await server.Expect(200, Call.Get(address))).Data!.ToJsonString();
        var next = await Tag(Call.Patch(address, """{"firstName":"x"}"""));
        var stale = await server.Expect(412, Call.Put(address, record, $"If-Match: {tag}"));
        Assert.Equal("stale_record", (string)stale.Error["code"]!);
        var changed = await server.Expect(422, Call.Put(address, record, $"If-Match: {next}"));
        Assert.Equal("rule_violation", (string)changed.Error["code"]!);
        await server.Expect(200, Call.Patch(address, "{}", $"If-Match: {next}"));
        await server.Expect(412, Call.Patch(address, "{}", $"If-Match: {tag}"));
        await server.Expect(404, Call.Patch($"{address}?status=eq.lost", """{"firstName":"z"}""", $"If-Match: {next}"));
    }

    [Theory]
    [InlineData("POST", "/api/log_lines", "If-Match: \"1-1\"")]
    [InlineData("POST", "/api/log_lines", "If-None-Match: *")]
    [InlineData("PATCH", "/api/log_lines?line=eq.nobody", "If-Match: *")]
    [InlineData("DELETE", "/api/log_lines?line=eq.nobody", "If-Match: \"1-1\"")]
    [InlineData("PUT", "/api/clients/00000000-0000-4000-8000-000000000001", "If-None-Match: *")]
    [InlineData("PATCH", "/api/active_clients?id=eq.00000000-0000-4000-8000-000000000001", "If-Match: \"1-1\"")]
    public async Task A_condition_that_cannot_be_judged_is_refused(string method, string address, string header)
    {
        var refused = await server.Expect(400, new Call(method, address, method == "DELETE" ? null : """{"line":"x","lastName":"x"}""", header));
        Assert.Equal("invalid_request", (string)refused.Error["code"]!);
    }

    [Fact]
    public async Task A_read_may_ask_for_one_version_only()
    {
        var (address, tag) = await Create("Lecture");
        await server.Expect(200, Call.Get(address, $"If-Match: {tag}"));
        await server.Expect(412, Call.Get(address, "If-Match: \"1-1\""));
    }

    [Fact]
    public async Task Of_thirty_two_writers_who_read_the_same_version_one_wins()
    {
        await server.Expect(201, Call.Post("/api/products", """{"id":601,"sku":"E1","name":"0","price":1}"""));
        var tag = await Tag(Call.Get("/api/products/601"));
        for (var round = 1; round <= 5; round++)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(writer => server.Send(Call.Patch("/api/products/601", $$"""{"name":"{{round}}-{{writer}}"}""", $"If-Match: {tag}"))));
            var won = Assert.Single(answers, answer => answer.Status == 200);
            Assert.Equal(31, answers.Count(answer => answer.Status == 412));
            Assert.Equal((string)won.Data!["name"]!, await server.Ask<string>("SELECT name FROM products WHERE id = 601"));
            tag = won.Message.Headers.ETag!.ToString();
        }
    }

    [Fact]
    public async Task Writers_who_read_and_repeat_lose_no_edit()
    {
        await server.Expect(201, Call.Post("/api/products", """{"id":602,"sku":"E2","name":"0","price":1}"""));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            for (var done = 0; done < 5;)
            {
                var read = await server.Expect(200, Call.Get("/api/products/602"));
                var name = int.Parse((string)read.Data!["name"]!) + 1;
                var written = await server.Send(Call.Patch("/api/products/602", $$"""{"name":"{{name}}"}""", $"If-Match: {read.Message.Headers.ETag}"));
                Assert.Contains(written.Status, new[] { 200, 412 });
                done += written.Status == 200 ? 1 : 0;
            }
        }));
        Assert.Equal("40", await server.Ask<string>("SELECT name FROM products WHERE id = 602"));
    }

    [Fact]
    public async Task Upserts_composite_keys_and_partitions_have_tags_too()
    {
        var merged = Call.Post("/api/products?select=id,name", """{"id":603,"sku":"E3","name":"a","price":1}""", "Prefer: resolution=merge-duplicates");
        var tag = await Tag(merged, 201);
        Assert.Equal(tag, await Tag(Call.Get("/api/products/603?select=id,name")));
        Assert.NotEqual(tag, await Tag(merged with { Body = merged.Body!.Replace("\"a\"", "\"b\"", StringComparison.Ordinal) }));
        var line = await Tag(Call.Post("/api/order_lines?select=*,products(name)", """{"orderId":3,"lineNo":8,"productId":2,"unitPrice":3}"""), 201);
        await server.Expect(200, Call.Delete("/api/order_lines/3,8", $"If-Match: {line}"));

        await using (var command = server.Database.CreateCommand("CREATE TABLE parted (id integer PRIMARY KEY, n integer) PARTITION BY RANGE (id); CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (0) TO (10); CREATE TABLE parted_2 PARTITION OF parted FOR VALUES FROM (10) TO (20)"))
            await command.ExecuteNonQueryAsync();
        while ((await server.Send(Call.Get("/api/parted"))).Status != 200)
            await Task.Delay(10, TestContext.Current.CancellationToken);
        await server.Expect(201, Call.Post("/api/parted", """{"id":1,"n":1}"""));
        var read = await Tag(Call.Get("/api/parted/1"));
        await server.Expect(200, Call.Patch("/api/parted/1", """{"n":2}""", $"If-Match: {read}"));
        await server.Expect(412, Call.Patch("/api/parted/1", """{"n":3}""", $"If-Match: {read}"));
    }

    [Fact]
    public async Task Several_records_and_one_that_went_have_no_tag()
    {
        var (address, _) = await Create("Sans");
        foreach (var call in new[] { Call.Get("/api/clients?limit=1"), Call.Post("/api/log_lines", """[{"line":"sans"}]"""), Call.Patch("/api/log_lines?line=eq.sans", """{"level":21}"""), Call.Get($"{address}?select=id", "Accept: text/csv"), Call.Delete(address) })
            Assert.Null((await server.Send(call)).Message.Headers.ETag);
    }

    [Fact]
    public async Task A_batch_judges_and_tells_tags_as_single_requests_do()
    {
        var (address, tag) = await Create("Lot");
        string Patch(string header) => $$$"""{"operations":[{"method":"PATCH","path":"{{{address}}}","body":{"firstName":"L"},"headers":{"if-match":{{{System.Text.Json.JsonSerializer.Serialize(header)}}}}},{"method":"GET","path":"{{{address}}}"}]}""";
        var done = await server.Expect(200, Call.Post("/api/batch", Patch(tag)));
        var next = await Tag(Call.Get(address));
        Assert.Equal([next, next], done.Data!.AsArray().Select(operation => (string)operation!["etag"]!));
        var stale = await server.Expect(412, Call.Post("/api/batch", Patch(tag)));
        Assert.Equal("stale_record", (string)stale.Error["code"]!);
        Assert.Equal("operations[0].If-Match", stale.Error["fields"]!.AsObject().Single().Key);
        await server.Expect(400, Call.Post("/api/batch", Patch("unquoted")));
        await server.Expect(400, Call.Post("/api/batch", $$$"""[{"method":"GET","path":"{{{address}}}","headers":{"If-Match":"*"}}]"""));
    }

    private async Task<(string Address, string Tag)> Create(string name, string more = "")
    {
        var answer = await server.Expect(201, Call.Post("/api/clients", $$"""{"lastName":"{{name}}"{{more}}}"""));
        return ($"/api/clients/{answer.Data!["id"]}", answer.Message.Headers.ETag!.ToString());
    }

    private async Task<string> Tag(Call call, int status = 200) => (await server.Expect(status, call)).Message.Headers.ETag!.ToString();

    private static string Version(string tag) => tag.Trim('"').Split('-')[0];
}
