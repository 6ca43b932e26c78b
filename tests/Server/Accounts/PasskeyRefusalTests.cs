namespace Socle.Tests.Server.Accounts;

/// <summary>Passkeys are refused when anything in the answer is not as asked.</summary>
[Collection(nameof(AccountServer))]
public sealed class PasskeyRefusalTests(AccountServer server)
{
    private readonly PasskeyDoor _door = new(server);

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

    [Theory]
    [MemberData(nameof(Wrong))]
    [MemberData(nameof(WrongToSignIn))]
    public async Task Nothing_may_be_other_than_asked(string what, Ceremony ceremony)
    {
        var person = await EnrolledPerson.New(server, withAuthenticator: false);
        using var passkey = new SoftPasskey();
        await PasskeyDoor.Add(person, passkey);
        await _door.SignIn(200, passkey);
        var answer = await _door.SignIn(401, passkey, ceremony);
        Assert.True("unauthenticated" == (string)answer.Error["code"]!, what);
        Assert.Null(Leaks.Find(answer.Text));
        await _door.SignIn(200, passkey, new() { Counts = 5 });
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task A_passkey_made_elsewhere_is_not_added(string what, Ceremony ceremony)
    {
        var person = await EnrolledPerson.New(server, withAuthenticator: false);
        using var passkey = new SoftPasskey();
        var question = await PasskeyDoor.AskToAdd(person);
        var answer = await PasskeyDoor.Post(person, 400, question, passkey.Create(question["publicKey"]!, ceremony));
        Assert.True(answer.Error["fields"]!.ToJsonString().Contains("credential", StringComparison.Ordinal), $"{what}: {answer.Text}");
        Assert.Null(Leaks.Find(answer.Text));
        // The question is used up.
        await PasskeyDoor.Post(person, 400, question, passkey.Create(question["publicKey"]!, new()));
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
        var state = (string)(await _door.Ask())["state"]!;
        var answer = await server.Visitor().Expect(status, Call.Post("/api/auth/passkeys/login", body.Replace("STATE", state, StringComparison.Ordinal), PasskeyDoor.Home));
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
        var state = (string)(await PasskeyDoor.AskToAdd(person))["state"]!;
        Assert.Null(Leaks.Find((await person.Expect(status, method, address, body?.Replace("STATE", state, StringComparison.Ordinal), PasskeyDoor.Home)).Text));
    }
}
