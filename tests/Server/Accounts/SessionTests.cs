using System.Text.Json.Nodes;

namespace Socle.Tests.Server.Accounts;

/// <summary>Sessions: how long they last, how they end, and that they end at once on every server.</summary>
[Collection(nameof(AccountServer))]
public sealed class SessionTests(AccountServer server)
{
    [Fact]
    public async Task A_refresh_token_gives_new_tokens_once()
    {
        var (_, email) = await server.NewUser();
        var first = (await server.SignInFully(email)).Data!;
        var second = (await Refresh(200, (string)first["refreshToken"]!)).Data!;
        Assert.NotEqual((string)first["refreshToken"]!, (string)second["refreshToken"]!);
        await Me(200, (string)second["accessToken"]!);
        var third = (await Refresh(200, (string)second["refreshToken"]!)).Data!;

        // One that comes a second time was stolen: everything of that sign-in is over, at once.
        await Refresh(401, (string)first["refreshToken"]!);
        await Me(401, (string)third["accessToken"]!);
        await Refresh(401, (string)third["refreshToken"]!);
        Assert.Equal(1, await server.Ask<long>($"SELECT count(*) FROM socle_system.audit WHERE event = 'session.token_reused' AND target = '{email}'"));
    }

    [Fact]
    public async Task Of_two_that_refresh_at_once_one_wins_and_the_session_ends()
    {
        var (_, email) = await server.NewUser();
        var token = (string)(await server.SignInFully(email)).Data!["refreshToken"]!;
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => server.Visitor(i % 2 == 0 ? server.Server : server.Other).Send(Call.Post("/api/auth/refresh", $$"""{"refreshToken":"{{token}}"}"""))));
        var winner = Assert.Single(answers, answer => answer.Status == 200);
        Assert.All(answers.Where(answer => answer != winner), answer => Assert.Equal(401, answer.Status));
        await Refresh(401, (string)winner.Data!["refreshToken"]!);
    }

    [Fact]
    public async Task A_session_that_nobody_used_is_over()
    {
        var (id, email) = await server.NewUser();
        var token = (string)(await server.SignInFully(email)).Data!["refreshToken"]!;
        await server.Run($"UPDATE socle_system.sessions SET expires_at = now() WHERE user_id = '{id}'");
        await Refresh(401, token);
        await Refresh(401, "socle_rt_nonsense");
    }

    [Fact]
    public async Task Who_leaves_is_gone_at_once_on_both_servers()
    {
        var (_, email) = await server.NewUser();
        var tokens = (await server.SignInFully(email)).Data!;
        var token = (string)tokens["accessToken"]!;
        await Me(200, token);
        await server.Visitor(server.Other).Expect(200, Call.Get("/api/auth/me", $"Authorization: Bearer {token}"));
        await server.Visitor().Expect(200, Call.Post("/api/auth/logout", "", $"Authorization: Bearer {token}"));
        await Me(401, token);
        await AccountServer.Until(async () => (await server.Visitor(server.Other).Send(Call.Get("/api/auth/me", $"Authorization: Bearer {token}"))).Status == 401);
        await Refresh(401, (string)tokens["refreshToken"]!);
    }

    [Fact]
    public async Task Sessions_are_listed_and_ended_one_by_one()
    {
        var (_, email) = await server.NewUser();
        var (one, two) = (await server.SignIn(email), await server.SignIn(email));
        var visitor = server.Visitor();
        var sessions = (await visitor.Expect(200, Call.Get("/api/auth/sessions", $"Authorization: Bearer {one}"))).Data!.AsArray();
        Assert.Equal(2, sessions.Count);
        var other = (string)sessions.Single(session => !(bool)session!["current"]!)!["id"]!;

        var (_, stranger) = await server.NewUser();
        await visitor.Expect(404, Call.Delete($"/api/auth/sessions/{other}", $"Authorization: Bearer {await server.SignIn(stranger)}"));
        await Me(200, two);
        await visitor.Expect(200, Call.Delete($"/api/auth/sessions/{other}", $"Authorization: Bearer {one}"));
        await Me(401, two);
        await Me(200, one);
        await visitor.Expect(404, Call.Delete("/api/auth/sessions/nonsense", $"Authorization: Bearer {one}"));
    }

    [Fact]
    public async Task What_an_administrator_takes_away_is_gone_before_the_answer()
    {
        var (id, email) = await server.NewUser("manager");
        var token = await server.SignIn(email);
        await server.Visitor().Expect(403, Call.Get("/api/users", $"Authorization: Bearer {token}"));
        await server.AdminAt().Expect(200, Call.Patch($"/api/users/{id}", """{"role":"admin"}"""));
        await server.Visitor().Expect(200, Call.Get("/api/users", $"Authorization: Bearer {token}"));
        await server.AdminAt(server.Other).Expect(200, Call.Patch($"/api/users/{id}", """{"role":"viewer"}"""));
        await server.Visitor(server.Other).Expect(403, Call.Get("/api/users", $"Authorization: Bearer {token}"));
        await AccountServer.Until(async () => (await server.Visitor().Send(Call.Get("/api/users", $"Authorization: Bearer {token}"))).Status == 403);

        await server.AdminAt().Expect(200, Call.Patch($"/api/users/{id}", """{"disabled":true}"""));
        await Me(401, token);
        await server.AdminAt().Expect(200, Call.Patch($"/api/users/{id}", """{"disabled":false}"""));
        await Me(401, token);
    }

    [Fact]
    public async Task A_lost_listener_comes_back_and_knows_what_it_missed()
    {
        var (_, email) = await server.NewUser();
        var token = await server.SignIn(email);
        await server.Visitor(server.Other).Expect(200, Call.Get("/api/auth/me", $"Authorization: Bearer {token}"));
        await server.Run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'LISTEN socle_accounts'");
        await server.Visitor().Expect(200, Call.Post("/api/auth/logout", "", $"Authorization: Bearer {token}"));
        await AccountServer.Until(async () => (await server.Visitor(server.Other).Send(Call.Get("/api/auth/me", $"Authorization: Bearer {token}"))).Status == 401);
    }

    [Theory]
    [InlineData("Authorization: Bearer nonsense")]
    [InlineData("Authorization: Bearer ")]
    [InlineData("Authorization: Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.")]
    [InlineData("Authorization: Basic Y2hlZjpwYXNz")]
    [InlineData("Authorization: Bearer socle_abcdefgh_0123456789012345678901234567890123456789012")]
    [InlineData("X-Api-Key: nonsense")]
    [InlineData("Cookie: socle_session=nonsense")]
    public async Task A_bad_credential_is_refused_and_never_taken_for_none(string header)
    {
        await using var open = await server.Start(("ANONYMOUS_ROLE", "viewer"));
        await server.Visitor(open).Expect(200, Call.Get("/api/things"));
        await server.Visitor(open).Expect(401, Call.Get("/api/things", header));
        await server.Visitor(open).Expect(200, Call.Post("/api/auth/login", AccountServer.Login("chef@exemple.fr"), header));
    }

    [Fact]
    public async Task The_browsers_cookie_writes_only_with_its_token()
    {
        var visitor = server.Visitor();
        var answer = await visitor.Expect(200, Call.Post("/api/auth/login", """{"email":"chef@exemple.fr","password":"Un-cheval-vert 93 danse","cookie":true}"""));
        Assert.Null(answer.Data!["accessToken"]);
        var set = Assert.Single(answer.Message.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", set, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", set, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("secure", set, StringComparison.OrdinalIgnoreCase);
        var cookie = $"Cookie: {set.Split(';')[0]}";
        var token = (string)answer.Data["csrfToken"]!;
        var origin = $"Origin: {server.Server.Address.ToString().TrimEnd('/')}";

        Assert.Equal(token, (string)(await visitor.Expect(200, Call.Get("/api/auth/me", cookie))).Data!["csrfToken"]!);
        await visitor.Expect(403, Call.Post("/api/things", """{"id":100}""", cookie));
        await visitor.Expect(403, Call.Post("/api/things", """{"id":100}""", cookie, origin, "X-CSRF-Token: nonsense"));
        await visitor.Expect(403, Call.Post("/api/things", """{"id":100}""", cookie, "Origin: https://evil.example", $"X-CSRF-Token: {token}"));
        await visitor.Expect(201, Call.Post("/api/things", """{"id":100}""", cookie, origin, $"X-CSRF-Token: {token}"));
        // The cookie's token opens nothing as a bearer's, nor the other way round.
        await visitor.Expect(401, Call.Get("/api/things", $"Authorization: Bearer {set.Split(';')[0].Split('=')[1]}"));
        await visitor.Expect(401, Call.Get("/api/things", $"Cookie: socle_session={server.Admin}"));
        var left = await visitor.Expect(200, Call.Post("/api/auth/logout", "", cookie, origin, $"X-CSRF-Token: {token}"));
        Assert.Contains("socle_session=;", Assert.Single(left.Message.Headers.GetValues("Set-Cookie")), StringComparison.Ordinal);
        var gone = await visitor.Expect(401, Call.Get("/api/auth/me", cookie));
        Assert.Contains("socle_session=;", Assert.Single(gone.Message.Headers.GetValues("Set-Cookie")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_cookie_slides_as_long_as_somebody_works_and_not_beyond_the_end_of_its_session()
    {
        await using var brief = await server.Start(("SESSION_TIMEOUT", "60"));
        var visitor = server.Visitor(brief);
        var answer = await visitor.Expect(200, Call.Post("/api/auth/login", """{"email":"chef@exemple.fr","password":"Un-cheval-vert 93 danse","cookie":true}"""));
        var cookie = $"Cookie: {answer.Message.Headers.GetValues("Set-Cookie").Single().Split(';')[0]}";
        Assert.False((await visitor.Expect(200, Call.Get("/api/things", cookie))).Message.Headers.Contains("Set-Cookie"));
        await Task.Delay(TimeSpan.FromSeconds(8));
        var slid = await visitor.Expect(200, Call.Get("/api/things", cookie));
        Assert.StartsWith("socle_session=ey", Assert.Single(slid.Message.Headers.GetValues("Set-Cookie")), StringComparison.Ordinal);
        await server.Run("UPDATE socle_system.sessions SET expires_at = now() WHERE expires_at < now() + interval '65 seconds'");
        await visitor.Expect(401, Call.Get("/api/things", cookie));
    }

    [Fact]
    public async Task Anybody_may_fetch_the_keys_that_verify_tokens()
    {
        var answer = await server.Visitor().Expect(200, Call.Get("/.well-known/jwks.json"));
        var key = JsonNode.Parse(answer.Text)!["keys"]![0]!;
        Assert.Equal(("EC", "P-256", (string?)null), ((string)key["kty"]!, (string)key["crv"]!, (string?)key["d"]));
    }

    private Task<Answer> Refresh(int status, string token) => server.Visitor().Expect(status, Call.Post("/api/auth/refresh", $$"""{"refreshToken":"{{token}}"}"""));

    private Task<Answer> Me(int status, string token) => server.Visitor().Expect(status, Call.Get("/api/auth/me", $"Authorization: Bearer {token}"));
}
