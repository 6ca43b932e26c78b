using Socle.Testing;

namespace Socle.Tests.Server.Accounts;

/// <summary>Somebody who signed in, and who may have an authenticator.</summary>
public sealed class EnrolledPerson(AccountServer server, string id, string email, string token)
{
    public string Id => id;

    public string Email => email;

    public Authenticator Authenticator { get; private set; } = null!;

    public string[] RecoveryCodes { get; private set; } = [];

    public static async Task<EnrolledPerson> New(AccountServer server, bool withAuthenticator = true, string role = "member")
    {
        var (id, email) = await server.NewUser(role);
        var person = new EnrolledPerson(server, id, email, await server.SignIn(email));
        if (withAuthenticator)
            await person.Enrol();
        return person;
    }

    /// <summary>A call in their session.</summary>
    public Task<Answer> Expect(int status, string method, string address, string? body = null, string? header = null, RunningServer? at = null) =>
        server.Visitor(at).Expect(status, new Call(method, address, body, [$"Authorization: Bearer {token}", .. header is null ? Array.Empty<string>() : [header]]));

    public Task<Answer> Send(string method, string address) => server.Visitor().Send(new Call(method, address, null, $"Authorization: Bearer {token}"));

    /// <summary>A sign-in with more than the password.</summary>
    public Task<Answer> SignIn(int status, string more = "") =>
        server.Visitor().Expect(status, Call.Post("/api/auth/login", $$"""{"email":"{{email}}","password":"{{AccountServer.Password}}"{{more}}}"""));

    /// <summary>The code as a member of a body.</summary>
    public string Code(int later = 0) => $"""
        ,"code":"{Authenticator.Code(later)}"
        """;

    public static string Recovery(string code) => $"""
        ,"recoveryCode":"{code}"
        """;

    public static string WithPassword(string more = "", string password = AccountServer.Password) => $$"""{"password":"{{password}}"{{more}}}""";

    /// <summary>As if the codes of this moment had not been used yet.</summary>
    public Task LetTimePass() => server.Run($"UPDATE socle_system.users SET totp_last_step = 0 WHERE id = '{id}'");

    public async Task Enrol()
    {
        var begun = await Expect(200, "POST", "/api/auth/totp", WithPassword());
        Authenticator = new((string)begun.Data!["secret"]!);
        var confirmed = await Expect(200, "POST", "/api/auth/totp/confirm", $$"""{"code":"{{Authenticator.Code()}}"}""");
        RecoveryCodes = [.. confirmed.Data!["recoveryCodes"]!.AsArray().Select(code => (string)code!)];
        await LetTimePass();
    }
}
