using System.Diagnostics;
using System.Security.Cryptography;
using Socle.Access.Passwords;
using Socle.Kernel;

namespace Socle.Tests.Access.Passwords;

public sealed class PasswordRulesTests
{
    private static readonly string[] Person = ["Jean Dupont", "j.dupont@boulangerie-lefebvre.fr", "Washgo"];

    [Theory]
    [InlineData("correct horse battery staple")]
    [InlineData("cheval-agrafe-batterie-correcte")]
    [InlineData("trois girafes boudent le tramway")]
    [InlineData("kX9#vQ2!mZ7p")]
    [InlineData("vbqkzmwtrjph")]
    [InlineData("Пароль-тайна-кот")]
    [InlineData("日本語の長い秘密の言葉です")]
    [InlineData("🔑🐎🔋📎🌧️🧀🚲🎈🍐🦉🧵🪁")]
    public void A_good_one_passes_whatever_its_signs(string password) => Assert.Empty(Check(password));

    [Theory]
    [InlineData("motdepasse123", "Many people use")]
    [InlineData("Motdepasse2024!", "Many people use")]
    [InlineData("AZERTYUIOP12", "Many people use")]
    [InlineData("!!Marseille13!!", "Many people use")]
    [InlineData("Mon Amour 1234", "Many people use")]
    [InlineData("mon mot de passe", "Many people use")]
    [InlineData("ete2024-hiver2025", "soon be guessed")]
    [InlineData("chien chat souris", "soon be guessed")]
    [InlineData("&é\"'(-è_çà)=", "Many people use")]
    [InlineData("password12345", "Many people use")]
    [InlineData("123456789012", "Many people use")]
    [InlineData("sunshine2024!!", "Many people use")]
    [InlineData("jetaimemonCoeur", "Many people use")]
    [InlineData("M0td3p4ss3!!!", "soon be guessed")]
    [InlineData("aaaaaaaaaaaaaaaaaaaa", "soon be guessed")]
    [InlineData("abcabcabcabcabcabcabcabc", "soon be guessed")]
    [InlineData("lovelovelovelovelovelove", "soon be guessed")]
    [InlineData("azertyazertyazertyazerty", "Many people use|soon be guessed")]
    [InlineData("25/12/1985!!", "soon be guessed")]
    [InlineData("éléphantéléphant", "soon be guessed")]
    [InlineData("qwertyuiop[]\\as", "soon be guessed")]
    [InlineData("JeanDupont1985", "what others know")]
    [InlineData("boulangerie75!", "Many people use|what others know")]
    [InlineData("dupontwashgo2026", "what others know")]
    [InlineData("Lefebvre-Jean-12", "what others know")]
    public void One_that_is_soon_guessed_is_refused_with_the_reason(string password, string reasons)
    {
        var fault = Assert.Single(Check(password));
        Assert.Equal((FaultCode.WeakPassword, "password"), (fault.Code, fault.Field));
        Assert.Contains(reasons.Split('|'), reason => fault.Message.English.Contains(reason, StringComparison.Ordinal));
        Assert.NotEqual(fault.Message.English, fault.Message.French);
        Assert.DoesNotContain(password, fault.Message.English, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(11, false, "at least 12")]
    [InlineData(12, false, null)]
    [InlineData(12, true, "at least 15")]
    [InlineData(14, true, "at least 15")]
    [InlineData(15, true, null)]
    [InlineData(256, true, null)]
    [InlineData(257, true, "longer than 256")]
    [InlineData(10_000_000, true, "longer than 256")]
    public void Only_its_length_counts_otherwise(int length, bool needsLonger, string? reason)
    {
        var faults = PasswordRules.Check(Random(length), needsLonger, Person);
        if (reason is null)
            Assert.Empty(faults);
        else
            Assert.Contains(reason, Assert.Single(faults).Message.English, StringComparison.Ordinal);
    }

    [Fact]
    public void Characters_are_counted_as_people_see_them()
    {
        Assert.Contains("at least 12", Assert.Single(Check("e\u0301z\u0300x\u0302e\u0301z\u0302e\u0300o\u0302"[..^2] + "🔑")).Message.English, StringComparison.Ordinal);
        Assert.Empty(Check(string.Concat(Random(256).Select(c => c == 'e' ? "e\u0301" : $"{c}"))));
    }

    [Fact]
    public void Every_French_password_is_refused_also_with_figures_and_capitals()
    {
        var passed = CommonPasswords.French().Where(word => word.All(char.IsAsciiLetterOrDigit)).SelectMany(word => new[] { $"{word}12345678", $"{char.ToUpperInvariant(word[0])}{word[1..]}!", $"2026{word.ToUpperInvariant()}2026" })
            .Where(password => Check(password).IsEmpty).ToList();
        Assert.Empty(passed);
        Assert.InRange(CommonPasswords.French().Count(), 4000, 20_000);
    }

    [Fact]
    public void Random_ones_pass()
    {
        var refused = Enumerable.Range(0, 300).Select(_ => Random(14)).Where(password => !Check(password).IsEmpty).ToList();
        Assert.Empty(refused);
    }

    [Fact]
    public void A_longer_one_is_never_worse_for_its_beginning()
    {
        var strong = Random(30);
        Assert.Empty(Check(new string('a', 200) + strong));
        Assert.Empty(Check(strong + new string('a', 200)));
    }

    [Theory]
    [InlineData("4@8({[<369&#!1/|0$5+7%2")]
    [InlineData("a4@b8c({[<e3g69&#i!l1/|o0s$5t+7x%z2")]
    [InlineData("ab")]
    [InlineData("1l|!i")]
    [InlineData("e\u0301\u0302\u0303")]
    public void None_takes_long_to_judge(string part)
    {
        var password = string.Concat(Enumerable.Repeat(part, 256))[..256];
        Check(password);
        var clock = Stopwatch.StartNew();
        Check(password);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(1.5), $"{clock.Elapsed}");
    }

    [Fact]
    public void Many_are_judged_at_once() =>
        Parallel.For(0, 40, i => Assert.Equal(i % 2 == 0, Check(i % 2 == 0 ? Random(16) : $"JeanDupont19{50 + i}").IsEmpty));

    private static System.Collections.Immutable.ImmutableArray<Fault> Check(string password) => PasswordRules.Check(password, needsLonger: false, Person);

    private static string Random(int length) => RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyzACDEFGHJKLMNPQRSTUVWXYZ2345679", length);
}
