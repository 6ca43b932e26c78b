using System.Text.Json.Nodes;

namespace Socle.Tests.Server.Views;

/// <summary>Dashboards: what their widgets count for whom, and that one which fails hides nothing of the others.</summary>
[Collection(nameof(CrmServer))]
public sealed class DashboardTests(CrmServer crm)
{
    [Fact]
    public async Task The_summary_is_the_first_shared_dashboard_with_the_numbers_of_whoever_looks()
    {
        var all = await crm.Get("mara", "/api/dashboard/summary");
        Assert.Equal("sales", (string)all["key"]!);
        Assert.Equal("""[{"sum":6000.00}]""", Widget(all, "late_amount")["data"]!.ToJsonString());
        Assert.Equal(["month"], Widget(all, "revenue")["groups"]!.AsArray().Select(name => (string)name!));
        Assert.Equal(["sum"], Widget(all, "revenue")["values"]!.AsArray().Select(name => (string)name!));
        Assert.Contains("""{"month":"2026-02-01","sum":6000.00}""", Widget(all, "revenue")["data"]!.ToJsonString(), StringComparison.Ordinal);

        var carls = await crm.Get("carl", "/api/dashboard/summary");
        Assert.Equal("""[{"status":"sent","count":1,"sum":21000.00},{"status":"signed","count":1,"sum":12000.00}]""", Widget(carls, "contracts_by_status")["data"]!.ToJsonString());
        Assert.Equal("[]", Widget(await crm.Get("cora", "/api/dashboard/summary"), "contracts_by_status")["data"]!.ToJsonString());
    }

    [Fact]
    public async Task A_widget_that_fails_says_why_and_the_others_answer()
    {
        const string Dashboard = """
            {"label":"Essai","widgets":[
              {"id":"first","kind":"number","table":"clients","query":"select=count()"},
              {"id":"broken","kind":"table","table":"clients","query":"select=zip_code::int&zip_code=not.is.null"},
              {"id":"last","kind":"pie","table":"contracts","query":"select=status,count()&order=status"}]}
            """;
        var id = (string)(await crm.Expect(201, "mara", "POST", "/api/dashboard", Dashboard))["data"]!["id"]!;
        await crm.Execute("UPDATE clients SET zip_code = 'CEDEX 9' WHERE company_name = 'Hôtel Bellevue'");
        try
        {
            var shown = await crm.Get("mara", $"/api/dashboard/{id}");
            Assert.Equal("""[{"count":8}]""", Widget(shown, "first")["data"]!.ToJsonString());
            Assert.Equal("invalid_value", (string)Widget(shown, "broken")["error"]!["code"]!);
            Assert.Equal(6, Widget(shown, "last")["data"]!.AsArray().Count);
        }
        finally
        {
            await crm.Execute("UPDATE clients SET zip_code = '25300' WHERE company_name = 'Hôtel Bellevue'");
            await crm.Expect(200, "mara", "DELETE", $"/api/dashboard/{id}");
        }
    }

    [Fact]
    public async Task A_widget_takes_no_longer_than_its_time()
    {
        await crm.Execute("CREATE VIEW slow_things AS SELECT pg_sleep(30)::text AS nap, 1 AS one");
        try
        {
            await crm.Until("anna", "/api/slow_things?limit=0", _ => true);
            var id = (string)(await crm.Expect(201, "anna", "POST", "/api/dashboard", """{"label":"x","widgets":[{"id":"slow","kind":"table","table":"slow_things","query":"select=nap"},{"id":"quick","kind":"number","table":"clients","query":"select=count()"}]}"""))["data"]!["id"]!;
            var shown = await crm.Get("anna", $"/api/dashboard/{id}");
            Assert.Equal("query_timeout", (string)Widget(shown, "slow")["error"]!["code"]!);
            Assert.Equal("""[{"count":8}]""", Widget(shown, "quick")["data"]!.ToJsonString());
            await crm.Expect(200, "anna", "DELETE", $"/api/dashboard/{id}");
        }
        finally
        {
            await crm.Execute("DROP VIEW slow_things");
        }
    }

    [Fact]
    public async Task Widgets_of_hidden_tables_and_fields_are_not_there()
    {
        var id = (string)(await crm.Expect(201, "anna", "POST", "/api/dashboard", """{"label":"x","shared":true,"position":99,"widgets":[{"kind":"number","table":"oauth_email_accounts","query":"select=count()"},{"kind":"pie","table":"oauth_email_accounts","query":"select=access_token,count()"},{"kind":"number","table":"clients","query":"select=count()"}]}"""))["data"]!["id"]!;

        Assert.Equal(["w1", "w3"], (await crm.Get("mara", $"/api/dashboard/{id}"))["widgets"]!.AsArray().Select(widget => (string)widget!["id"]!));
        Assert.Equal(["w3"], (await crm.Get("vera", $"/api/dashboard/{id}"))["widgets"]!.AsArray().Select(widget => (string)widget!["id"]!));
        Assert.Equal(403, (await crm.Send("carl", "PATCH", $"/api/dashboard/{id}", """{"label":"y"}""")).Status);
        await crm.Expect(200, "mara", "PATCH", $"/api/dashboard/{id}", """{"label":"y","widgets":[]}""");
        await crm.Expect(200, "mara", "DELETE", $"/api/dashboard/{id}");
        Assert.Equal(404, (await crm.Send("mara", "GET", $"/api/dashboard/{id}")).Status);
    }

    [Fact]
    public async Task All_that_is_wrong_with_its_widgets_is_told_at_once()
    {
        var error = (await crm.Expect(400, "mara", "POST", "/api/dashboard", """{"label":"x","widgets":[{"kind":"number","table":"contracts","query":"select=status,amount.sum()"},{"kind":"bar","table":"contract","query":"select=count()"},{"kind":"line","table":"payments","query":"select=amount.sum()&amout=gt.1"}]}"""))["error"]!;
        Assert.Equal(["widgets[0].query.select", "widgets[1].table", "widgets[2].query.amout", "widgets[2].query.select"], error["fields"]!.AsObject().Select(field => field.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Periods_of_moments_go_by_the_servers_time_zone()
    {
        await crm.Execute("INSERT INTO client_notes (client_id, content, created_at) SELECT id, 'nuit', '2026-06-30T22:30:00Z' FROM clients WHERE company_name = 'Imprimerie Rapide'");
        Assert.Equal("""[{"month":"2026-07-01","count":1}]""", (await crm.Get("mara", "/api/client_notes?select=created_at.month(),count()&content=eq.nuit")).ToJsonString());
        Assert.Equal(
            """[{"day":"2026-07-01","week":"2026-06-29","q":"2026-07-01","year":"2026-01-01"}]""",
            (await crm.Get("mara", "/api/client_notes?select=createdAt.day(),createdAt.week(),q:createdAt.quarter(),createdAt.year()&content=eq.nuit&order=createdAt.day().desc")).ToJsonString());
        Assert.Equal("""[{"company":"Imprimerie Rapide","month":"2026-07-01","count":1}]""", (await crm.Get("mara", "/api/client_notes?select=...clients(company:company_name),created_at.month(),count()&content=eq.nuit")).ToJsonString());
        Assert.Equal(400, (await crm.Send("mara", "GET", "/api/contracts?select=amount.month()")).Status);
        Assert.Equal(400, (await crm.Send("mara", "GET", "/api/contracts?select=signed_on.month(),count()&order=signed_on.year()")).Status);
        await crm.Execute("DELETE FROM client_notes WHERE content = 'nuit'");
    }

    private static JsonNode Widget(JsonNode dashboard, string id) => dashboard["widgets"]!.AsArray().First(widget => (string)widget!["id"]! == id)!;
}
