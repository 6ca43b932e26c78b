using System.Text.Json.Nodes;

namespace Socle.Tests.Server.Accounts;

/// <summary>Administrators say who may do what, and the next request goes by it.</summary>
[Collection(nameof(AccountServer))]
public sealed class PolicyTests(AccountServer server)
{
    [Fact]
    public async Task A_new_policy_holds_for_the_next_request_at_every_door()
    {
        await Tables("deals", "CREATE TABLE deals (id int PRIMARY KEY, name text, secret text, owner uuid REFERENCES socle_system.users ON DELETE SET NULL)");
        var admin = server.AdminAt();
        await admin.Expect(201, Call.Post("/api/roles", """{"name":"sales","label":{"fr":"Commercial","en":"Sales"}}"""));
        var (ana, email) = await server.NewUser("sales");
        var seller = new Visitor(server.Server.Address, $"Authorization: Bearer {await server.SignIn(email)}");
        await server.Run($"INSERT INTO deals VALUES (1, 'a', 's', '{ana}'), (2, 'b', 's', NULL)");
        await seller.Expect(404, Call.Get("/api/deals"));

        var made = await admin.Expect(201, Call.Post("/api/policies", """{"role":"sales","table":"deals","action":"read","filter":"owner=eq.{user.id}"}"""));
        Assert.Equal("deals", (string)made.Data!["table"]!);
        Assert.Empty(made.Data["problems"]!.AsArray());
        var seen = await seller.Expect(200, Call.Get("/api/deals?select=id,name,secret,owner:users(name,email)"));
        Assert.Equal($$$"""[{"id":1,"name":"a","secret":"s","owner":{"name":"Une personne","email":"{{{email}}}"}}]""", seen.Data!.ToJsonString());
        await seller.Expect(404, Call.Get("/api/deals/2"));
        await seller.Expect(403, Call.Post("/api/deals", """{"id":3}"""));

        var id = (string)made.Data["id"]!;
        await admin.Expect(200, Call.Patch($"/api/policies/{id}", """{"filter":null,"fields":["id","name"]}"""));
        Assert.Equal("""[{"id":1,"name":"a"},{"id":2,"name":"b"}]""", (await seller.Expect(200, Call.Get("/api/deals?order=id"))).Data!.ToJsonString());
        await admin.Expect(200, Call.Delete($"/api/policies/{id}"));
        await seller.Expect(404, Call.Get("/api/deals"));
        await admin.Expect(404, Call.Get($"/api/policies/{id}"));
        Assert.Equal("policy.removed policy.changed policy.created", string.Join(' ', (await admin.Expect(200, Call.Get("/api/audit?event=policy."))).Data!.AsArray().Select(entry => (string)entry!["event"]!).Take(3)));
    }

    [Theory]
    [InlineData("""{"role":"viewer","table":"rules","action":"delete","filter":"owne=eq.1"}""", 400, "Did you mean 'owner'?")]
    [InlineData("""{"role":"viewer","table":"rules","action":"delete","filter":""}""", 400, "empty")]
    [InlineData("""{"role":"viewer","table":"rules","action":"delete","filter":"owner=eq.{user.mail}"}""", 400, "Did you mean {user.email}?")]
    [InlineData("""{"role":"viewer","table":"rules","action":"delete","filter":"parent.id=eq.1"}""", 400, "in a circle")]
    [InlineData("""{"role":"viewer","table":"rules","action":"delete","filter":"mood=eq.angry"}""", 400, "expects")]
    [InlineData("""{"role":"viewer","table":"rules","action":"create","fields":["nam"]}""", 400, "no field 'nam'")]
    [InlineData("""{"role":"viewer","table":"rules","action":"read"}""", 409, "has a policy already")]
    [InlineData("""{"role":"admin","table":"rules","action":"read"}""", 409, "may do everything")]
    [InlineData("""{"role":"nobody","table":"rules","action":"read"}""", 404, "no role 'nobody'")]
    [InlineData("""{"role":"viewer","table":"rule","action":"read"}""", 400, "Did you mean 'rules'?")]
    [InlineData("""{"role":"viewer","table":"rules","action":"reed"}""", 400, "one of: read, create, update, delete")]
    [InlineData("""{"role":"viewer","table":"rules","action":"delete","fields":["name"]}""", 400, "leave 'fields' out")]
    [InlineData("""{"role":"viewer","table":"rules","action":"create","fields":[]}""", 400, "at least one field")]
    [InlineData("""{"role":"viewer","table":"rules","action":"create","fields":[1]}""", 400, "a list of texts")]
    public async Task A_policy_that_does_not_hold_is_refused_and_nothing_changes(string body, int status, string gist)
    {
        await Tables("rules", "CREATE TYPE mood AS ENUM ('glad'); CREATE TABLE rules (id int PRIMARY KEY, name text, owner uuid, mood mood, parent int REFERENCES rules)");
        var before = (await server.AdminAt().Expect(200, Call.Get("/api/policies?table=rules"))).Data!.ToJsonString();
        var refused = await server.AdminAt().Expect(status, Call.Post("/api/policies", body));
        Assert.Contains(gist, refused.Text.Replace("\\u0027", "'", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(before, (await server.AdminAt().Expect(200, Call.Get("/api/policies?table=rules"))).Data!.ToJsonString());
    }

    [Fact]
    public async Task A_policy_whose_column_is_gone_shows_nothing_and_says_why()
    {
        await Tables("leads", "CREATE TABLE leads (id int PRIMARY KEY, state text); INSERT INTO leads VALUES (1, 'new')");
        var admin = server.AdminAt();
        var listed = await admin.Expect(200, Call.Get("/api/policies?table=leads&role=viewer"));
        await admin.Expect(200, Call.Patch($"/api/policies/{listed.Data![0]!["id"]}", """{"filter":"state=eq.new"}"""));
        await server.Run("ALTER TABLE leads RENAME state TO stage");
        await AccountServer.Until(async () => (await admin.Expect(200, Call.Get("/api/policies?table=leads&role=viewer"))).Data![0]!["problems"]!.AsArray().Count == 1);
        await AccountServer.Until(async () => await server.Ask<string>("SELECT condition FROM socle_system.policies WHERE filter = 'state=eq.new'") == "false");
    }

    [Fact]
    public async Task Roles_are_made_changed_and_removed()
    {
        var admin = server.AdminAt();
        await Tables("goods", "CREATE TABLE goods (id int PRIMARY KEY)");
        var made = await admin.Expect(201, Call.Post("/api/roles", """{"name":"stock","label":"Stock","default":["read","update"],"undo":true}"""));
        Assert.Equal("""{"name":"stock","label":{"fr":"Stock","en":"Stock"},"default":["read","update"],"undo":true,"isAdmin":false,"isBuiltIn":false,"blueprint":null}""", Without(made.Data!, "createdAt"));
        Assert.Equal("read update", string.Join(' ', (await admin.Expect(200, Call.Get("/api/policies?table=goods&role=stock"))).Data!.AsArray().Select(policy => (string)policy!["action"]!)));
        await admin.Expect(409, Call.Post("/api/roles", """{"name":"stock"}"""));
        await admin.Expect(400, Call.Post("/api/roles", """{"name":"Stock room"}"""));
        await admin.Expect(400, Call.Post("/api/roles", """{"name":"other","default":["everything"]}"""));
        var changed = await admin.Expect(200, Call.Patch("/api/roles/stock", """{"label":{"fr":"Dépôt"},"default":[]}"""));
        Assert.Equal("Dépôt", (string)changed.Data!["label"]!["en"]!);
        await admin.Expect(409, Call.Patch("/api/roles/admin", """{"undo":false}"""));
        await admin.Expect(409, Call.Delete("/api/roles/viewer"));
        await admin.Expect(404, Call.Delete("/api/roles/nobody"));

        var (_, email) = await server.NewUser("stock");
        await admin.Expect(409, Call.Delete("/api/roles/stock"));
        await server.Run($"UPDATE socle_system.users SET role = 'viewer' WHERE email = '{email}'");
        await admin.Expect(200, Call.Delete("/api/roles/stock"));
        Assert.DoesNotContain("stock", (await admin.Expect(200, Call.Get("/api/roles"))).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Accounts_are_reached_through_references_only()
    {
        await server.AdminAt().Expect(404, Call.Get("/users", "Accept: application/json"));
        var (_, email) = await server.NewUser("viewer");
        var viewer = new Visitor(server.Server.Address, $"Authorization: Bearer {await server.SignIn(email)}");
        await Tables("tasks", "CREATE TABLE tasks (id int PRIMARY KEY, owner uuid REFERENCES socle_system.users)");
        // Who may read it is known a moment after the table is.
        await AccountServer.Until(async () => (await viewer.Send(Call.Get("/api/tasks"))).Status == 200);
        await server.Run($"INSERT INTO tasks SELECT 1, id FROM socle_system.users WHERE email = '{email}'");
        Assert.Equal("""[{"id":1,"users":{"name":"Une personne"}}]""", (await viewer.Expect(200, Call.Get("/api/tasks?select=id,users(name)"))).Data!.ToJsonString());
        await viewer.Expect(400, Call.Get("/api/tasks?select=id,users(password_hash)"));
        await viewer.Expect(403, Call.Get("/api/users"));
        Assert.Equal(["id", "email", "name"], (await viewer.Expect(200, Call.Get("/api/tasks?select=users(*)"))).Data![0]!["users"]!.AsObject().Select(member => member.Key));
    }

    /// <summary>Makes a table once for all tests, and waits until it is served.</summary>
    private async Task Tables(string name, string sql)
    {
        if (!await server.Ask<bool>($"SELECT to_regclass('public.{name}') IS NOT NULL"))
            await server.Run(sql);
        var admin = server.AdminAt();
        await AccountServer.Until(async () => (await admin.Send(Call.Get($"/api/{name}"))).Status == 200);
    }

    private static string Without(JsonNode node, string member)
    {
        node.AsObject().Remove(member);
        return node.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }
}
