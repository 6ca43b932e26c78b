using System.Buffers.Text;
using System.Text.Json.Nodes;

namespace Socle.Tests.Server.Accounts;

/// <summary>Passkeys: added after the password, in by one answer to one question, and refused when anything in the answer is not as asked.</summary>
[Collection(nameof(AccountServer))]
public sealed class PasskeyTests(AccountServer server)
{
    private const string Home = "Host: localhost";

    public static TheoryData<string, Ceremony> Wrong => new()
    {
        { "another site", new Ceremony { Origin = "http://localhost.exemple.fr" } },
        { "another port", new Ceremony { Origin = "http://localhost:81" } },
        { "another scheme", new Ceremony { Origin = "https://localhost" } },
        { "no origin", new Ceremony { Origin = "null" } },
        { "inside another page", new Ceremony { CrossOrigin = true } },
        { "another domain", new Ceremony { Domain = "exemple.fr" } },
        { "nobody there", new Ceremony { IsPresent = false } },
        { "nobody verified", new Ceremony { IsVerified = false } },
        { "another question", new Ceremony { Challenge = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" } },
        { "another kind of question", new Ceremony { Type = "webauthn.other" } },
    };

    public static TheoryData<string, Ceremony> WrongToSignIn => new()
    {
        { "forged", new Ceremony { IsForged = true } },
        { "a copy, whose counter did not rise", new Ceremony { Counts = 0 } },
        { "a copy, whose counter fell", new Ceremony { Counts = -1 } },
        { "somebody else's", new Ceremony { UserHandle = "00000000-0000-4000-8000-000000000001" } },
        { "nobody's", new Ceremony { UserHandle = "" } },
        { "the answer of an addition", new Ceremony { Type = "webauthn.create" } },
    };

    [Fact]
    public async Task A_passkey_opens_the_door_by_itself_even_where_codes_are_asked_for()
    {
        var person = await EnrolledPerson.New(server);
        using var passkey = new SoftPasskey();
        var added = await Add(person, passkey);
        var signedIn = await SignIn(200, passkey);
        Assert.Equal(person.Id, (string)signedIn.Data!["user"]!["id"]!);
        await server.Visitor().Expect(200, Call.Get("/api/auth/me", $"Authorization: Bearer {signedIn.Data["accessToken"]}"));
        var listed = Assert.Single((await person.Expect(200, "GET", "/api/auth/passkeys")).Data!.AsArray())!;
        Assert.Equal(("Portable", (string)added["id"]!), ((string)listed["name"]!, (string)listed["id"]!));
        Assert.NotNull(listed["lastUsedAt"]);

        await person.Expect(200, "DELETE", $"/api/auth/passkeys/{listed["id"]}");
        await SignIn(401, passkey);
        await person.Expect(404, "DELETE", $"/api/auth/passkeys/{listed["id"]}");
        Assert.Equal(["passkey.added", "passkey.removed"], await Events(person));
    }

    [Fact]
    public async Task For_the_browser_there_is_a_cookie()
    {
        var person = await EnrolledPerson.New(server, withAuthenticator: false);
        using var passkey = new SoftPasskey();
        await Add(person, passkey);
        var question = await Ask();
        var answer = await Answer(200, question, passkey.Sign(question["publicKey"]!, new()), more: ",\"cookie\":true");
        Assert.Contains("socle_session=", answer.Message.Headers.GetValues("Set-Cookie").Single(), StringComparison.Ordinal);
        Assert.NotNull(answer.Data!["csrfToken"]);
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    [MemberData(nameof(WrongToSignIn))]
    public async Task Nothing_may_be_other_than_asked(string what, Ceremony ceremony)
    {
        var person = await EnrolledPerson.New(server, withAuthenticator: false);
        using var passkey = new SoftPasskey();
        await Add(person, passkey);
        await SignIn(200, passkey);
        var answer = await SignIn(401, passkey, ceremony);
        Assert.True("unauthenticated" == (string)answer.Error["code"]!, what);
        Assert.Null(Leaks.Find(answer.Text));
        await SignIn(200, passkey, new() { Counts = 5 });
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task A_passkey_made_elsewhere_is_not_added(string what, Ceremony ceremony)
    {
        var person = await EnrolledPerson.New(server, withAuthenticator: false);
        using var passkey = new SoftPasskey();
        var question = await AskToAdd(person);
        var answer = await Post(person, 400, question, passkey.Create(question["publicKey"]!, ceremony));
        Assert.True(answer.Error["fields"]!.ToJsonString().Contains("credential", StringComparison.Ordinal), $"{what}: {answer.Text}");
        Assert.Null(Leaks.Find(answer.Text));
        // The question is used up.
        await Post(person, 400, question, passkey.Create(question["publicKey"]!, new()));
    }

    [Fact]
    public async Task An_answer_works_once_on_whichever_server()
    {
        var person = await EnrolledPerson.New(server, withAuthenticator: false);
        using var passkey = new SoftPasskey();
        await Add(person, passkey);
        var question = await Ask();
        var credential = passkey.Sign(question["publicKey"]!, new());
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => server.Visitor(i % 2 == 0 ? server.Server : server.Other)
            .Send(Call.Post("/api/auth/passkeys/login", $$"""{"state":"{{question["state"]}}","credential":{{credential}}}""", Home))));
        Assert.Single(answers, answer => answer.Status == 200);
        Assert.All(answers.Where(answer => answer.Status != 200), answer => Assert.Equal(401, answer.Status));

        question = await Ask();
        await server.Run("UPDATE socle_system.passkey_challenges SET expires_at = now()");
        await Answer(401, question, passkey.Sign(question["publicKey"]!, new()));
        question = await Ask();
        Assert.Equal(1, await server.Ask<long>("SELECT count(*) FROM socle_system.passkey_challenges"));
        await Answer(200, question, passkey.Sign(question["publicKey"]!, new()), server.Other);
    }

    [Fact]
    public async Task A_counter_that_always_says_nought_is_believed()
    {
        var person = await EnrolledPerson.New(server, withAuthenticator: false);
        using var passkey = new SoftPasskey();
        await Add(person, passkey);
        await SignIn(200, passkey, new() { Counts = 0 });
        await SignIn(200, passkey, new() { Counts = 0 });
    }

    [Fact]
    public async Task It_is_added_with_the_password_to_a_question_of_ones_own()
    {
        var (person, other) = (await EnrolledPerson.New(server, withAuthenticator: false), await EnrolledPerson.New(server, withAuthenticator: false));
        using var passkey = new SoftPasskey();
        await server.Visitor().Expect(401, Call.Post("/api/auth/passkeys/options", "{}", Home));
        await person.Expect(401, "POST", "/api/auth/passkeys/options", EnrolledPerson.WithPassword(password: "Faux mot de passe 1"), Home);
        await person.Expect(409, "POST", "/api/auth/passkeys/options", EnrolledPerson.WithPassword());

        var question = await AskToAdd(person);
        await Post(other, 400, question, passkey.Create(question["publicKey"]!, new()));
        var signIn = await Ask();
        await Post(person, 400, signIn, passkey.Create(question["publicKey"]!, new()));
        await Answer(401, question, passkey.Sign(question["publicKey"]!, new()));
        await Post(person, 201, question, passkey.Create(question["publicKey"]!, new()));

        // Known already, to them and to others.
        question = await AskToAdd(person);
        Assert.Equal((string)question["publicKey"]!["excludeCredentials"]![0]!["id"]!, Base64Url.EncodeToString(passkey.Id));
        await Post(person, 400, question, passkey.Create(question["publicKey"]!, new()));
        question = await AskToAdd(other);
        using var copy = new SoftPasskey { Id = passkey.Id };
        await Post(other, 400, question, copy.Create(question["publicKey"]!, new()));
        await other.Expect(404, "DELETE", $"/api/auth/passkeys/{Base64Url.EncodeToString(passkey.Id)}");
        Assert.Equal(person.Id, (string)(await SignIn(200, passkey)).Data!["user"]!["id"]!);
    }

    [Fact]
    public async Task Who_is_disabled_or_was_reset_is_not_let_in()
    {
        var person = await EnrolledPerson.New(server, withAuthenticator: false);
        using var passkey = new SoftPasskey();
        await Add(person, passkey);
        await server.AdminAt().Expect(200, Call.Patch($"/api/users/{person.Id}", """{"disabled":true}"""));
        await SignIn(401, passkey);
        await server.AdminAt().Expect(200, Call.Patch($"/api/users/{person.Id}", """{"disabled":false}"""));
        await SignIn(200, passkey);
        await server.AdminAt().Expect(200, Call.Delete($"/api/users/{person.Id}/second-factor"));
        await SignIn(401, passkey);
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
        await person.Expect(201, "POST", "/api/auth/passkeys", Body(question, passkey.Create(question["publicKey"]!, public_), ",\"name\":\"Portable\""), at: named);
        foreach (var (status, ceremony) in new[] { (200, public_), (200, public_ with { Origin = "https://app.erp.exemple.fr" }), (401, public_ with { Origin = $"http://{named.Address.Authority}" }), (401, public_ with { Origin = "https://exemple.fr" }), (401, new()) })
        {
            question = (await server.Visitor(named).Expect(200, Call.Post("/api/auth/passkeys/login/options", ""))).Data!;
            await server.Visitor(named).Expect(status, Call.Post("/api/auth/passkeys/login", Body(question, passkey.Sign(question["publicKey"]!, ceremony))));
        }
    }

    [Theory]
    [InlineData("", 400)]
    [InlineData("[]", 400)]
    [InlineData("{}", 422)]
    [InlineData("""{"state":"x"}""", 422)]
    [InlineData("""{"state":"x","credential":"y"}""", 422)]
    [InlineData("""{"state":"x","credential":{}}""", 401)]
    [InlineData("""{"state":"x","credential":{},"user":"admin"}""", 400)]
    [InlineData("""{"state":"STATE","credential":{}}""", 401)]
    [InlineData("""{"state":"STATE","credential":{"id":"AA","rawId":"AA","type":"public-key","response":null}}""", 401)]
    [InlineData("""{"state":"STATE","credential":{"id":"AA","rawId":"AA","type":"public-key","clientExtensionResults":{},"response":{"clientDataJSON":"AA","authenticatorData":"AA","signature":"AA","userHandle":"AA"}}}""", 401)]
    [InlineData("""{"state":"STATE","credential":{"id":"AA","rawId":"AA","type":"public-key","clientExtensionResults":{},"response":{"clientDataJSON":"e30","authenticatorData":"","signature":"","userHandle":"'; DROP TABLE x"}}}""", 401)]
    [InlineData("""{"state":"STATE","credential":{"id":"\u0000","rawId":[1],"type":7}}""", 401)]
    [InlineData("""{"state":"STATE","credential":{"id":"\ud800"}}""", 401)]
    public async Task What_makes_no_sense_is_refused(string body, int status)
    {
        var state = (string)(await Ask())["state"]!;
        var answer = await server.Visitor().Expect(status, Call.Post("/api/auth/passkeys/login", body.Replace("STATE", state, StringComparison.Ordinal), Home));
        Assert.Null(Leaks.Find(answer.Text));
    }

    [Theory]
    [InlineData("POST", "/api/auth/passkeys", """{"state":"x","credential":{},"name":""}""", 422)]
    [InlineData("POST", "/api/auth/passkeys", """{"state":"x","credential":{},"name":"a"}""", 400)]
    [InlineData("POST", "/api/auth/passkeys", """{"state":"STATE","credential":{"id":"AA","rawId":"AA","type":"public-key","response":{"clientDataJSON":"AA","attestationObject":"AA"}},"name":"a"}""", 400)]
    [InlineData("DELETE", "/api/auth/passkeys/x", null, 404)]
    [InlineData("DELETE", "/api/auth/passkeys/AAAA", null, 404)]
    [InlineData("DELETE", "/api/auth/passkeys/AA%20AA", null, 404)]
    public async Task What_makes_no_sense_is_refused_to_people_too(string method, string address, string? body, int status)
    {
        var person = await EnrolledPerson.New(server, withAuthenticator: false);
        var state = (string)(await AskToAdd(person))["state"]!;
        Assert.Null(Leaks.Find((await person.Expect(status, method, address, body?.Replace("STATE", state, StringComparison.Ordinal), Home)).Text));
    }

    private static async Task<JsonNode> AskToAdd(EnrolledPerson person) =>
        (await person.Expect(200, "POST", "/api/auth/passkeys/options", EnrolledPerson.WithPassword(), Home)).Data!;

    private static Task<Answer> Post(EnrolledPerson person, int status, JsonNode question, string credential) =>
        person.Expect(status, "POST", "/api/auth/passkeys", Body(question, credential, ",\"name\":\"Portable\""), Home);

    private static async Task<JsonNode> Add(EnrolledPerson person, SoftPasskey passkey)
    {
        var question = await AskToAdd(person);
        return (await Post(person, 201, question, passkey.Create(question["publicKey"]!, new()))).Data!;
    }

    private async Task<JsonNode> Ask() => (await server.Visitor().Expect(200, Call.Post("/api/auth/passkeys/login/options", "", Home))).Data!;

    private Task<Answer> Answer(int status, JsonNode question, string credential, Testing.RunningServer? at = null, string more = "") =>
        server.Visitor(at).Expect(status, Call.Post("/api/auth/passkeys/login", Body(question, credential, more), Home));

    private async Task<Answer> SignIn(int status, SoftPasskey passkey, Ceremony? ceremony = null)
    {
        var question = await Ask();
        return await Answer(status, question, passkey.Sign(question["publicKey"]!, ceremony ?? new()));
    }

    private static string Body(JsonNode question, string credential, string more = "") => $$"""{"state":"{{question["state"]}}","credential":{{credential}}{{more}}}""";

    private async Task<string[]> Events(EnrolledPerson person) =>
        (await server.Ask<string>($"SELECT string_agg(event, ' ' ORDER BY id) FROM socle_system.audit WHERE actor = '{person.Email}' AND event LIKE 'passkey.%'")).Split(' ');
}
