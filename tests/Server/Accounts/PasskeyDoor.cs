using System.Text.Json.Nodes;
using Socle.Testing;

namespace Socle.Tests.Server.Accounts;

/// <summary>The calls by which passkeys are added and shown, from a page of http://localhost.</summary>
internal sealed class PasskeyDoor(AccountServer server)
{
    public const string Home = "Host: localhost";

    public static async Task<JsonNode> AskToAdd(EnrolledPerson person) =>
        (await person.Expect(200, "POST", "/api/auth/passkeys/options", EnrolledPerson.WithPassword(), Home)).Data!;

    public static Task<Answer> Post(EnrolledPerson person, int status, JsonNode question, string credential) =>
        person.Expect(status, "POST", "/api/auth/passkeys", Body(question, credential, ",\"name\":\"Portable\""), Home);

    public static async Task<JsonNode> Add(EnrolledPerson person, SoftPasskey passkey)
    {
        var question = await AskToAdd(person);
        return (await Post(person, 201, question, passkey.Create(question["publicKey"]!, new()))).Data!;
    }

    public async Task<JsonNode> Ask() => (await server.Visitor().Expect(200, Call.Post("/api/auth/passkeys/login/options", "", Home))).Data!;

    public Task<Answer> Answer(int status, JsonNode question, string credential, RunningServer? at = null, string more = "") =>
        server.Visitor(at).Expect(status, Call.Post("/api/auth/passkeys/login", Body(question, credential, more), Home));

    public async Task<Answer> SignIn(int status, SoftPasskey passkey, Ceremony? ceremony = null)
    {
        var question = await Ask();
        return await Answer(status, question, passkey.Sign(question["publicKey"]!, ceremony ?? new()));
    }

    public static string Body(JsonNode question, string credential, string more = "") => $$"""{"state":"{{question["state"]}}","credential":{{credential}}{{more}}}""";
}
