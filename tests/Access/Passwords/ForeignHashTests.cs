using Npgsql;
using Socle.Access.Passwords;
using Socle.Kernel;
using Socle.Tests.Postgres;

namespace Socle.Tests.Access.Passwords;

/// <summary>Hashes made by the programs that people come from: they sign in, and are to be replaced.</summary>
[Collection("Passwords")]
public sealed class ForeignHashTests(TestServer server) : IAsyncLifetime
{
    private static readonly string[] Passwords = ["cheval agrafe batterie", "Crème brûlée d'été", "密码🔑 $:%'\"\\", "x"];

    private NpgsqlDataSource _database = null!;

    public async ValueTask InitializeAsync() => _database = await server.CreateDatabase();

    public async ValueTask DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task Django_s()
    {
        const string script = """
            from django.conf import settings
            settings.configure()
            from django.contrib.auth.hashers import make_password
            answer = [make_password(text) for text in given]
            """;
        await AllSignIn(await Python.Run<string[]>(script, Passwords), "pbkdf2_sha256$");
    }

    [Theory]
    [InlineData("pbkdf2:sha256")]
    [InlineData("pbkdf2:sha256:600000")]
    [InlineData("pbkdf2:sha512:210000")]
    public async Task Werkzeug_s_pbkdf2(string method)
    {
        const string script = """
            from werkzeug.security import generate_password_hash
            answer = [generate_password_hash(text, method=given['method']) for text in given['passwords']]
            """;
        await AllSignIn(await Python.Run<string[]>(script, new { method, passwords = Passwords }), method);
    }

    /// <summary>Debian's Werkzeug is from before its scrypt, whose form is this one around Python's own scrypt.</summary>
    [Fact]
    public async Task Werkzeug_s_scrypt()
    {
        const string script = """
            import hashlib, secrets
            def made(password):
                salt = secrets.token_urlsafe(12)
                return 'scrypt:32768:8:1$' + salt + '$' + hashlib.scrypt(password.encode(), salt=salt.encode(), n=32768, r=8, p=1, maxmem=132 * 32768 * 8).hex()
            answer = [made(text) for text in given]
            """;
        await AllSignIn(await Python.Run<string[]>(script, Passwords), "scrypt:32768:8:1$");
    }

    [Theory]
    [InlineData("$2a$")]
    [InlineData("$2b$")]
    [InlineData("$2y$")]
    public async Task Supabase_s(string version)
    {
        // Made where pgcrypto is, checked where it is not yet.
        await using var elsewhere = await server.CreateDatabase();
        await using (var install = elsewhere.CreateCommand("CREATE EXTENSION pgcrypto"))
            await install.ExecuteNonQueryAsync();
        var hashes = new List<string>();
        foreach (var password in Passwords)
        {
            await using var make = elsewhere.CreateCommand("SELECT crypt($1, gen_salt('bf', 10))");
            make.Parameters.AddWithValue(password);
            hashes.Add(version + ((string)(await make.ExecuteScalarAsync())!)[4..]);
        }

        await AllSignIn(hashes, version);
        Assert.Equal("socle_system", await SchemaOfPgcrypto());
        Assert.Equal(PasswordVerdict.Wrong, await new PasswordHashes(_database).Verify(hashes[0], "a\0b", default));
    }

    [Fact]
    public async Task Pgcrypto_is_taken_from_where_it_is()
    {
        await using (var install = _database.CreateCommand("CREATE SCHEMA \"Ex tensions\"; CREATE EXTENSION pgcrypto SCHEMA \"Ex tensions\""))
            await install.ExecuteNonQueryAsync();
        await using var make = _database.CreateCommand("SELECT \"Ex tensions\".crypt('x', \"Ex tensions\".gen_salt('bf', 4))");
        Assert.Equal(PasswordVerdict.RightButOld, await new PasswordHashes(_database).Verify((string)(await make.ExecuteScalarAsync())!, "x", default));
    }

    [Fact]
    public async Task Many_servers_may_want_pgcrypto_at_once()
    {
        const string right = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
        var verdicts = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => new PasswordHashes(_database).Verify(right, "U*U", default)));
        Assert.All(verdicts, verdict => Assert.Equal(PasswordVerdict.RightButOld, verdict));
    }

    [Fact]
    public async Task Where_pgcrypto_cannot_be_had_the_fault_says_what_to_do()
    {
        var database = new NpgsqlConnectionStringBuilder(_database.ConnectionString).Database;
        await using (var make = _database.CreateCommand($"CREATE ROLE stranger_{database} LOGIN"))
            await make.ExecuteNonQueryAsync();
        await using var strangers = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(_database.ConnectionString) { Username = $"stranger_{database}" });

        var thrown = await Assert.ThrowsAsync<UncheckedPasswordException>(() => new PasswordHashes(strangers).Verify("$2b$04$" + new string('A', 53), "x", default));

        Assert.Equal(FaultCode.InvalidConfiguration, thrown.Fault.Code);
        Assert.Contains("CREATE EXTENSION pgcrypto", thrown.Fault.Message.English, StringComparison.Ordinal);
        Assert.Contains("CREATE EXTENSION pgcrypto", thrown.Fault.Message.French, StringComparison.Ordinal);
    }

    private async Task AllSignIn(IReadOnlyList<string> made, string form)
    {
        var hashes = new PasswordHashes(_database);
        for (var i = 0; i < made.Count; i++)
        {
            Assert.StartsWith(form, made[i], StringComparison.Ordinal);
            Assert.True(PasswordHashes.Knows(made[i]));
            Assert.Equal(PasswordVerdict.RightButOld, await hashes.Verify(made[i], Passwords[i], default));
        }

        Assert.Equal(PasswordVerdict.Wrong, await hashes.Verify(made[0], Passwords[1], default));
    }

    private async Task<string> SchemaOfPgcrypto()
    {
        await using var command = _database.CreateCommand("SELECT extnamespace::regnamespace::text FROM pg_extension WHERE extname = 'pgcrypto'");
        return (string)(await command.ExecuteScalarAsync())!;
    }
}
