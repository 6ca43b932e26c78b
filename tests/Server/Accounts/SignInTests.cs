using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Socle.Tests.Server.Accounts;

/// <summary>In by password: what is answered, to whom, how often and how fast.</summary>
[Collection(nameof(AccountServer))]
public sealed class SignInTests(AccountServer server)
{
    [Fact]
    public async Task Who_is_right_gets_tokens_and_is_known()
    {
        var (id, email) = await server.NewUser("viewer");
        var answer = (await server.SignInFully(email)).Data!;
        Assert.Equal("Bearer", (string)answer["tokenType"]!);
        Assert.Equal(900, (int)answer["expiresIn"]!);
        Assert.Equal((id, email, "viewer"), ((string)answer["user"]!["id"]!, (string)answer["user"]!["email"]!, (string)answer["user"]!["role"]!));
        var me = await server.Visitor().Expect(200, Call.Get("/api/auth/me", $"Authorization: Bearer {answer["accessToken"]}"));
        Assert.Equal(id, (string)me.Data!["id"]!);
        Assert.DoesNotContain("hash", me.Text, StringComparison.OrdinalIgnoreCase);
        await server.Visitor().Expect(200, Call.Get("/api/things", $"Authorization: bearer {answer["accessToken"]}"));
        await server.Visitor().Expect(401, Call.Get("/api/things"));
    }

    [Fact]
    public async Task E_mail_address_and_user_name_are_taken_in_any_letter_case()
    {
        var name = $"Élodie.{Guid.NewGuid():N}"[..20];
        await server.AdminAt().Expect(201, Call.Post("/api/users", $$"""{"username":"{{name}}","role":"member","password":"{{AccountServer.Password}}"}"""));
        await server.Visitor().Expect(200, Call.Post("/api/auth/login", $$"""{"username":"{{name.ToUpperInvariant()}}","password":"{{AccountServer.Password}}"}"""));
        var (_, email) = await server.NewUser();
        await server.Visitor().Expect(200, Call.Post("/api/auth/login", AccountServer.Login(email.ToUpperInvariant())));
    }

    [Fact]
    public async Task Wrong_unknown_disabled_and_locked_are_answered_alike()
    {
        var (disabled, disabledEmail) = await server.NewUser();
        await server.AdminAt().Expect(200, Call.Patch($"/api/users/{disabled}", """{"disabled":true}"""));
        var (locked, lockedEmail) = await server.NewUser();
        await server.Run($"UPDATE socle_system.users SET locked_until = now() + interval '5 minutes' WHERE id = '{locked}'");
        var (_, known) = await server.NewUser();
        var answers = new[]
        {
            await server.Visitor().Expect(401, Call.Post("/api/auth/login", AccountServer.Login(known, "Faux mot de passe 1"))),
            await server.Visitor().Expect(401, Call.Post("/api/auth/login", AccountServer.Login("nobody@exemple.fr"))),
            await server.Visitor().Expect(401, Call.Post("/api/auth/login", AccountServer.Login(disabledEmail))),
            await server.Visitor().Expect(401, Call.Post("/api/auth/login", AccountServer.Login(lockedEmail))),
        };
        Assert.Single(answers.Select(answer => Without(answer.Error, "requestId")).Distinct());
        Assert.Single(answers.Select(answer => string.Join('\n', answer.Message.Headers.Select(header => header.Key))).Distinct());
        var french = await server.Visitor().Expect(401, Call.Post("/api/auth/login", AccountServer.Login("nobody@exemple.fr"), "Accept-Language: fr"));
        Assert.StartsWith("Ces identifiants", (string)french.Error["message"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Five_wrong_passwords_lock_for_a_quarter_of_an_hour_and_the_right_one_is_refused()
    {
        var (id, email) = await server.NewUser();
        var (_, neighbour) = await server.NewUser();
        var visitor = server.Visitor();
        for (var i = 0; i < 5; i++)
            await visitor.Expect(401, Call.Post("/api/auth/login", AccountServer.Login(email, "Faux mot de passe 1")));
        await visitor.Expect(401, Call.Post("/api/auth/login", AccountServer.Login(email)));
        await server.Visitor(server.Other).Expect(401, Call.Post("/api/auth/login", AccountServer.Login(email)));
        Assert.InRange(await server.Ask<int>($"SELECT extract(epoch FROM locked_until - now())::int FROM socle_system.users WHERE id = '{id}'"), 14 * 60, 15 * 60);
        await visitor.Expect(200, Call.Post("/api/auth/login", AccountServer.Login(neighbour)));
        Assert.Equal(1, await server.Ask<long>($"SELECT count(*) FROM socle_system.audit WHERE event = 'sign_in.locked' AND target = '{email}'"));

        await server.AdminAt().Expect(200, Call.Post($"/api/users/{id}/unlock", ""));
        await visitor.Expect(200, Call.Post("/api/auth/login", AccountServer.Login(email)));
    }

    [Fact]
    public async Task Four_wrong_ones_and_a_right_one_begin_anew()
    {
        var (_, email) = await server.NewUser();
        var visitor = server.Visitor();
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < 4; i++)
                await visitor.Expect(401, Call.Post("/api/auth/login", AccountServer.Login(email, "Faux mot de passe 1")));
            await visitor.Expect(200, Call.Post("/api/auth/login", AccountServer.Login(email)));
        }
    }

    [Fact]
    public async Task After_the_lock_there_are_five_tries_again()
    {
        var (id, email) = await server.NewUser();
        await server.Run($"UPDATE socle_system.users SET failed_attempts = 5, locked_until = now() - interval '1 second' WHERE id = '{id}'");
        await server.Visitor().Expect(401, Call.Post("/api/auth/login", AccountServer.Login(email, "Faux mot de passe 1")));
        Assert.Equal(1, await server.Ask<int>($"SELECT failed_attempts FROM socle_system.users WHERE id = '{id}'"));
        await server.Visitor().Expect(200, Call.Post("/api/auth/login", AccountServer.Login(email)));
    }

    [Fact]
    public async Task Guesses_that_come_at_once_on_two_servers_get_no_more_tries()
    {
        var (id, email) = await server.NewUser();
        await Task.WhenAll(Enumerable.Range(0, 12).Select(i => server.Visitor(i % 2 == 0 ? server.Server : server.Other).Expect(401, Call.Post("/api/auth/login", AccountServer.Login(email, $"Faux mot de passe {i}")))));
        Assert.Equal(5, await server.Ask<int>($"SELECT failed_attempts FROM socle_system.users WHERE id = '{id}'"));
        await server.Visitor().Expect(401, Call.Post("/api/auth/login", AccountServer.Login(email)));
    }

    [Fact]
    public async Task Programs_that_sign_in_together_do_not_lock_themselves_out()
    {
        var (_, email) = await server.NewUser();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => server.SignInFully(email)));
    }

    [Fact]
    public async Task Whether_an_account_exists_does_not_show_in_the_time()
    {
        var known = new List<double>();
        var unknown = new List<double>();
        for (var i = 0; i < 7; i++)
        {
            var (_, email) = await server.NewUser();
            known.Add(await Time(email));
            unknown.Add(await Time($"nobody{i}@exemple.fr"));
        }

        // The quickest of each: what else the machine does only ever adds to a time.
        Assert.InRange(Math.Abs(known.Min() - unknown.Min()), 0, 60);

        async Task<double> Time(string email)
        {
            var visitor = server.Visitor();
            await visitor.Expect(401, Call.Get("/api/auth/me"));
            var started = Stopwatch.GetTimestamp();
            await visitor.Expect(401, Call.Post("/api/auth/login", AccountServer.Login(email, "Faux mot de passe 1")));
            return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }
    }

    [Fact]
    public async Task A_hash_that_Django_made_signs_in_and_is_made_anew()
    {
        var (id, email) = await server.NewUser();
        var hash = Convert.ToBase64String(Rfc2898DeriveBytes.Pbkdf2(AccountServer.Password, Encoding.ASCII.GetBytes("seasalt"), 260_000, HashAlgorithmName.SHA256, 32));
        await server.Run($"UPDATE socle_system.users SET password_hash = 'pbkdf2_sha256$260000$seasalt${hash}' WHERE id = '{id}'");
        await server.Visitor().Expect(401, Call.Post("/api/auth/login", AccountServer.Login(email, "Faux mot de passe 1")));
        var answer = await server.SignInFully(email);
        Assert.DoesNotContain("seasalt", await server.Ask<string>($"SELECT password_hash FROM socle_system.users WHERE id = '{id}'"), StringComparison.Ordinal);
        await server.SignInFully(email);
        await server.Visitor().Expect(200, Call.Get("/api/auth/me", $"Authorization: Bearer {answer.Data!["accessToken"]}"));
    }

    [Theory]
    [InlineData("", 400)]
    [InlineData("[]", 400)]
    [InlineData("null", 400)]
    [InlineData("{}", 422)]
    [InlineData("""{"email":"a@b.fr"}""", 422)]
    [InlineData("""{"email":"a@b.fr","username":"a","password":"x"}""", 422)]
    [InlineData("""{"email":["a@b.fr"],"password":"x"}""", 400)]
    [InlineData("""{"email":{"$ne":null},"password":{"$ne":null}}""", 400)]
    [InlineData("""{"email":"a@b.fr","password":"x","admin":true}""", 400)]
    [InlineData("""{"email":"a@b.fr","email":"b@b.fr","password":"x"}""", 400)]
    [InlineData("""{"email":"a\u0000@b.fr","password":"x"}""", 400)]
    [InlineData("""{"email":"\ud800","password":"x"}""", 400)]
    [InlineData("""{"email":"a@b.fr","password":"x","cookie":"yes"}""", 400)]
    [InlineData("""{"email":"' OR 1=1 --","password":"' OR 1=1 --"}""", 401)]
    [InlineData("""{"email":"chef@exemple.fr%00","password":"\\\\"}""", 401)]
    public async Task What_makes_no_sense_is_refused(string body, int status)
    {
        var answer = await server.Visitor().Expect(status, Call.Post("/api/auth/login", body));
        Assert.Null(Leaks.Find(answer.Text));
    }

    [Fact]
    public async Task A_body_without_end_is_not_read()
    {
        var answer = await server.Visitor().Send(Call.Post("/api/auth/login", AccountServer.Login("a@b.fr", new string('x', 200_000))));
        Assert.Contains(answer.Status, new[] { 400, 413 });
    }

    private static string Without(JsonNode error, string member)
    {
        error.AsObject().Remove(member);
        return error.ToJsonString();
    }
}
