using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using Socle.Access.Passwords;

namespace Socle.Tests.Access.Passwords;

/// <summary>Our own hashes. One collection with all who take turns at the work: a flood of one would be a refusal for another.</summary>
[Collection("Passwords")]
public sealed class PasswordHashesTests : IDisposable
{
    private readonly NpgsqlDataSource _nowhere = NpgsqlDataSource.Create("Host=/nowhere");

    private PasswordHashes Hashes => new(_nowhere);

    public void Dispose() => _nowhere.Dispose();

    [Fact]
    public async Task A_password_has_another_hash_each_time_and_is_right_behind_each()
    {
        var one = Hashes.Hash("cheval agrafe batterie");
        var other = Hashes.Hash("cheval agrafe batterie");

        Assert.NotEqual(one, other);
        Assert.Matches("^\\$pbkdf2-sha512\\$i=210000\\$[A-Za-z0-9+/]{22}\\$[A-Za-z0-9+/]{86}$", one);
        foreach (var hash in new[] { one, other })
        {
            Assert.True(PasswordHashes.Knows(hash));
            Assert.Equal(PasswordVerdict.Right, await Hashes.Verify(hash, "cheval agrafe batterie", default));
            Assert.Equal(PasswordVerdict.Wrong, await Hashes.Verify(hash, "cheval agrafe batteri", default));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\0b")]
    [InlineData("🔑 密码 пароль")]
    [InlineData("\ud800 alone")]
    public async Task Any_text_is_a_password(string password)
    {
        var hash = Hashes.Hash(password);
        Assert.Equal(PasswordVerdict.Right, await Hashes.Verify(hash, password, default));
        Assert.Equal(PasswordVerdict.Wrong, await Hashes.Verify(hash, password + " ", default));
    }

    [Fact]
    public async Task No_character_of_a_long_password_is_left_out()
    {
        var password = string.Concat(Enumerable.Range(0, 256).Select(i => (char)('a' + (i * i % 26))));
        var hash = Hashes.Hash(password);
        Assert.Equal(PasswordVerdict.Right, await Hashes.Verify(hash, password, default));
        Assert.Equal(PasswordVerdict.Wrong, await Hashes.Verify(hash, password[..255] + "!", default));
    }

    [Fact]
    public async Task An_accent_is_the_same_from_every_keyboard()
    {
        var hash = Hashes.Hash("Crème brûlée d'été");
        Assert.Equal(PasswordVerdict.Right, await Hashes.Verify(hash, "Cre\u0300me bru\u0302le\u0301e d'e\u0301te\u0301", default));
        Assert.Equal(PasswordVerdict.Wrong, await Hashes.Verify(hash, "Creme brulee d'ete", default));
    }

    [Theory]
    [InlineData(209_999, 16)]
    [InlineData(210_000, 15)]
    public async Task A_weaker_hash_of_our_own_is_old(int rounds, int saltBytes)
    {
        var salt = RandomNumberGenerator.GetBytes(saltBytes);
        var derived = Rfc2898DeriveBytes.Pbkdf2("cheval agrafe batterie", salt, rounds, HashAlgorithmName.SHA512, 64);
        var hash = $"$pbkdf2-sha512$i={rounds}${Convert.ToBase64String(salt).TrimEnd('=')}${Convert.ToBase64String(derived).TrimEnd('=')}";
        Assert.Equal(PasswordVerdict.RightButOld, await Hashes.Verify(hash, "cheval agrafe batterie", default));
    }

    private static readonly string[] HostileHashes =
    [
        "",
        "cheval agrafe batterie",
        "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$RdescudvJCsgt3ub+b4dWRWJTmaaJObG",
        "$pbkdf2-sha512$i=2000000000$MDEyMzQ1Njc4OWFiY2RlZg$" + new string('A', 86),
        "$pbkdf2-sha512$i=-1$MDEyMzQ1Njc4OWFiY2RlZg$" + new string('A', 86),
        "$pbkdf2-sha512$i=210000$$" + new string('A', 86),
        "$pbkdf2-sha512$i=210000$MDEyMzQ1Njc4OWFiY2RlZg$",
        "$pbkdf2-sha512$i=210000$MDEyMzQ1Njc4OWFiY2RlZg$" + new string('A', 100_000),
        "pbkdf2_sha256$999999999$salt$" + Convert.ToBase64String(new byte[32]),
        "pbkdf2_sha256$1$salt$" + Convert.ToBase64String(new byte[32]),
        "pbkdf2_sha256$260000$salt$",
        "pbkdf2_sha256$260000$$" + Convert.ToBase64String(new byte[32]),
        "pbkdf2:sha256:99999999999999999999$salt$" + new string('0', 64),
        "pbkdf2:md5:260000$salt$" + new string('0', 32),
        "scrypt:1073741824:8:1$salt$" + new string('0', 128),
        "scrypt:32768:1000000:1$salt$" + new string('0', 128),
        "scrypt:32768:8:1000$salt$" + new string('0', 128),
        "scrypt:32767:8:1$salt$" + new string('0', 128),
        "scrypt:0:8:1$salt$" + new string('0', 128),
        "scrypt:32768:8:1$salt$",
        "$2b$31$" + new string('A', 53),
        "$2b$15$" + new string('A', 53),
        "$2b$10$" + new string('A', 52) + "'",
        "$2b$10$" + new string('A', 10),
    ];

    [Fact]
    public async Task Hashes_of_an_absurd_cost_or_an_unknown_form_are_wrong_and_keep_nobody_waiting()
    {
        var clock = Stopwatch.StartNew();
        var verdicts = await Task.WhenAll(HostileHashes.Select(hash => Hashes.Verify(hash, "cheval agrafe batterie", default)));

        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"{clock.Elapsed}");
        Assert.All(verdicts, verdict => Assert.Equal(PasswordVerdict.Wrong, verdict));
        Assert.All(HostileHashes, hash => Assert.False(PasswordHashes.Knows(hash)));
    }

    [Fact]
    public async Task Nobody_takes_as_long_as_somebody()
    {
        var ours = Hashes.Hash("cheval agrafe batterie");
        var theirs = "pbkdf2_sha256$600000$salt$" + Convert.ToBase64String(Rfc2898DeriveBytes.Pbkdf2("cheval", "salt"u8, 600_000, HashAlgorithmName.SHA256, 32));
        var times = new List<(string? Hash, TimeSpan Took)>();
        foreach (var hash in Enumerable.Repeat(new[] { ours, null, theirs }, 3).SelectMany(hashes => hashes))
        {
            var clock = Stopwatch.StartNew();
            Assert.Equal(PasswordVerdict.Wrong, await Hashes.Verify(hash, "wrong", default));
            times.Add((hash, clock.Elapsed));
        }

        // The quickest of each: what else the machine does only ever adds to a time.
        var quickest = times.GroupBy(time => time.Hash).Select(group => group.Min(time => time.Took)).ToList();
        Assert.True(quickest.Max() - quickest.Min() < TimeSpan.FromMilliseconds(150), string.Join(", ", times));
    }

    [Fact]
    public async Task A_flood_is_refused_beyond_a_few_and_nothing_is_left_behind()
    {
        var hash = Hashes.Hash("cheval agrafe batterie");
        var flood = Enumerable.Range(0, WorkTurns.MostInside + 40).Select(_ => Task.Run(() => Hashes.Verify(hash, "cheval agrafe batterie", default))).ToList();
        var refused = 0;
        foreach (var one in flood)
        {
            try
            {
                Assert.Equal(PasswordVerdict.Right, await one);
            }
            catch (PasswordBusyException busy)
            {
                Assert.Equal(Socle.Kernel.FaultCode.TooManyRequests, busy.Fault.Code);
                refused++;
            }
        }

        Assert.InRange(refused, 1, 40);
        Assert.Equal(PasswordVerdict.Right, await Hashes.Verify(hash, "cheval agrafe batterie", default));
    }

    [Fact]
    public async Task Who_goes_away_gives_back_the_turn()
    {
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();
        for (var i = 0; i < WorkTurns.MostInside * 2; i++)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Hashes.Verify(null, "x", gone.Token));
        Assert.Equal(PasswordVerdict.Wrong, await Hashes.Verify(null, Encoding.UTF8.GetString(new byte[5000]), default));
    }
}
