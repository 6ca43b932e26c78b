using System.Text.Json.Nodes;

namespace Socle.Tests.Server.Views;

/// <summary>Saved views: who sees and changes which, what they show to whom, and what becomes of them when their table changes.</summary>
[Collection(nameof(CrmServer))]
public sealed class ViewTests(CrmServer crm)
{
    [Fact]
    public async Task A_view_shows_the_records_that_the_callers_policies_let_them_see()
    {
        var id = await crm.ViewId("mara", "contracts", "pipeline");

        Assert.Equal(6, (await crm.Get("mara", $"/api/views/{id}/records")).AsArray().Count);
        var seen = (await crm.Get("carl", $"/api/views/{id}/records")).AsArray();
        Assert.Equal(["CT-2026-005", "CT-2026-001"], seen.Select(record => (string)record!["contractNumber"]!));
        Assert.All(seen, record => Assert.NotNull(record!["id"]));
        Assert.Empty((await crm.Get("cora", $"/api/views/{id}/records")).AsArray());
    }

    [Fact]
    public async Task The_caller_adds_conditions_a_page_and_an_order_and_never_another_select()
    {
        var id = await crm.ViewId("mara", "contracts", "pipeline");

        var answer = await crm.Expect(200, "mara", "GET", $"/api/views/{id}/records?status=eq.signed&order=amount&limit=1&offset=1&count=exact");
        Assert.Equal(3, (int)answer["meta"]!["total"]!);
        Assert.Equal("CT-2026-002", (string)Assert.Single(answer["data"]!.AsArray())!["contractNumber"]!);
        // The view's own conditions hold besides.
        Assert.Empty((await crm.Get("mara", $"/api/views/{id}/records?status=eq.lost")).AsArray());
        Assert.Equal("invalid_filter", (string)(await crm.Expect(400, "mara", "GET", $"/api/views/{id}/records?select=id"))["error"]!["code"]!);
        Assert.Equal("unknown_field", (string)(await crm.Expect(400, "mara", "GET", $"/api/views/{id}/records?nope=eq.1"))["error"]!["code"]!);
        Assert.StartsWith("contractNumber,title", (await crm.Send("mara", "GET", $"/api/views/{id}/records", accept: "text/csv")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_personal_view_is_its_owners_alone()
    {
        var made = (await crm.Expect(201, "carl", "POST", "/api/views", """{"table":"clients","label":"À moi","kind":"kanban","query":"select=companyName&order=companyName","settings":{"group":"status"}}"""))["data"]!;
        Assert.False((bool)made["shared"]!);
        foreach (var other in new[] { "cora", "mara", "anna" })
        {
            Assert.Equal(404, (await crm.Send(other, "GET", $"/api/views/{made["id"]}")).Status);
            Assert.Equal(404, (await crm.Send(other, "GET", $"/api/views/{made["id"]}/records")).Status);
            Assert.Equal(404, (await crm.Send(other, "DELETE", $"/api/views/{made["id"]}")).Status);
        }

        var changed = (await crm.Expect(200, "carl", "PATCH", $"/api/views/{made["id"]}", """{"label":{"fr":"Les miens","en":"Mine"},"query":"select=companyName,city"}"""))["data"]!;
        Assert.Equal("Mine", (string)changed["label"]!["en"]!);
        Assert.Equal(["city", "companyName", "id", "status"], (await crm.Get("carl", $"/api/views/{made["id"]}/records"))[0]!.AsObject().Select(member => member.Key).Order(StringComparer.Ordinal));
        await crm.Expect(200, "carl", "DELETE", $"/api/views/{made["id"]}");
        Assert.Equal(404, (await crm.Send("carl", "GET", $"/api/views/{made["id"]}")).Status);
    }

    [Fact]
    public async Task Shared_views_are_made_and_changed_by_managers()
    {
        const string View = """{"table":"clients","label":"Villes","kind":"grid","query":"select=city,count()","shared":true}""";
        Assert.Equal(403, (await crm.Send("carl", "POST", "/api/views", View)).Status);
        var id = (string)(await crm.Expect(201, "mara", "POST", "/api/views", View))["data"]!["id"]!;

        Assert.False((bool)(await crm.Get("carl", $"/api/views/{id}"))["mayChange"]!);
        Assert.Equal(403, (await crm.Send("carl", "PATCH", $"/api/views/{id}", """{"label":"x"}""")).Status);
        Assert.Equal(403, (await crm.Send("carl", "DELETE", $"/api/views/{id}")).Status);
        Assert.Equal("""[{"city":"Besançon","count":2}]""", Plain(await crm.Get("carl", $"/api/views/{id}/records")));
        await crm.Expect(200, "anna", "DELETE", $"/api/views/{id}");
    }

    [Fact]
    public async Task All_that_is_wrong_with_a_view_is_told_at_once()
    {
        var error = (await crm.Expect(400, "carl", "POST", "/api/views", """{"table":"clients","label":"x","kind":"calendar","query":"select=compny_name&statu=eq.active&limit=3","settings":{"end":"email"}}"""))["error"]!;
        Assert.Equal(["query.limit", "settings.end", "settings.start"], error["fields"]!.AsObject().Select(field => field.Key).Order(StringComparer.Ordinal));

        error = (await crm.Expect(400, "carl", "POST", "/api/views", """{"table":"clients","label":"x","kind":"kanban","query":"select=compny_name&statu=eq.active","settings":{"groop":"status"}}"""))["error"]!;
        Assert.Equal(["query.compny_name", "query.statu", "settings.groop"], error["fields"]!.AsObject().Select(field => field.Key).Order(StringComparer.Ordinal));
        Assert.Contains("Did you mean 'company_name'?", (string)error["fields"]!["query.compny_name"]!, StringComparison.Ordinal);
        Assert.Contains("Did you mean 'group'?", (string)error["fields"]!["settings.groop"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kanban", """{"group":"email"}""", "settings.group")]
    [InlineData("gallery", """{"cover":"assignedTo"}""", "settings.cover")]
    [InlineData("map", """{"latitude":"city","longitude":"city"}""", "settings.latitude")]
    [InlineData("map", "{}", "settings.position")]
    [InlineData("form", "{}", "settings.fields")]
    [InlineData("form", """{"fields":["companyName","nom"]}""", "settings.fields")]
    [InlineData("grid", """{"columns":[{"field":"city","width":0}]}""", "settings.columns")]
    [InlineData("timeline", """{"start":"city"}""", "settings.start")]
    public async Task Each_kind_takes_the_fields_that_can_play_its_parts(string kind, string settings, string field)
    {
        var answer = await crm.Send("carl", "POST", "/api/views", $$"""{"table":"clients","label":"x","kind":"{{kind}}","settings":{{settings}}}""");
        Assert.True(answer.Status is 400 or 422, answer.Text);
        Assert.NotNull(answer.Error["fields"]![field]);
    }

    [Fact]
    public async Task Placeholders_stand_for_who_looks_and_when()
    {
        var mine = await crm.ViewId("mara", "clients", "mine");
        Assert.Equal(["Atelier Sirius", "Menuiserie Aubry"], (await crm.Get("carl", $"/api/views/{mine}/records")).AsArray().Select(record => (string)record!["companyName"]!));
        Assert.Empty((await crm.Get("mara", $"/api/views/{mine}/records")).AsArray());

        var id = (string)(await crm.Expect(201, "mara", "POST", "/api/views", """{"table":"clients","label":"x","kind":"grid","query":"select=companyName&created_at=gte.{today}&created_at=lt.{today+1}"}"""))["data"]!["id"]!;
        Assert.Equal(8, (await crm.Get("mara", $"/api/views/{id}/records")).AsArray().Count);
        Assert.Equal(400, (await crm.Send("mara", "PATCH", $"/api/views/{id}", """{"query":"created_at=gte.{yesterday}"}""")).Status);
        await crm.Expect(200, "mara", "PATCH", $"/api/views/{id}", """{"query":"select=companyName&created_at=lt.{month-1}"}""");
        Assert.Empty((await crm.Get("mara", $"/api/views/{id}/records")).AsArray());
        await crm.Expect(200, "mara", "DELETE", $"/api/views/{id}");
    }

    [Fact]
    public async Task What_the_role_may_not_read_is_not_in_the_view()
    {
        // A viewer may read nothing of mail accounts, a manager all but the tokens.
        const string View = """{"table":"oauth_email_accounts","label":"Jetons","kind":"grid","shared":true,"query":"select=email,access_token&order=refresh_token","settings":{"columns":["email","access_token"]}}""";
        Assert.Equal(400, (await crm.Send("mara", "POST", "/api/views", View)).Status);
        var id = (string)(await crm.Expect(201, "anna", "POST", "/api/views", View))["data"]!["id"]!;

        Assert.Equal(404, (await crm.Send("vera", "GET", $"/api/views/{id}")).Status);
        var seen = await crm.Get("mara", $"/api/views/{id}");
        Assert.DoesNotContain("oken", seen.ToJsonString(), StringComparison.Ordinal);
        Assert.Empty(seen["problems"]!.AsArray());
        Assert.Equal(200, (await crm.Send("mara", "GET", $"/api/views/{id}/records")).Status);

        // Without its condition it would show other records: then it is not there at all.
        await crm.Expect(200, "anna", "PATCH", $"/api/views/{id}", """{"query":"select=email&access_token=is.null","settings":{}}""");
        Assert.Equal(404, (await crm.Send("mara", "GET", $"/api/views/{id}")).Status);
        Assert.Equal(404, (await crm.Send("mara", "GET", $"/api/views/{id}/records")).Status);
        await crm.Expect(200, "anna", "DELETE", $"/api/views/{id}");
    }

    [Fact]
    public async Task A_renamed_field_is_followed_and_one_that_is_gone_is_told()
    {
        await crm.Execute("ALTER TABLE clients ADD COLUMN region text; INSERT INTO socle_system.fields (table_id, name, type) SELECT id, 'region', 'text' FROM socle_system.tables WHERE relation = 'clients'::regclass; SELECT socle_system.refresh_fields()");
        await crm.Until("anna", "/api/clients?limit=1", data => data[0]!["region"] is null && data[0]!.AsObject().ContainsKey("region"));
        var id = (string)(await crm.Expect(201, "anna", "POST", "/api/views", """{"table":"clients","label":"x","kind":"kanban","query":"select=companyName,region&region=is.null&order=region","settings":{"group":"region"}}"""))["data"]!["id"]!;

        await crm.Execute("ALTER TABLE clients RENAME COLUMN region TO area");
        await crm.Until("anna", $"/api/views/{id}", view => (string)view["settings"]!["group"]! == "area");
        var view = await crm.Get("anna", $"/api/views/{id}");
        Assert.Equal("select=companyName,area&area=is.null&order=area", (string)view["query"]!);
        Assert.Empty(view["problems"]!.AsArray());
        Assert.Equal(8, (await crm.Get("anna", $"/api/views/{id}/records")).AsArray().Count);

        await crm.Execute("ALTER TABLE clients DROP COLUMN area");
        await crm.Until("anna", $"/api/views/{id}", found => found["problems"]!.AsArray().Count > 0);
        Assert.Equal(12, (await crm.Get("mara", "/api/views")).AsArray().Count(found => (string?)found!["blueprint"] == "crm"));
        Assert.Equal(400, (await crm.Send("anna", "GET", $"/api/views/{id}/records")).Status);
        await crm.Expect(200, "anna", "PATCH", $"/api/views/{id}", """{"query":"select=companyName","settings":{"group":"status"}}""");
        Assert.Equal(8, (await crm.Get("anna", $"/api/views/{id}/records")).AsArray().Count);
        await crm.Expect(200, "anna", "DELETE", $"/api/views/{id}");
    }

    private static string Plain(JsonNode node) => node.ToJsonString(new System.Text.Json.JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
