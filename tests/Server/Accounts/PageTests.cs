using System.Net;
using System.Text;

namespace Socle.Tests.Server.Accounts;

/// <summary>The pages for people: forms without a script.</summary>
[Collection(nameof(AccountServer))]
public sealed class PageTests(AccountServer server)
{
    [Theory]
    [InlineData("/sign-in", "Connexion", "Sign in")]
    [InlineData("/setup?token=x", "Le premier administrateur", "The first administrator")]
    [InlineData("/invite?token=x", "Choisissez votre mot de passe", "Choose your password")]
    [InlineData("/reset?token=x", "Choisissez votre mot de passe", "Choose your password")]
    [InlineData("/reset", "Un nouveau mot de passe", "A new password")]
    public async Task Each_page_is_in_both_languages_and_may_load_nothing(string address, string french, string english)
    {
        var page = await server.Visitor().Expect(200, Call.Get(address, "Accept-Language: fr", "Authorization: Bearer old"));
        Assert.Contains($"<h1>{french}</h1>", page.Text, StringComparison.Ordinal);
        Assert.Contains($"<h1>{english}</h1>", (await server.Visitor().Expect(200, Call.Get($"{address}{(address.Contains('?') ? '&' : '?')}lang=en", "Accept-Language: fr"))).Text, StringComparison.Ordinal);
        var policy = page.Message.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'none'; style-src 'sha256-", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page.Text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task The_form_signs_in_and_leads_on_within_this_server_only()
    {
        var (_, email) = await server.NewUser();
        foreach (var (next, expected) in new[] { ("", "/"), ("?next=/things%3Flimit%3D1", "/things?limit=1"), ("?next=https://evil.example", "/"), ("?next=//evil.example", "/"), ("?next=/.//evil.example", "/"), ("?next=/%5Cevil.example", "/"), ("?next=/%09/evil.example", "/") })
        {
            var answer = await Post(303, $"/sign-in{next}", ("address", email), ("password", AccountServer.Password));
            Assert.Equal(expected, answer.Headers.GetValues("Location").Single());
            var cookie = answer.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
            await server.Visitor().Expect(200, Call.Get("/api/auth/me", $"Cookie: {cookie}"));
        }
    }

    [Fact]
    public async Task What_is_wrong_stands_on_the_page_and_no_password_with_it()
    {
        var answer = await Post(401, "/sign-in", ("address", "<b>nobody</b>"), ("password", "Faux mot de passe 1"));
        var page = await answer.Content.ReadAsStringAsync();
        Assert.Contains("role=\"alert\"", page, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;nobody", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Faux mot de passe 1", page, StringComparison.Ordinal);
        await Post(400, "/sign-in", ("address", "a\0b"), ("password", "x"));
        await Post(401, "/setup?token=x", ("email", "a@b.fr"), ("name", "A"), ("password", AccountServer.Password));
    }

    [Fact]
    public async Task A_code_of_either_kind_is_taken_in_one_field()
    {
        var person = await EnrolledPerson.New(server);
        var asked = await Post(401, "/sign-in", ("address", person.Email), ("password", AccountServer.Password));
        Assert.Contains("name=\"code\" type=\"text\" autocomplete=\"one-time-code\" required", await asked.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await person.LetTimePass();
        await Post(303, "/sign-in", ("address", person.Email), ("password", AccountServer.Password), ("code", person.Authenticator.Code()));
        await Post(303, "/sign-in", ("address", person.Email), ("password", AccountServer.Password), ("code", person.RecoveryCodes[0].ToLowerInvariant()));
        await Post(401, "/sign-in", ("address", person.Email), ("password", AccountServer.Password), ("code", person.RecoveryCodes[0]));
    }

    [Fact]
    public async Task Forms_of_other_sites_are_refused()
    {
        var (_, email) = await server.NewUser();
        await Post(403, "/sign-in", "https://evil.example", ("address", email), ("password", AccountServer.Password));
        await server.Visitor().Expect(403, Call.Post("/sign-in", "{}"));
        await server.Visitor().Expect(400, Call.Post("/sign-in", "{}", $"Origin: {Origin}"));
    }

    [Fact]
    public async Task An_expired_password_is_changed_on_the_way_in()
    {
        var (id, email) = await server.NewUser();
        await server.Run($"UPDATE socle_system.users SET password_changed_at = now() - interval '91 days' WHERE id = '{id}'");
        var asked = await Post(403, "/sign-in", ("address", email), ("password", AccountServer.Password));
        Assert.Contains("name=\"newPassword\"", await asked.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await Post(422, "/sign-in", ("address", email), ("password", AccountServer.Password), ("newPassword", "court"));
        await Post(303, "/sign-in", ("address", email), ("password", AccountServer.Password), ("newPassword", "Trois-lynx bleus 47 nagent"));
        await server.Visitor().Expect(200, Call.Post("/api/auth/login", AccountServer.Login(email, "Trois-lynx bleus 47 nagent")));
    }

    [Fact]
    public async Task An_invitation_is_accepted_on_its_page()
    {
        var invited = await server.AdminAt().Expect(201, Call.Post("/api/auth/invite", $$"""{"email":"{{Guid.NewGuid():N}}@exemple.fr","role":"viewer"}"""));
        var page = new Uri((string)invited.Data!["link"]!).PathAndQuery;
        await Post(422, page, ("password", "court"));
        var done = await Post(303, page, ("password", AccountServer.Password));
        Assert.StartsWith("/sign-in?done=1", done.Headers.GetValues("Location").Single(), StringComparison.Ordinal);
        await Post(401, page, ("password", AccountServer.Password));
    }

    [Fact]
    public async Task Who_was_away_too_long_is_asked_to_sign_in()
    {
        var answer = await server.Visitor().Expect(302, Call.Get("/things?limit=1", "Cookie: socle_session=old", "Accept: text/html"));
        Assert.Equal("/sign-in?next=%2Fthings%3Flimit%3D1", answer.Message.Headers.GetValues("Location").Single());
        Assert.Contains("socle_session=;", answer.Message.Headers.GetValues("Set-Cookie").Single(), StringComparison.Ordinal);
    }

    private string Origin => server.Server.Address.ToString().TrimEnd('/');

    private Task<HttpResponseMessage> Post(int status, string address, params (string Name, string Value)[] fields) => Post(status, address, Origin, fields);

    private async Task<HttpResponseMessage> Post(int status, string address, string origin, params (string Name, string Value)[] fields)
    {
        using var visitor = server.Visitor();
        var body = string.Join('&', fields.Select(field => $"{field.Name}={Uri.EscapeDataString(field.Value)}"));
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new StringContent(body, Encoding.ASCII, "application/x-www-form-urlencoded") };
        request.Headers.Add("Origin", origin);
        var answer = await visitor.Send(request);
        Assert.True((HttpStatusCode)status == answer.StatusCode, $"{address} answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        return answer;
    }
}
