using System.Text.Json.Nodes;

namespace Socle.Tests.Server.Accounts;

/// <summary>Other passwords, old passwords, and the links by which people come to one.</summary>
[Collection(nameof(AccountServer))]
public sealed class PasswordTests(AccountServer server)
{
    private const string Other = "Trois-lynx bleus 47 nagent";

    [Fact]
    public async Task Another_password_ends_the_other_sessions()
    {
        var (_, email) = await server.NewUser();
        var (here, there) = (await server.SignIn(email), await server.SignIn(email));
        var visitor = server.Visitor();
        await visitor.Expect(401, Call.Post("/api/auth/password", Change("Faux mot de passe 1", Other), $"Authorization: Bearer {here}"));
        await visitor.Expect(200, Call.Post("/api/auth/password", Change(AccountServer.Password, Other), $"Authorization: Bearer {here}"));
        await visitor.Expect(200, Call.Get("/api/auth/me", $"Authorization: Bearer {here}"));
        await visitor.Expect(401, Call.Get("/api/auth/me", $"Authorization: Bearer {there}"));
        await visitor.Expect(401, Call.Post("/api/auth/login", AccountServer.Login(email)));
        await visitor.Expect(200, Call.Post("/api/auth/login", AccountServer.Login(email, Other)));
    }

    [Fact]
    public async Task A_weak_or_former_password_is_refused()
    {
        var (id, email) = await server.NewUser();
        var token = await server.SignIn(email);
        var visitor = server.Visitor();
        var weak = await visitor.Expect(422, Call.Post("/api/auth/password", Change(AccountServer.Password, "motdepasse123"), $"Authorization: Bearer {token}"));
        Assert.Equal("weak_password", (string)weak.Error["code"]!);
        Assert.NotNull(weak.Error["fields"]!["newPassword"]);
        await visitor.Expect(422, Call.Post("/api/auth/password", Change(AccountServer.Password, AccountServer.Password), $"Authorization: Bearer {token}"));
        await visitor.Expect(200, Call.Post("/api/auth/password", Change(AccountServer.Password, Other), $"Authorization: Bearer {token}"));
        await visitor.Expect(422, Call.Post("/api/auth/password", Change(Other, AccountServer.Password), $"Authorization: Bearer {token}"));
        Assert.Equal(1, await server.Ask<long>($"SELECT count(*) FROM socle_system.password_history WHERE user_id = '{id}'"));
    }

    [Fact]
    public async Task An_expired_password_opens_nothing_but_the_way_to_another()
    {
        var (id, email) = await server.NewUser();
        await server.Run($"UPDATE socle_system.users SET password_changed_at = now() - interval '91 days' WHERE id = '{id}'");
        var visitor = server.Visitor();
        await visitor.Expect(401, Call.Post("/api/auth/login", AccountServer.Login(email, "Faux mot de passe 1")));
        Assert.Equal("password_expired", (string)(await visitor.Expect(403, Call.Post("/api/auth/login", AccountServer.Login(email)))).Error["code"]!);
        await visitor.Expect(401, Call.Post("/api/auth/password", $$"""{"email":"{{email}}","password":"Faux mot de passe 1","newPassword":"{{Other}}"}"""));
        await visitor.Expect(200, Call.Post("/api/auth/password", $$"""{"email":"{{email}}","password":"{{AccountServer.Password}}","newPassword":"{{Other}}"}"""));
        await visitor.Expect(200, Call.Post("/api/auth/login", AccountServer.Login(email, Other)));
    }

    [Fact]
    public async Task A_link_sets_a_password_once_and_ends_what_was()
    {
        var (id, email) = await server.NewUser();
        var token = await server.SignIn(email);
        await server.Run($"UPDATE socle_system.users SET failed_attempts = 5, locked_until = now() + interval '5 minutes' WHERE id = '{id}'");
        var former = await Link(id);
        var link = await Link(id);
        var visitor = server.Visitor();
        await visitor.Expect(401, Call.Post("/api/auth/reset/confirm", Confirm(former, Other)));
        await visitor.Expect(401, Call.Post("/api/auth/invite/accept", Confirm(link, Other)));
        await visitor.Expect(422, Call.Post("/api/auth/reset/confirm", Confirm(link, "court")));
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => server.Visitor().Send(Call.Post("/api/auth/reset/confirm", Confirm(link, Other)))));
        Assert.Single(answers, answer => answer.Status == 200);
        await visitor.Expect(401, Call.Post("/api/auth/reset/confirm", Confirm(link, "Quatre loutres 58 vertes")));
        await visitor.Expect(401, Call.Get("/api/auth/me", $"Authorization: Bearer {token}"));
        await visitor.Expect(200, Call.Post("/api/auth/login", AccountServer.Login(email, Other)));
    }

    [Fact]
    public async Task A_link_that_is_too_old_or_of_somebody_disabled_does_nothing()
    {
        var (id, _) = await server.NewUser();
        var link = await Link(id);
        await server.Run($"UPDATE socle_system.account_links SET expires_at = now() WHERE user_id = '{id}'");
        await server.Visitor().Expect(401, Call.Post("/api/auth/reset/confirm", Confirm(link, Other)));
        link = await Link(id);
        await server.AdminAt().Expect(200, Call.Patch($"/api/users/{id}", """{"disabled":true}"""));
        await server.Visitor().Expect(401, Call.Post("/api/auth/reset/confirm", Confirm(link, Other)));
    }

    [Fact]
    public async Task Who_is_invited_chooses_a_password()
    {
        var email = $"{Guid.NewGuid():N}@exemple.fr";
        var invited = await server.AdminAt().Expect(201, Call.Post("/api/auth/invite", $$"""{"email":"{{email}}","role":"viewer","name":"Zoé"}"""));
        Assert.False((bool)invited.Data!["sent"]!);
        var token = ((string)invited.Data["link"]!).Split("token=")[1];
        await server.Visitor().Expect(401, Call.Post("/api/auth/login", AccountServer.Login(email)));
        // Invited again: the newer link counts.
        var again = await server.AdminAt().Expect(201, Call.Post("/api/auth/invite", $$"""{"email":"{{email}}","role":"viewer"}"""));
        await server.Visitor().Expect(401, Call.Post("/api/auth/invite/accept", Confirm(token, AccountServer.Password)));
        await server.Visitor().Expect(200, Call.Post("/api/auth/invite/accept", Confirm(((string)again.Data!["link"]!).Split("token=")[1], AccountServer.Password)));
        await server.SignIn(email);
        await server.AdminAt().Expect(409, Call.Post("/api/auth/invite", $$"""{"email":"{{email}}","role":"viewer"}"""));
        await server.AdminAt().Expect(409, Call.Post("/api/auth/invite", """{"email":"x@exemple.fr","role":"king"}"""));
    }

    [Fact]
    public async Task No_link_leads_where_the_caller_says()
    {
        var (id, _) = await server.NewUser();
        var link = (string)(await server.AdminAt().Expect(201, Call.Post($"/api/users/{id}/link", "", "Host: evil.example"))).Data!["link"]!;
        Assert.StartsWith($"{server.Server.Address}reset?token=", link, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_mail_nobody_is_told_that_one_is_on_its_way() =>
        await server.Visitor().Expect(409, Call.Post("/api/auth/reset", """{"email":"chef@exemple.fr"}"""));

    [Fact]
    public async Task The_link_for_the_first_administrator_is_gone_once_there_is_one()
    {
        Assert.DoesNotContain("/setup?token=", server.Other.Terminal, StringComparison.Ordinal);
        await server.Visitor().Expect(401, Call.Post("/api/auth/setup", $$"""{"token":"{{await AccountServer.SetupToken(server.Server)}}","email":"x@exemple.fr","password":"{{Other}}"}"""));
    }

    private async Task<string> Link(string id) =>
        ((string)(await server.AdminAt().Expect(201, Call.Post($"/api/users/{id}/link", ""))).Data!["link"]!).Split("token=")[1];

    private static string Change(string password, string wanted) => new JsonObject { ["password"] = password, ["newPassword"] = wanted }.ToJsonString();

    private static string Confirm(string token, string password) => new JsonObject { ["token"] = token, ["password"] = password }.ToJsonString();
}
