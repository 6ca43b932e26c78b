using System.Buffers.Text;
using System.Text;
using Socle.Access.Tokens;
using Socle.Kernel;

namespace Socle.Tests.Access.Tokens;

/// <summary>What a signer accepts, and until when.</summary>
public sealed class SignerTests
{
    public static TheoryData<JwtAlgorithm> Algorithms => new(Enum.GetValues<JwtAlgorithm>());

    [Theory, MemberData(nameof(Algorithms))]
    public void What_was_signed_is_verified_first_and_again_and_by_other_servers(JwtAlgorithm algorithm)
    {
        var signer = Signers.New(algorithm);
        var claims = Signers.Claims();
        var token = signer.Sign(claims);
        Assert.Equal(claims, signer.Verify(token, Signers.Now).Value);
        Assert.Equal(claims, signer.Verify(token, Signers.Now).Value);
        Assert.Equal(claims, Signers.New(algorithm).Verify(token, Signers.Now).Value);
    }

    [Theory, MemberData(nameof(Algorithms))]
    public void A_token_ends_when_it_says_so_although_it_was_verified_before(JwtAlgorithm algorithm)
    {
        var signer = Signers.New(algorithm);
        var claims = Signers.Claims();
        var token = signer.Sign(claims);
        foreach (var verifier in new[] { signer, Signers.New(algorithm) })
        {
            Assert.Equal(claims, verifier.Verify(token, claims.ExpiresAt.AddSeconds(-1)).Value);
            AssertRefused(verifier.Verify(token, claims.ExpiresAt));
            AssertRefused(verifier.Verify(token, claims.ExpiresAt.AddYears(1)));
        }
    }

    [Theory, MemberData(nameof(Algorithms))]
    public void Clocks_may_be_thirty_seconds_apart(JwtAlgorithm algorithm)
    {
        var signer = Signers.New(algorithm);
        var claims = Signers.Claims();
        var token = signer.Sign(claims);
        AssertRefused(signer.Verify(token, Signers.Now.AddSeconds(-31)));
        // A refusal is not remembered.
        Assert.Equal(claims, signer.Verify(token, Signers.Now.AddSeconds(-30)).Value);
    }

    [Fact]
    public void A_token_is_what_others_read()
    {
        var claims = Signers.Claims();
        var parts = Signers.New(JwtAlgorithm.HS256).Sign(claims).Split('.');
        Assert.Equal("""{"alg":"HS256","typ":"JWT"}""", Decode(parts[0]));
        Assert.Equal(
            $$"""{"iss":"https://socle.example.com","sub":"{{claims.Subject}}","aud":"socle","exp":1777889700,"iat":1777888800,"sid":"{{claims.Session}}","use":"access"}""",
            Decode(parts[1]));
    }

    [Fact]
    public void Claims_for_somebody_else_are_not_signed()
    {
        var signer = Signers.New(JwtAlgorithm.ES256);
        Assert.Throws<ArgumentException>(() => signer.Sign(Signers.Claims(audience: "another")));
        Assert.Throws<ArgumentException>(() => signer.Sign(Signers.Claims(issuer: "another")));
    }

    [Fact]
    public async Task Threads_share_a_signer()
    {
        var signer = Signers.New(JwtAlgorithm.ES256);
        await Parallel.ForAsync(0, 500, (_, _) =>
        {
            var claims = Signers.Claims();
            Assert.Equal(claims, signer.Verify(signer.Sign(claims), Signers.Now).Value);
            return ValueTask.CompletedTask;
        });
    }

    internal static void AssertRefused(Result<JwtClaims> result)
    {
        var fault = Assert.Single(result.Faults);
        Assert.Equal(
            new Fault(FaultCode.Unauthenticated, "The token is not valid or has expired. Sign in again.", "Le jeton n'est pas valide ou a expiré. Reconnectez-vous."),
            fault);
    }

    private static string Decode(string part) => Encoding.UTF8.GetString(Base64Url.DecodeFromChars(part));
}
