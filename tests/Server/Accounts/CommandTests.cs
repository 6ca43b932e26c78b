using Npgsql;
using Socle.Testing;
using Socle.Tests.Postgres;

namespace Socle.Tests.Server.Accounts;

/// <summary>Accounts on the command line, beside the running server.</summary>
[Collection(nameof(AccountServer))]
public sealed class CommandTests(AccountServer server)
{
    [Fact]
    public async Task An_account_is_added_changed_shut_out_and_let_in_again()
    {
        var email = $"{Guid.NewGuid():N}@exemple.fr";
        await Run(0, AccountServer.Password, "add", email, "--role", "manager", "--name", "Ève", "--password-stdin");
        var token = await server.SignIn(email);
        Assert.Contains("manager", Assert.Single((await Run(0, "", "list")).Split('\n'), line => line.StartsWith(email, StringComparison.Ordinal)), StringComparison.Ordinal);
        await Run(0, "", "role", email.ToUpperInvariant(), "admin");
        await AccountServer.Until(async () => (await server.Visitor().Send(Call.Get("/api/users", $"Authorization: Bearer {token}"))).Status == 200);

        await Run(0, "Trois-lynx bleus 47 nagent\n", "passwd", email, "--password-stdin");
        await AccountServer.Until(async () => (await server.Visitor().Send(Call.Get("/api/auth/me", $"Authorization: Bearer {token}"))).Status == 401);
        await server.Visitor().Expect(200, Call.Post("/api/auth/login", AccountServer.Login(email, "Trois-lynx bleus 47 nagent")));

        await server.Run($"UPDATE socle_system.users SET locked_until = now() + interval '5 minutes' WHERE email = '{email}'");
        await Run(0, "", "unlock", email);
        var again = (await server.Visitor().Expect(200, Call.Post("/api/auth/login", AccountServer.Login(email, "Trois-lynx bleus 47 nagent")))).Data!;
        await Run(0, "", "disable", email);
        await AccountServer.Until(async () => (await server.Visitor().Send(Call.Get("/api/auth/me", $"Authorization: Bearer {again["accessToken"]}"))).Status == 401);
        await Run(0, "", "enable", email);
        await server.Visitor().Expect(200, Call.Post("/api/auth/login", AccountServer.Login(email, "Trois-lynx bleus 47 nagent")));
        Assert.Equal(1, await server.Ask<long>($"SELECT count(*) FROM socle_system.audit WHERE event = 'user.disabled' AND target = '{email}' AND actor LIKE 'terminal:%'"));
        await Run(0, "", "role", email, "viewer");
    }

    [Fact]
    public async Task An_invitation_is_a_link_on_standard_output()
    {
        var email = $"{Guid.NewGuid():N}@exemple.fr";
        var said = await Run(0, "", "add", email, "--invite", "--url", "https://erp.exemple.fr");
        var token = said.Split("https://erp.exemple.fr/invite?token=")[1].Split()[0];
        await server.Visitor().Expect(200, Call.Post("/api/auth/invite/accept", $$"""{"token":"{{token}}","password":"{{AccountServer.Password}}"}"""));
        await server.SignIn(email);
    }

    [Fact]
    public async Task What_cannot_be_is_said_and_not_done()
    {
        Assert.Contains("password", await Run(1, "motdepasse123456", "add", "weak@exemple.fr", "--password-stdin"), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("--password-stdin", await Run(1, "", "add", "none@exemple.fr"), StringComparison.Ordinal);
        Assert.Contains("no role 'king'", await Run(1, AccountServer.Password, "add", "king@exemple.fr", "--role", "king", "--password-stdin"), StringComparison.Ordinal);
        Assert.Contains("no account 'nobody'", await Run(1, "", "disable", "nobody"), StringComparison.Ordinal);
        await Run(1, AccountServer.Password, "add", "chef@exemple.fr", "--password-stdin");
        Assert.DoesNotContain("weak@exemple.fr", await Run(0, "", "list"), StringComparison.Ordinal);
    }

    private async Task<string> Run(int exitCode, string input, params string[] arguments)
    {
        var (code, output) = await server.Server.Command(input, ["user", .. arguments]);
        Assert.True(code == exitCode, $"socle user {string.Join(' ', arguments)} ended with {code}: {output}");
        return output;
    }
}

/// <summary>A database that Socle only serves.</summary>
public sealed class NoAccountTests(TestServer postgres)
{
    [Fact]
    public async Task A_database_without_accounts_says_so_until_somebody_is_added()
    {
        await using var database = await postgres.CreateDatabase();
        await using (var drop = database.CreateCommand("DROP SCHEMA IF EXISTS socle_system CASCADE; CREATE TABLE things (id int PRIMARY KEY)"))
            await drop.ExecuteNonQueryAsync();
        await using var server = await RunningServer.Start(env: new Dictionary<string, string> { ["DATABASE_URL"] = database.ConnectionString, ["ANONYMOUS_ROLE"] = "viewer" });
        using var visitor = new Visitor(server.Address);
        await visitor.Expect(200, Call.Get("/api/things"));
        Assert.Contains("socle user add", (string)(await visitor.Expect(409, Call.Post("/api/auth/login", """{"email":"a@b.fr","password":"x"}"""))).Error["message"]!, StringComparison.Ordinal);
        await visitor.Expect(401, Call.Get("/api/things", "X-Api-Key: nonsense"));
        Assert.DoesNotContain("/setup?token=", server.Terminal, StringComparison.Ordinal);
        Assert.Equal(1, (await server.Command("", "user", "list")).ExitCode);

        var (code, output) = await server.Command(AccountServer.Password, "user", "add", "chef@exemple.fr", "--role", "admin", "--password-stdin");
        Assert.True(code == 0, output);
        await AccountServer.Until(async () => (await visitor.Send(Call.Post("/api/auth/login", AccountServer.Login("chef@exemple.fr")))).Status == 200);
    }
}
