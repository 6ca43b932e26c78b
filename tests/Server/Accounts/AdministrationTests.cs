namespace Socle.Tests.Server.Accounts;

/// <summary>Accounts, API keys and the audit in the hands of administrators, and out of everybody else's.</summary>
[Collection(nameof(AccountServer))]
public sealed class AdministrationTests(AccountServer server)
{
    [Fact]
    public async Task Accounts_are_made_found_and_changed()
    {
        var admin = server.AdminAt();
        var (id, email) = await server.NewUser();
        await admin.Expect(409, Call.Post("/api/users", $$"""{"email":"{{email.ToUpperInvariant()}}","role":"member"}"""));
        await admin.Expect(409, Call.Post("/api/users", """{"email":"new@exemple.fr","role":"king"}"""));
        await admin.Expect(422, Call.Post("/api/users", """{"role":"member"}"""));
        await admin.Expect(400, Call.Post("/api/users", """{"email":"no address","role":"member"}"""));
        await admin.Expect(400, Call.Post("/api/users", """{"username":"a b","role":"member"}"""));
        await admin.Expect(422, Call.Post("/api/users", """{"email":"weak@exemple.fr","role":"member","password":"azerty"}"""));

        var renamed = await admin.Expect(200, Call.Patch($"/api/users/{id}", """{"name":"Noémie 50%_","username":"noemie"}"""));
        Assert.Equal(("Noémie 50%_", "noemie", email), ((string)renamed.Data!["name"]!, (string)renamed.Data["username"]!, (string)renamed.Data["email"]!));
        Assert.Equal(id, (string)Assert.Single((await admin.Expect(200, Call.Get("/api/users?q=50%25_"))).Data!.AsArray())!["id"]!);
        Assert.Empty((await admin.Expect(200, Call.Get("/api/users?q=nobody-is-called-so"))).Data!.AsArray());
        Assert.Single((await admin.Expect(200, Call.Get("/api/users?limit=1&offset=1"))).Data!.AsArray());
        await admin.Expect(200, Call.Get($"/api/users/{id}"));
        await admin.Expect(404, Call.Get($"/api/users/{Guid.NewGuid()}"));
        await admin.Expect(404, Call.Patch("/api/users/nonsense", """{"name":"x"}"""));
        await admin.Expect(400, Call.Patch($"/api/users/{id}", """{"passwordHash":"x"}"""));
        await admin.Expect(422, Call.Patch($"/api/users/{id}", """{"email":null,"username":null}"""));
        await admin.Expect(405, Call.Delete($"/api/users/{id}"));
    }

    [Fact]
    public async Task Nobody_takes_away_the_last_administrator()
    {
        var admin = server.AdminAt();
        var me = (string)(await admin.Expect(200, Call.Get("/api/auth/me"))).Data!["id"]!;
        // Other tests' administrators step back for this one.
        await server.Run($"UPDATE socle_system.users SET is_disabled = true, security_stamp = 'x' WHERE role = 'admin' AND id <> '{me}'");
        await admin.Expect(409, Call.Patch($"/api/users/{me}", """{"role":"member"}"""));
        await admin.Expect(409, Call.Patch($"/api/users/{me}", """{"disabled":true}"""));
        await admin.Expect(200, Call.Patch($"/api/users/{me}", """{"name":"Chef"}"""));

        var (second, _) = await server.NewUser("admin");
        var answers = await Task.WhenAll(
            server.AdminAt().Send(Call.Patch($"/api/users/{me}", """{"disabled":true}""")),
            server.AdminAt(server.Other).Send(Call.Patch($"/api/users/{second}", """{"disabled":true}""")));
        await server.Run($"UPDATE socle_system.users SET is_disabled = false WHERE id = '{me}'; UPDATE socle_system.sessions SET revoked_at = NULL WHERE user_id = '{me}'");
        Assert.Equal(1, answers.Count(answer => answer.Status == 200));
        await AccountServer.Until(async () => (await admin.Send(Call.Get("/api/auth/me"))).Status == 200);
    }

    [Theory]
    [InlineData("GET", "/api/users")]
    [InlineData("POST", "/api/users")]
    [InlineData("GET", "/api/users/01890000-0000-7000-8000-000000000000")]
    [InlineData("PATCH", "/api/users/01890000-0000-7000-8000-000000000000")]
    [InlineData("POST", "/api/users/01890000-0000-7000-8000-000000000000/link")]
    [InlineData("GET", "/api/keys")]
    [InlineData("POST", "/api/keys")]
    [InlineData("DELETE", "/api/keys/01890000-0000-7000-8000-000000000000")]
    [InlineData("GET", "/api/audit")]
    [InlineData("POST", "/api/auth/invite")]
    public async Task Only_administrators_look_after_accounts(string method, string address)
    {
        var (_, email) = await server.NewUser("manager");
        await server.Visitor().Expect(401, new Call(method, address, method == "GET" ? null : "{}"));
        await server.Visitor().Expect(403, new Call(method, address, method == "GET" ? null : "{}", $"Authorization: Bearer {await server.SignIn(email)}"));
    }

    [Fact]
    public async Task An_API_key_is_told_once_and_opens_what_its_role_may()
    {
        var admin = server.AdminAt();
        var made = await admin.Expect(201, Call.Post("/api/keys", """{"name":"Caisse","role":"viewer"}"""));
        var (id, key) = ((string)made.Data!["id"]!, (string)made.Data["key"]!);
        var program = server.Visitor();
        await program.Expect(200, Call.Get("/api/things", $"X-Api-Key: {key}"));
        await program.Expect(200, Call.Get("/api/things", $"Authorization: Bearer {key}"));
        await program.Expect(403, Call.Get("/api/users", $"X-Api-Key: {key}"));
        await program.Expect(403, Call.Get("/api/auth/me", $"X-Api-Key: {key}"));
        await program.Expect(401, Call.Get("/api/things", $"X-Api-Key: {key[..^1]}{(key[^1] == 'A' ? 'E' : 'A')}"));
        await AccountServer.Until(async () => (await admin.Expect(200, Call.Get($"/api/keys/{id}"))).Data!["lastUsedAt"] is not null);
        Assert.DoesNotContain(key, (await admin.Expect(200, Call.Get("/api/keys"))).Text, StringComparison.Ordinal);
        Assert.Equal(0, await server.Ask<long>($"SELECT count(*) FROM socle_system.api_keys k WHERE k::text LIKE '%{key[15..]}%'"));

        await admin.Expect(200, Call.Delete($"/api/keys/{id}"));
        await program.Expect(401, Call.Get("/api/things", $"X-Api-Key: {key}"));
        await AccountServer.Until(async () => (await server.Visitor(server.Other).Send(Call.Get("/api/things", $"X-Api-Key: {key}"))).Status == 401);
        await admin.Expect(404, Call.Delete($"/api/keys/{Guid.NewGuid()}"));
    }

    [Fact]
    public async Task An_API_key_ends_when_it_says_so()
    {
        var admin = server.AdminAt();
        await admin.Expect(400, Call.Post("/api/keys", """{"name":"x","role":"viewer","expiresAt":"2020-01-01T00:00:00Z"}"""));
        await admin.Expect(400, Call.Post("/api/keys", """{"name":"x","role":"viewer","expiresAt":"tomorrow"}"""));
        await admin.Expect(409, Call.Post("/api/keys", """{"name":"x","role":"king"}"""));
        var made = await admin.Expect(201, Call.Post("/api/keys", $$"""{"name":"x","role":"viewer","expiresAt":"{{DateTime.UtcNow.AddSeconds(3):O}}"}"""));
        await server.Visitor().Expect(200, Call.Get("/api/things", $"X-Api-Key: {made.Data!["key"]}"));
        await Task.Delay(TimeSpan.FromSeconds(3.2));
        await server.Visitor().Expect(401, Call.Get("/api/things", $"X-Api-Key: {made.Data["key"]}"));
    }

    [Fact]
    public async Task The_audit_tells_who_did_what_and_from_where()
    {
        var (id, email) = await server.NewUser();
        await server.SignIn(email);
        await server.Visitor().Expect(401, Call.Post("/api/auth/login", AccountServer.Login(email, "Faux mot de passe 1")));
        await server.AdminAt().Expect(200, Call.Patch($"/api/users/{id}", """{"role":"viewer"}"""));
        var admin = server.AdminAt();
        var own = (await admin.Expect(200, Call.Get($"/api/audit?actor={email}"))).Data!.AsArray();
        Assert.Equal(["sign_in.refused", "sign_in.succeeded"], own.Select(entry => (string)entry!["event"]!));
        Assert.All(own, entry => Assert.StartsWith("127.9.", (string)entry!["address"]!, StringComparison.Ordinal));
        var role = (await admin.Expect(200, Call.Get("/api/audit?event=user.role_changed&limit=1"))).Data![0]!;
        Assert.Equal(("chef@exemple.fr", email, "member", "viewer"), ((string)role["actor"]!, (string)role["target"]!, (string)role["detail"]!["from"]!, (string)role["detail"]!["to"]!));
        await admin.Expect(200, Call.Get("/api/things.csv"));
        var export = (await admin.Expect(200, Call.Get("/api/audit?event=export&limit=1"))).Data![0]!;
        Assert.Equal(("chef@exemple.fr", "things", "csv"), ((string)export["actor"]!, (string)export["target"]!, (string)export["detail"]!["format"]!));
        await server.Visitor().Expect(403, Call.Get("/api/users", $"Authorization: Bearer {await server.SignIn(email)}"));
        Assert.Equal("GET /api/users", (string)(await admin.Expect(200, Call.Get($"/api/audit?event=access.refused&actor={email}"))).Data![0]!["target"]!);
        Assert.Empty((await admin.Expect(200, Call.Get("/api/audit?from=2100-01-01"))).Data!.AsArray());
        Assert.NotEmpty((await admin.Expect(200, Call.Get("/api/audit?event=sign_in."))).Data!.AsArray());
        await admin.Expect(400, Call.Get("/api/audit?from=yesterday"));
        await admin.Expect(400, Call.Get("/api/audit?nonsense=1"));
    }

    [Fact]
    public async Task The_audit_is_only_ever_added_to_and_its_file_holds_no_formulas()
    {
        await server.Visitor().Expect(401, Call.Post("/api/auth/login", AccountServer.Login("=cmd|calc@exemple.fr", "Faux mot de passe 1")));
        var file = await server.AdminAt().Expect(200, Call.Get("/api/audit?event=sign_in.refused", "Accept: text/csv"));
        Assert.StartsWith("id,at,event,", file.Text, StringComparison.Ordinal);
        Assert.Contains(",'=cmd|calc@exemple.fr,", file.Text, StringComparison.Ordinal);
        foreach (var sql in new[] { "DELETE FROM socle_system.audit", "UPDATE socle_system.audit SET event = 'x'", "TRUNCATE socle_system.audit" })
            await Assert.ThrowsAsync<Npgsql.PostgresException>(() => server.Run(sql));
    }
}
