using System.Buffers.Text;
using System.Text.Json.Nodes;

namespace Socle.Tests.Server.Accounts;

/// <summary>Passkeys: added after the password, in by one answer to one question.</summary>
[Collection(nameof(AccountServer))]
public sealed class PasskeyTests(AccountServer server)
{
    private readonly PasskeyDoor _door = new(server);

    [Fact]
    public async Task A_passkey_opens_the_door_by_itself_even_where_codes_are_asked_for()
    {
        var person = await EnrolledPerson.New(server);
        using var passkey = new SoftPasskey();
        var added = await PasskeyDoor.Add(person, passkey);
        var signedIn = await _door.SignIn(200, passkey);
        Assert.Equal(person.Id, (string)signedIn.Data!["user"]!["id"]!);
        await server.Visitor().Expect(200, Call.Get("/api/auth/me", $"Authorization: Bearer {signedIn.Data["accessToken"]}"));
        var listed = Assert.Single((await person.Expect(200, "GET", "/api/auth/passkeys")).Data!.AsArray())!;
        Assert.Equal(("Portable", (string)added["id"]!), ((string)listed["name"]!, (string)listed["id"]!));
        Assert.NotNull(listed["lastUsedAt"]);

        await person.Expect(200, "DELETE", $"/api/auth/passkeys/{listed["id"]}");
        await _door.SignIn(401, passkey);
        await person.Expect(404, "DELETE", $"/api/auth/passkeys/{listed["id"]}");
        Assert.Equal(["passkey.added", "passkey.removed"], await Events(person));
    }

    [Fact]
    public async Task For_the_browser_there_is_a_cookie()
    {
        var person = await EnrolledPerson.New(server, withAuthenticator: false);
        using var passkey = new SoftPasskey();
        await PasskeyDoor.Add(person, passkey);
        var question = await _door.Ask();
        var answer = await _door.Answer(200, question, passkey.Sign(question["publicKey"]!, new()), more: ",\"cookie\":true");
        Assert.Contains("socle_session=", answer.Message.Headers.GetValues("Set-Cookie").Single(), StringComparison.Ordinal);
        Assert.NotNull(answer.Data!["csrfToken"]);
    }

    [Fact]
    public async Task An_answer_works_once_on_whichever_server()
    {
        var person = await EnrolledPerson.New(server, withAuthenticator: false);
        using var passkey = new SoftPasskey();
        await PasskeyDoor.Add(person, passkey);
        var question = await _door.Ask();
        var credential = passkey.Sign(question["publicKey"]!, new());
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => server.Visitor(i % 2 == 0 ? server.Server : server.Other)
            .Send(Call.Post("/api/auth/passkeys/login", $$"""{"state":"{{question["state"]}}","credential":{{credential}}}""", PasskeyDoor.Home))));
        Assert.Single(answers, answer => answer.Status == 200);
        Assert.All(answers.Where(answer => answer.Status != 200), answer => Assert.Equal(401, answer.Status));

        question = await _door.Ask();
        await server.Run("UPDATE socle_system.passkey_challenges SET expires_at = now()");
        await _door.Answer(401, question, passkey.Sign(question["publicKey"]!, new()));
        question = await _door.Ask();
        Assert.Equal(1, await server.Ask<long>("SELECT count(*) FROM socle_system.passkey_challenges"));
        await _door.Answer(200, question, passkey.Sign(question["publicKey"]!, new()), server.Other);
    }

    [Fact]
    public async Task A_counter_that_always_says_nought_is_believed()
    {
        var person = await EnrolledPerson.New(server, withAuthenticator: false);
        using var passkey = new SoftPasskey();
        await PasskeyDoor.Add(person, passkey);
        await _door.SignIn(200, passkey, new() { Counts = 0 });
        await _door.SignIn(200, passkey, new() { Counts = 0 });
    }

    [Fact]
    public async Task It_is_added_with_the_password_to_a_question_of_ones_own()
    {
        var (person, other) = (await EnrolledPerson.New(server, withAuthenticator: false), await EnrolledPerson.New(server, withAuthenticator: false));
        using var passkey = new SoftPasskey();
        await server.Visitor().Expect(401, Call.Post("/api/auth/passkeys/options", "{}", PasskeyDoor.Home));
        await person.Expect(401, "POST", "/api/auth/passkeys/options", EnrolledPerson.WithPassword(password: "Faux mot de passe 1"), PasskeyDoor.Home);
        await person.Expect(409, "POST", "/api/auth/passkeys/options", EnrolledPerson.WithPassword());

        var question = await PasskeyDoor.AskToAdd(person);
        await PasskeyDoor.Post(other, 400, question, passkey.Create(question["publicKey"]!, new()));
        var signIn = await _door.Ask();
        await PasskeyDoor.Post(person, 400, signIn, passkey.Create(question["publicKey"]!, new()));
        await _door.Answer(401, question, passkey.Sign(question["publicKey"]!, new()));
        await PasskeyDoor.Post(person, 201, question, passkey.Create(question["publicKey"]!, new()));

        // Known already, to them and to others.
        question = await PasskeyDoor.AskToAdd(person);
        Assert.Equal((string)question["publicKey"]!["excludeCredentials"]![0]!["id"]!, Base64Url.EncodeToString(passkey.Id));
        await PasskeyDoor.Post(person, 400, question, passkey.Create(question["publicKey"]!, new()));
        question = await PasskeyDoor.AskToAdd(other);
        using var copy = new SoftPasskey { Id = passkey.Id };
        await PasskeyDoor.Post(other, 400, question, copy.Create(question["publicKey"]!, new()));
        await other.Expect(404, "DELETE", $"/api/auth/passkeys/{Base64Url.EncodeToString(passkey.Id)}");
        Assert.Equal(person.Id, (string)(await _door.SignIn(200, passkey)).Data!["user"]!["id"]!);
    }

    [Fact]
    public async Task Who_is_disabled_or_was_reset_is_not_let_in()
    {
        var person = await EnrolledPerson.New(server, withAuthenticator: false);
        using var passkey = new SoftPasskey();
        await PasskeyDoor.Add(person, passkey);
        await server.AdminAt().Expect(200, Call.Patch($"/api/users/{person.Id}", """{"disabled":true}"""));
        await _door.SignIn(401, passkey);
        await server.AdminAt().Expect(200, Call.Patch($"/api/users/{person.Id}", """{"disabled":false}"""));
        await _door.SignIn(200, passkey);
        await server.AdminAt().Expect(200, Call.Delete($"/api/users/{person.Id}/second-factor"));
        await _door.SignIn(401, passkey);
    }

    [Fact]
    public async Task The_public_address_and_named_origins_count_whatever_the_host()
    {
        await using var named = await server.Start(("PUBLIC_URL", "https://erp.exemple.fr"), ("CORS_ORIGINS", "https://app.erp.exemple.fr"));
        var person = await EnrolledPerson.New(server, withAuthenticator: false);
        using var passkey = new SoftPasskey();
        var public_ = new Ceremony { Origin = "https://erp.exemple.fr", Domain = "erp.exemple.fr" };
        var question = (await person.Expect(200, "POST", "/api/auth/passkeys/options", EnrolledPerson.WithPassword(), at: named)).Data!;
        Assert.Equal("erp.exemple.fr", (string)question["publicKey"]!["rp"]!["id"]!);
        await person.Expect(201, "POST", "/api/auth/passkeys", PasskeyDoor.Body(question, passkey.Create(question["publicKey"]!, public_), ",\"name\":\"Portable\""), at: named);
        foreach (var (status, ceremony) in new[] { (200, public_), (200, public_ with { Origin = "https://app.erp.exemple.fr" }), (401, public_ with { Origin = $"http://{named.Address.Authority}" }), (401, public_ with { Origin = "https://exemple.fr" }), (401, new()) })
        {
            question = (await server.Visitor(named).Expect(200, Call.Post("/api/auth/passkeys/login/options", ""))).Data!;
            await server.Visitor(named).Expect(status, Call.Post("/api/auth/passkeys/login", PasskeyDoor.Body(question, passkey.Sign(question["publicKey"]!, ceremony))));
        }
    }

    private async Task<string[]> Events(EnrolledPerson person) =>
        (await server.Ask<string>($"SELECT string_agg(event, ' ' ORDER BY id) FROM socle_system.audit WHERE actor = '{person.Email}' AND event LIKE 'passkey.%'")).Split(' ');
}
