using System.Text.Json.Nodes;
using Socle.Tests.Server.Doors;

namespace Socle.Tests.Server.Relations;

/// <summary>Lookups and rollups are fields like others to whoever reads, and to nobody who writes.</summary>
[Collection(nameof(FirmWithChoices))]
public sealed class ComputedFieldTests(FirmWithChoices firm)
{
    [Fact]
    public async Task They_are_in_every_record_and_chosen_by_name()
    {
        await firm.Expect(
            200,
            Call.Get("/api/clients?select=name,contractsCount,signed_total,best,mean_days,lastOn&order=name"),
            """
            [{"name":"Aline","contractsCount":3,"signedTotal":150.50,"best":900.00,"meanDays":2.0000000000000000,"lastOn":"2026-03-01"},
             {"name":"Bruno","contractsCount":1,"signedTotal":0,"best":10.00,"meanDays":4.0000000000000000,"lastOn":null},
             {"name":"Chloe","contractsCount":0,"signedTotal":0,"best":null,"meanDays":null,"lastOn":null}]
            """);
        var all = (await firm.Expect(200, Call.Get("/api/contracts?title=eq.A1"))).Data![0]!;
        Assert.Equal("Aline p 150.50 Ann", $"{all["clientName"]} {all["clientKind"]} {all["clientTotal"]} {all["ownerName"]}");
        await firm.Expect(200, Call.Get("/api/contracts?select=title,clientName,clientTotal&title=eq.N1"), """[{"title":"N1","clientName":null,"clientTotal":null}]""");
        // The second and the third door.
        Assert.Equal("Aline", (string?)(await firm.Expect(200, Call.Get("/contracts?title=eq.A1&select=client_name"))).Json["data"]![0]!["clientName"]);
        var batch = await firm.Expect(200, Call.Post("/api/batch", """{"operations":[{"method":"GET","path":"/api/clients?select=contracts_count&name=eq.Aline"}]}"""));
        Assert.Contains("3", batch.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/clients?select=name&contracts_count=gt.0&order=name", "Aline,Bruno")]
    [InlineData("/api/clients?select=name&contractsCount=eq.3", "Aline")]
    [InlineData("/api/clients?select=name&signed_total=in.(0,1)&order=name.desc", "Chloe,Bruno")]
    [InlineData("/api/clients?select=name&best=is.null", "Chloe")]
    [InlineData("/api/clients?select=name&last_on=gte.2026-03-01", "Aline")]
    [InlineData("/api/clients?select=name&order=best.desc.nullslast", "Aline,Bruno,Chloe")]
    [InlineData("/api/clients?select=name&or=(contracts_count.eq.0,and(best.lt.20,mean_days.eq.4))&order=name", "Bruno,Chloe")]
    [InlineData("/api/clients?select=name&not.and=(contracts_count.lt.3)", "Aline")]
    [InlineData("/api/contracts?select=name:title&client_name=ilike.*LIN*&order=title", "A1,A2,A3")]
    [InlineData("/api/contracts?select=name:title&client_kind=eq.b", "B1")]
    [InlineData("/api/contracts?select=name:title&order=client_name.desc.nullslast,title.desc&limit=2", "B1,A3")]
    [InlineData("/api/contracts?select=name:title,clients(name)&clients.contracts_count=gt.2&clients=not.is.null&order=title", "A1,A2,A3")]
    [InlineData("/api/clients?select=name,contracts(title)&contracts.client_total=gt.1&contracts=not.is.null", "Aline")]
    public async Task They_filter_and_sort(string address, string names) =>
        Assert.Equal(names, string.Join(',', (await firm.Expect(200, Call.Get(address))).Data!.AsArray().Select(record => (string)record!["name"]!)));

    [Fact]
    public async Task They_are_grouped_and_aggregated_and_embedded()
    {
        await firm.Expect(200, Call.Get("/api/contracts?select=client_name,count(),total:amount.sum()&order=client_name.asc.nullslast"), """[{"clientName":"Aline","count":3,"total":1050.50},{"clientName":"Bruno","count":1,"total":10.00},{"clientName":null,"count":1,"total":7.00}]""");
        await firm.Expect(200, Call.Get("/api/clients?select=sum:contracts_count.sum(),most:signed_total.max()"), """[{"sum":4,"most":150.50}]""");
        await firm.Expect(200, Call.Get("/api/clients?select=kind,contracts_count.sum()&kind=eq.p"), """[{"kind":"p","sum":3}]""");
        await firm.Expect(200, Call.Get("/api/contracts?select=title,clients(name,contracts_count)&title=eq.B1"), """[{"title":"B1","clients":{"name":"Bruno","contractsCount":1}}]""");
        await firm.Expect(200, Call.Get("/api/contracts?select=title,...clients(contracts_count,signed_total)&title=eq.B1"), """[{"title":"B1","contractsCount":1,"signedTotal":0}]""");
        await firm.Expect(200, Call.Get("/api/clients?select=name,contracts(client_name,client_total)&name=eq.Bruno"), """[{"name":"Bruno","contracts":[{"clientName":"Bruno","clientTotal":0}]}]""");
        await firm.Expect(200, Call.Get("/api/contracts?select=title,clients(name)&order=clients(contracts_count).desc.nullslast,title&limit=1"), """[{"title":"A1","clients":{"name":"Aline"}}]""");
        await firm.Expect(200, Call.Get("/api/contracts?select=title&q=a1"), """[{"title":"A1"}]""");
        Assert.Equal(2, (int)(await firm.Expect(200, Call.Get("/api/clients?select=name&contracts_count=gt.0&count=exact&limit=1"))).Json["meta"]!["total"]!);
    }

    [Fact]
    public async Task They_are_exported()
    {
        var csv = await firm.Expect(200, Call.Get("/api/clients?select=name,contracts_count,signed_total,last_on&order=name", "Accept: text/csv"));
        Assert.Contains("Aline", csv.Text, StringComparison.Ordinal);
        Assert.Contains("150", csv.Text, StringComparison.Ordinal);
        await firm.Expect(200, Call.Get("/api/clients", "Accept: application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"));
    }

    [Fact]
    public async Task Writes_answer_them_and_never_take_them()
    {
        var created = await firm.Expect(201, Call.Post("/api/clients", """{"name":"Dora"}"""));
        Assert.Equal((0, 0m), ((int)created.Data!["contractsCount"]!, (decimal)created.Data["signedTotal"]!));
        var id = (string)created.Data["id"]!;
        var contract = await firm.Expect(201, Call.Post("/api/contracts?select=title,client_name,clients(name)", $$"""{"title":"D1","clientId":"{{id}}","amount":5,"status":"signed"}"""));
        Assert.Equal(("Dora", "Dora"), ((string?)contract.Data!["clientName"], (string?)contract.Data["clients"]!["name"]));

        var refused = await firm.Expect(422, Call.Post("/api/clients", """{"name":"E","contractsCount":7}"""));
        Assert.Contains("\"contractsCount\"", refused.Text, StringComparison.Ordinal);
        await firm.Expect(422, Call.Patch($"/api/clients/{id}", """{"contracts_count":7}"""));
        // Sent back as it was read it is no change.
        var read = (await firm.Expect(200, Call.Get($"/api/clients/{id}"))).Data!.AsObject();
        read["name"] = "Dora B";
        var changed = await firm.Expect(200, Call.Patch($"/api/clients/{id}", read.ToJsonString()));
        Assert.Equal(("Dora B", 1, 5m), ((string?)changed.Data!["name"], (int)changed.Data["contractsCount"]!, (decimal)changed.Data["signedTotal"]!));
        await firm.Expect(200, Call.Put($"/api/clients/{id}", """{"name":"Dora C"}"""));
        Assert.Equal("\"Dora C\"", (await firm.Expect(200, Call.Get("/api/contracts?select=client_name&title=eq.D1"))).Data![0]!["clientName"]!.ToJsonString());
        await firm.Expect(200, Call.Delete("/api/contracts?title=eq.D1&select=*,clients(contracts_count)"));
        await firm.Expect(200, Call.Delete($"/api/clients/{id}"));
    }

    [Fact]
    public async Task Upserts_and_writes_of_several_answer_them()
    {
        var id = Guid.NewGuid();
        await firm.Expect(201, Call.Post("/api/clients?on_conflict=id&select=name,contracts_count", $$"""[{"id":"{{id}}","name":"U"}]""", "Prefer: resolution=merge-duplicates"), """[{"name":"U","contractsCount":0}]""");
        await firm.Expect(200, Call.Post("/api/clients?on_conflict=id&select=name,contracts_count", $$"""[{"id":"{{id}}","name":"V"}]""", "Prefer: resolution=merge-duplicates"), """[{"name":"V","contractsCount":0}]""");
        await firm.Expect(200, Call.Delete($"/api/clients?id=eq.{id}&contracts_count=eq.0"));
    }

    [Theory]
    [InlineData("/api/clients?contracts_count=eq.many", "contracts_count")]
    [InlineData("/api/clients?contracts_count=like.3", "contracts_count")]
    [InlineData("/api/clients?last_on=gt.yesterday", "last_on")]
    [InlineData("/api/clients?select=last_on.sum()", "last_on")]
    [InlineData("/api/clients?select=contract_count", "contracts")]
    [InlineData("/api/clients?contracts_count=is.true", "contracts_count")]
    public async Task Bad_questions_get_a_clear_answer(string address, string word)
    {
        var answer = await firm.Send(Call.Get(address));
        Assert.Equal(400, answer.Status);
        Assert.Contains(word, answer.Text.Replace("contractsCount", "contracts_count", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rollup_counts_what_the_caller_sees()
    {
        await firm.Expect(200, Call.Get("/api/clients?select=name,contracts_count,signed_total,best&name=in.(Aline,Bruno)&order=name", firm.Ann), """[{"name":"Aline","contractsCount":1,"signedTotal":100.00,"best":100.00},{"name":"Bruno","contractsCount":1,"signedTotal":0,"best":10.00}]""");
        await firm.Expect(200, Call.Get("/api/contracts?select=title,client_total&order=title", firm.Ann), """[{"title":"A1","clientTotal":100.00},{"title":"B1","clientTotal":0}]""");
        await firm.Expect(200, Call.Get("/api/clients?select=name&signed_total=gt.120", firm.Ann), "[]");
        // What she writes is answered with what she sees.
        var id = await firm.Id("clients", "Aline");
        Assert.Equal(100m, (decimal)(await firm.Expect(200, Call.Patch($"/api/clients/{id}", """{"name":"Aline"}""", firm.Ann))).Data!["signedTotal"]!);
    }

    [Fact]
    public async Task A_field_is_not_there_for_a_role_that_may_not_read_what_it_goes_through()
    {
        var client = (await firm.Expect(200, Call.Get("/api/clients?name=eq.Aline", firm.Clerk))).Data![0]!.AsObject();
        Assert.Equal(["name", "contractsCount"], client.Select(member => member.Key));
        Assert.Equal(3, (int)client["contractsCount"]!);
        await firm.Expect(200, Call.Get("/api/contracts?select=title,client_name&title=eq.A1", firm.Clerk), """[{"title":"A1","clientName":"Aline"}]""");
        foreach (var address in new[] { "/api/clients?select=best", "/api/clients?best=gt.1", "/api/clients?order=signed_total", "/api/contracts?select=client_total", "/api/contracts?select=owner_name" })
        {
            var refused = await firm.Expect(400, Call.Get(address, firm.Clerk));
            Assert.Equal("unknown_field", (string?)refused.Error["code"]);
        }

        Assert.DoesNotContain("signedTotal", (await firm.Expect(200, Call.Get("/api/openapi.json", firm.Clerk))).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_description_says_what_they_are()
    {
        var document = (await firm.Expect(200, Call.Get("/api/openapi.json"))).Json;
        var client = document["components"]!["schemas"]!["Clients"]!["properties"]!;
        Assert.Equal(("integer", true), ((string?)client["contractsCount"]!["type"], (bool)client["contractsCount"]!["readOnly"]!));
        Assert.Contains("Computed from `contracts`.", (string)client["signedTotal"]!["description"]!, StringComparison.Ordinal);
        var contract = document["components"]!["schemas"]!["Contracts"]!["properties"]!;
        Assert.Contains("Private", (string)contract["clientKind"]!["description"]!, StringComparison.Ordinal);
        Assert.Equal(["p", "b", null], contract["clientKind"]!["enum"]!.AsArray().Select(value => (string?)value));
    }

    [Fact]
    public async Task Events_carry_them_as_the_listener_sees_them()
    {
        await using var listener = await Listener.Start(firm.Server.Http, firm.Ann, "?table=clients");
        var id = await firm.Id("clients", "Aline");
        await firm.Expect(200, Call.Patch($"/api/clients/{id}", """{"kind":"b"}"""));
        await firm.Expect(200, Call.Patch($"/api/clients/{id}", """{"kind":"p"}"""));
        var sent = (await listener.WaitFor(1))[0].Data;
        Assert.Contains("\"signedTotal\":100.00", sent.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_table_is_read_on_while_what_a_field_goes_through_is_renamed_or_gone()
    {
        await firm.Run("ALTER TABLE contracts RENAME days TO duration");
        await Until(async () => (await firm.Send(Call.Get("/api/contracts?select=duration&limit=1"))).Status == 200);
        await Until(async () => (await firm.Send(Call.Get("/api/clients?select=mean_days&name=eq.Aline"))) is { Status: 200 } answer && answer.Text.Contains("2.0", StringComparison.Ordinal));
        await firm.Run("ALTER TABLE contracts RENAME duration TO days; ALTER TABLE contracts RENAME TO deals");
        await Until(async () => (await firm.Send(Call.Get("/api/deals?limit=1"))).Status == 200);
        await Until(async () => (await firm.Send(Call.Get("/api/clients?select=best"))).Status == 200);
        await firm.Run("ALTER TABLE deals RENAME TO contracts; ALTER TABLE contracts DROP CONSTRAINT fk_contracts_client_id");
        await Until(async () => (await firm.Send(Call.Get("/api/clients?select=best"))).Status == 400);
        await firm.Expect(200, Call.Get("/api/clients"));
        await Until(() => Task.FromResult(firm.Server.Log.Contains("The computed field best of clients is not there", StringComparison.Ordinal)));
        await firm.Run("ALTER TABLE contracts ADD CONSTRAINT fk_contracts_client_id FOREIGN KEY (client_id) REFERENCES clients (id) ON DELETE RESTRICT");
        await Until(async () => (await firm.Send(Call.Get("/api/clients?select=best"))).Status == 200);
    }

    private static async Task Until(Func<Task<bool>> condition)
    {
        for (var tries = 0; !await condition(); tries++)
        {
            Assert.True(tries < 300, "It did not happen.");
            await Task.Delay(30);
        }
    }
}
