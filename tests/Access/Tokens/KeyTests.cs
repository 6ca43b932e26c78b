using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Socle.Access.Tokens;

namespace Socle.Tests.Access.Tokens;

/// <summary>The private key comes from the secret alone.</summary>
public sealed class KeyTests
{
    /// <summary>The generator of P-256, which is the public point of the private key 1.</summary>
    private const string GeneratorX = "axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY";
    private const string GeneratorY = "T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU";

    [Fact]
    public void The_bounds_of_the_range_give_keys()
    {
        Assert.Equal((GeneratorX, GeneratorY), PointOf(new byte[48]));
        Assert.Equal((GeneratorX, GeneratorY), PointOf(P256.Bytes(P256.Order - 1, 48)));
        var (x, y) = PointOf(P256.Bytes(P256.Order - 2, 48));
        Assert.Equal(GeneratorX, x);
        Assert.NotEqual(GeneratorY, y);
        Assert.NotEqual(PointOf(P256.Bytes(P256.Order, 48)), PointOf(new byte[48]));
    }

    [Fact]
    public void One_secret_is_one_key_and_another_is_another() => Prop.ForAll(
        Gen.Choose(0, 255).Select(n => (byte)n).ArrayOf(48).Two().ToArbitrary(),
        secrets =>
        {
            var claims = Signers.Claims();
            var token = Signers.New(JwtAlgorithm.ES256, secrets.Item1).Sign(claims);
            Assert.Equal(claims, Signers.New(JwtAlgorithm.ES256, secrets.Item1).Verify(token, Signers.Now).Value);
            Assert.True(Signers.New(JwtAlgorithm.ES256, secrets.Item2).Verify(token, Signers.Now).IsFault);
        }).Check(Config.QuickThrowOnFailure);

    [Fact]
    public void HS256_publishes_nothing() => Assert.Equal("""{"keys":[]}""", Signers.New(JwtAlgorithm.HS256).Jwks);

    [Fact]
    public void ES256_publishes_no_private_part()
    {
        var key = JsonNode.Parse(Signers.New(JwtAlgorithm.ES256).Jwks)!["keys"]!.AsArray().Single()!.AsObject();
        Assert.Equal(["kty", "crv", "x", "y", "kid", "use", "alg"], key.Select(member => member.Key));
    }

    [Fact]
    public void A_short_secret_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Signers.New(JwtAlgorithm.ES256, new byte[39]));
        Assert.Throws<ArgumentException>(() => Signers.New(JwtAlgorithm.HS256, new byte[31]));
        Assert.Throws<ArgumentException>(() => new CsrfTokens(new byte[31]));
    }

    private static (string X, string Y) PointOf(byte[] secret)
    {
        var key = JsonNode.Parse(new Es256Key(secret).Jwks)!["keys"]![0]!;
        return ((string)key["x"]!, (string)key["y"]!);
    }
}
