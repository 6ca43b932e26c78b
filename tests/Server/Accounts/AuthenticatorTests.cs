using System.Text;

namespace Socle.Tests.Server.Accounts;

/// <summary>Codes of an authenticator: set up, asked for, used once, counted when wrong, switched off.</summary>
[Collection(nameof(AccountServer))]
public sealed class AuthenticatorTests(AccountServer server)
{
    [Fact]
    public async Task After_the_right_password_a_code_is_asked_for_and_works_once()
    {
        var person = await EnrolledPerson.New(server);
        Assert.Equal("second_factor_required", (string)(await person.SignIn(401)).Error["code"]!);
        var code = person.Code();
        var signedIn = await person.SignIn(200, code);
        Assert.NotNull((string?)signedIn.Data!["accessToken"]);
        Assert.Equal("unauthenticated", (string)(await person.SignIn(401, code)).Error["code"]!);
        await person.SignIn(401, person.Code(-1));
        await person.SignIn(200, person.Code(1));
        Assert.True((bool)(await person.Expect(200, "GET", "/api/auth/me")).Data!["secondFactor"]!);
    }

    [Fact]
    public async Task The_code_that_confirmed_it_does_not_open_the_door()
    {
        var person = await EnrolledPerson.New(server, withAuthenticator: false);
        var begun = (await person.Expect(200, "POST", "/api/auth/totp", EnrolledPerson.WithPassword())).Data!;
        Assert.Equal($"otpauth://totp/Socle:{Uri.EscapeDataString(person.Email)}?secret={begun["secret"]}&issuer=Socle&algorithm=SHA1&digits=6&period=30", (string)begun["uri"]!);
        await person.SignIn(200);
        var code = new Authenticator((string)begun["secret"]!).Code();
        await person.Expect(200, "POST", "/api/auth/totp/confirm", $$"""{"code":"{{code}}"}""");
        await person.SignIn(401, $",\"code\":\"{code}\"");
        await person.Expect(409, "POST", "/api/auth/totp/confirm", $$"""{"code":"{{code}}"}""");
        await person.Expect(409, "POST", "/api/auth/totp", EnrolledPerson.WithPassword());
    }

    [Fact]
    public async Task Of_many_who_come_with_one_code_at_once_on_two_servers_one_is_let_in()
    {
        var person = await EnrolledPerson.New(server);
        var body = EnrolledPerson.WithPassword($",\"email\":\"{person.Email}\"{person.Code()}");
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => server.Visitor(i % 2 == 0 ? server.Server : server.Other).Send(Call.Post("/api/auth/login", body))));
        Assert.Single(answers, answer => answer.Status == 200);
        Assert.All(answers.Where(answer => answer.Status != 200), answer => Assert.Equal(401, answer.Status));
    }

    [Fact]
    public async Task A_recovery_code_works_once_however_it_is_typed()
    {
        var person = await EnrolledPerson.New(server);
        var codes = person.RecoveryCodes;
        Assert.Equal(10, codes.Length);
        await person.SignIn(200, EnrolledPerson.Recovery(codes[0]));
        await person.SignIn(401, EnrolledPerson.Recovery(codes[0]));
        await person.SignIn(200, EnrolledPerson.Recovery(codes[1].ToLowerInvariant().Replace("-", " ", StringComparison.Ordinal)));
        Assert.Equal(2, await server.Ask<long>($"SELECT count(*) FROM socle_system.audit WHERE event = 'second_factor.recovery_code_used' AND target = '{person.Email}'"));

        var other = await EnrolledPerson.New(server);
        await other.SignIn(401, EnrolledPerson.Recovery(codes[2]));
        await other.SignIn(401, EnrolledPerson.Recovery(""));

        var renewed = await person.Expect(200, "POST", "/api/auth/recovery-codes", EnrolledPerson.WithPassword(person.Code()));
        await person.SignIn(401, EnrolledPerson.Recovery(codes[2]));
        await person.SignIn(200, EnrolledPerson.Recovery((string)renewed.Data!["recoveryCodes"]![0]!));
    }

    [Fact]
    public async Task Wrong_codes_lock_the_account_like_wrong_passwords_and_are_answered_alike()
    {
        var person = await EnrolledPerson.New(server);
        var wrongPassword = await server.Visitor().Expect(401, Call.Post("/api/auth/login", AccountServer.Login(person.Email, "Faux mot de passe 1")));
        var wrongCode = await person.SignIn(401, ",\"code\":\"12345\"");
        Assert.Equal((string)wrongPassword.Error["message"]!, (string)wrongCode.Error["message"]!);
        Assert.Equal((string)wrongPassword.Error["code"]!, (string)wrongCode.Error["code"]!);
        await person.SignIn(401, EnrolledPerson.Recovery("AAAA-AAAA-AAAA-AAAA"));
        // Neither the right password alone nor a wrong one with a right code gives tries back.
        await person.SignIn(401);
        await person.Expect(409, "POST", "/api/auth/totp", EnrolledPerson.WithPassword());
        await person.Expect(401, "DELETE", "/api/auth/totp", EnrolledPerson.WithPassword(",\"code\":\"12345\""));
        await server.Visitor().Expect(401, Call.Post("/api/auth/login", EnrolledPerson.WithPassword($",\"email\":\"{person.Email}\"{person.Code()}", "Faux mot de passe 1")));
        Assert.Equal("unauthenticated", (string)(await person.SignIn(401, person.Code())).Error["code"]!);
        await server.AdminAt().Expect(200, Call.Post($"/api/users/{person.Id}/unlock", ""));
        await person.SignIn(200, person.Code());
    }

    [Fact]
    public async Task It_is_set_up_with_the_password_and_switched_off_with_password_and_code()
    {
        var person = await EnrolledPerson.New(server, withAuthenticator: false);
        await person.Expect(401, "POST", "/api/auth/totp", EnrolledPerson.WithPassword(password: "Faux mot de passe 1"));
        await person.Expect(409, "DELETE", "/api/auth/totp", EnrolledPerson.WithPassword());
        await person.Expect(409, "POST", "/api/auth/recovery-codes", EnrolledPerson.WithPassword());
        await person.Expect(409, "POST", "/api/auth/totp/confirm", """{"code":"123456"}""");
        var elsewhere = await server.SignIn(person.Email);
        await person.Enrol();
        await server.Visitor().Expect(401, Call.Get("/api/auth/me", $"Authorization: Bearer {elsewhere}"));

        Assert.Equal("second_factor_required", (string)(await person.Expect(401, "DELETE", "/api/auth/totp", EnrolledPerson.WithPassword())).Error["code"]!);
        await person.Expect(401, "DELETE", "/api/auth/totp", EnrolledPerson.WithPassword(person.Code(), "Faux mot de passe 1"));
        await person.Expect(200, "DELETE", "/api/auth/totp", EnrolledPerson.WithPassword(person.Code()));
        await person.SignIn(200);
        Assert.Equal(0, await server.Ask<long>($"SELECT count(*) FROM socle_system.recovery_codes WHERE user_id = '{person.Id}'"));
    }

    [Fact]
    public async Task The_database_keeps_nothing_that_could_be_used()
    {
        var person = await EnrolledPerson.New(server);
        var other = await EnrolledPerson.New(server);
        var kept = await server.Ask<string>($"SELECT encode(totp_secret, 'hex') || (SELECT string_agg(encode(hash, 'hex'), '') FROM socle_system.recovery_codes WHERE user_id = u.id) FROM socle_system.users u WHERE id = '{person.Id}'");
        Assert.Equal(2 * (12 + 16 + 20 + (10 * 32)), kept.Length);
        Assert.DoesNotContain(Convert.ToHexStringLower(person.Authenticator.Secret), kept, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToHexStringLower(Encoding.ASCII.GetBytes(person.RecoveryCodes[0].Replace("-", "", StringComparison.Ordinal))), kept, StringComparison.Ordinal);
        // A secret put in somebody else's row does not open there.
        await server.Run($"UPDATE socle_system.users SET totp_secret = (SELECT totp_secret FROM socle_system.users WHERE id = '{other.Id}') WHERE id = '{person.Id}'");
        await person.SignIn(401, other.Code());
        await person.SignIn(200, EnrolledPerson.Recovery(person.RecoveryCodes[0]));
    }

    [Fact]
    public async Task An_administrator_lets_in_who_lost_everything()
    {
        var person = await EnrolledPerson.New(server);
        await person.Expect(403, "DELETE", $"/api/users/{person.Id}/second-factor");
        await server.AdminAt().Expect(404, Call.Delete($"/api/users/{Guid.NewGuid()}/second-factor"));
        var answer = await server.AdminAt().Expect(200, Call.Delete($"/api/users/{person.Id}/second-factor"));
        Assert.False((bool)answer.Data!["secondFactor"]!);
        await person.Expect(401, "GET", "/api/auth/me");
        await person.SignIn(200);
        Assert.Equal(1, await server.Ask<long>($"SELECT count(*) FROM socle_system.audit WHERE event = 'second_factor.reset' AND target = '{person.Email}'"));
    }

    [Fact]
    public async Task So_does_the_command_line()
    {
        var person = await EnrolledPerson.New(server);
        var (code, output) = await server.Server.Command("", ["user", "reset-second-factor", person.Email]);
        Assert.True(code == 0, output);
        await AccountServer.Until(async () => (await person.Send("GET", "/api/auth/me")).Status == 401);
        await person.SignIn(200);
        Assert.Equal(1, await server.Ask<long>($"SELECT count(*) FROM socle_system.audit WHERE event = 'second_factor.reset' AND target = '{person.Email}' AND actor LIKE 'terminal:%'"));
    }

    [Fact]
    public async Task An_administrator_without_an_authenticator_needs_a_longer_password()
    {
        const string Short = "Zk4-mV8-qT2-hB";
        var person = await EnrolledPerson.New(server);
        await server.AdminAt().Expect(200, Call.Patch($"/api/users/{person.Id}", """{"role":"admin"}"""));
        await person.Expect(200, "POST", "/api/auth/password", EnrolledPerson.WithPassword($",\"newPassword\":\"{Short}\""));
        await person.Expect(200, "DELETE", "/api/auth/totp", EnrolledPerson.WithPassword(person.Code(), Short));
        var refused = await person.Expect(422, "POST", "/api/auth/password", EnrolledPerson.WithPassword(",\"newPassword\":\"Wp7-xN3-dR9-jC\"", Short));
        Assert.Equal("weak_password", (string)refused.Error["code"]!);
        await server.AdminAt().Expect(200, Call.Patch($"/api/users/{person.Id}", """{"role":"member"}"""));
        await person.Expect(200, "POST", "/api/auth/password", EnrolledPerson.WithPassword(",\"newPassword\":\"Wp7-xN3-dR9-jC\"", Short));
    }

    [Theory]
    [InlineData("POST", "/api/auth/totp", "", 400)]
    [InlineData("POST", "/api/auth/totp", "{}", 422)]
    [InlineData("POST", "/api/auth/totp", """{"password":["x"]}""", 400)]
    [InlineData("POST", "/api/auth/totp", """{"password":"x","secret":"AAAA"}""", 400)]
    [InlineData("POST", "/api/auth/totp/confirm", "{}", 422)]
    [InlineData("POST", "/api/auth/totp/confirm", """{"code":123456}""", 400)]
    [InlineData("POST", "/api/auth/totp/confirm", """{"code":{"$gt":""}}""", 400)]
    [InlineData("POST", "/api/auth/totp/confirm", """{"code":"' OR 1=1 --"}""", 409)]
    [InlineData("DELETE", "/api/auth/totp", "", 400)]
    [InlineData("DELETE", "/api/auth/totp", "[]", 400)]
    [InlineData("DELETE", "/api/auth/totp", """{"password":"\ud800"}""", 400)]
    [InlineData("POST", "/api/auth/recovery-codes", """{"password":"x","code":"\u0000"}""", 400)]
    [InlineData("GET", "/api/auth/totp", null, 405)]
    public async Task What_makes_no_sense_is_refused(string method, string address, string? body, int status)
    {
        var person = await EnrolledPerson.New(server, withAuthenticator: false);
        Assert.Null(Leaks.Find((await person.Expect(status, method, address, body)).Text));
    }

    [Theory]
    [InlineData("POST", "/api/auth/totp")]
    [InlineData("DELETE", "/api/auth/totp")]
    [InlineData("POST", "/api/auth/totp/confirm")]
    [InlineData("POST", "/api/auth/recovery-codes")]
    public async Task Nobody_and_programs_are_refused(string method, string address)
    {
        await server.Visitor().Expect(401, new Call(method, address, "{}"));
        var key = await server.AdminAt().Expect(201, Call.Post("/api/keys", """{"name":"essai","role":"admin"}"""));
        await server.Visitor().Expect(403, new Call(method, address, "{}", $"X-Api-Key: {key.Data!["key"]}"));
    }
}
