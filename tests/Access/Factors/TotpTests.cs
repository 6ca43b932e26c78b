using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Socle.Access.Factors;

namespace Socle.Tests.Access.Factors;

public sealed class TotpTests
{
    private static readonly byte[] Rfc = Encoding.ASCII.GetBytes("12345678901234567890");

    /// <summary>RFC 6238, appendix B, for SHA-1.</summary>
    [Theory]
    [InlineData(59, "94287082")]
    [InlineData(1111111109, "07081804")]
    [InlineData(1111111111, "14050471")]
    [InlineData(1234567890, "89005924")]
    [InlineData(2000000000, "69279037")]
    [InlineData(20000000000, "65353130")]
    public void Codes_are_those_of_the_standard(long seconds, string code)
    {
        var step = Totp.StepAt(DateTimeOffset.FromUnixTimeSeconds(seconds));
        Assert.Equal(code, Totp.CodeFor(Rfc, step, digits: 8));
        Assert.Equal(code[2..], Totp.CodeFor(Rfc, step));
    }

    /// <summary>RFC 4226, appendix D.</summary>
    [Fact]
    public void Counters_give_the_codes_of_the_standard() => Assert.Equal(
        ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"],
        Enumerable.Range(0, 10).Select(step => Totp.CodeFor(Rfc, step)));

    [Fact]
    public void A_code_works_one_step_early_or_late_and_no_more()
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(1234567890);
        var step = Totp.StepAt(now);
        Assert.Equal([null, step - 1, step, step + 1, null], Enumerable.Range(-2, 5).Select(off => Totp.FindStep(Rfc, Totp.CodeFor(Rfc, step + off), now)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("00592")]
    [InlineData("0059240")]
    [InlineData("89005924")]
    [InlineData("００５９２４")]
    [InlineData("٠٠٥٩٢٤")]
    [InlineData("005924\n")]
    [InlineData("-05924")]
    public void Anything_else_is_no_code(string text) => Assert.Null(Totp.FindStep(Rfc, text, DateTimeOffset.FromUnixTimeSeconds(1234567890)));

    [Fact]
    public void Apps_show_codes_with_a_space() => Assert.NotNull(Totp.FindStep(Rfc, "005 924", DateTimeOffset.FromUnixTimeSeconds(1234567890)));

    [Fact]
    public void The_address_says_what_apps_need() => Assert.Equal(
        "otpauth://totp/erp.exemple.fr:%C3%A9lo%26die%40exemple.fr?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=erp.exemple.fr&algorithm=SHA1&digits=6&period=30",
        Totp.AddressFor(Rfc, "erp.exemple.fr", "élo&die@exemple.fr"));

    /// <summary>RFC 4648, 10, without the padding.</summary>
    [Theory]
    [InlineData("", "")]
    [InlineData("f", "MY")]
    [InlineData("fo", "MZXQ")]
    [InlineData("foo", "MZXW6")]
    [InlineData("foob", "MZXW6YQ")]
    [InlineData("fooba", "MZXW6YTB")]
    [InlineData("foobar", "MZXW6YTBOI")]
    public void Base32_is_that_of_the_standard(string text, string written) => Assert.Equal(written, Base32.Encode(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void A_secret_opens_for_its_owner_with_its_key_unchanged_only() => Prop.ForAll<byte[], byte, byte>((secret, at, bit) =>
    {
        var (key, owner) = (Enumerable.Range(0, 32).Select(i => (byte)i).ToArray(), Guid.NewGuid());
        var sealing = new SealedSecrets(key);
        var kept = sealing.Seal(secret, owner);
        var changed = (byte[])kept.Clone();
        changed[at % changed.Length] ^= (byte)(1 << (bit % 8));
        key = [.. key.Reverse()];
        return sealing.Open(kept, owner)!.SequenceEqual(secret)
            && sealing.Open(kept, Guid.NewGuid()) is null
            && sealing.Open(changed, owner) is null
            && sealing.Open(kept[..^1], owner) is null
            && new SealedSecrets(key).Open(kept, owner) is null;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Recovery_codes_differ_and_are_read_however_they_are_typed()
    {
        var codes = RecoveryCodes.New();
        Assert.Equal(RecoveryCodes.Count, codes.Distinct().Count());
        Assert.All(codes, code => Assert.Matches("^[A-Z2-7]{4}(-[A-Z2-7]{4}){3}$", code));
        Assert.Equal(RecoveryCodes.Hash(codes[0]), RecoveryCodes.Hash(codes[0].ToLowerInvariant().Replace('-', ' ')));
    }
}
