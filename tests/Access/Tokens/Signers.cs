using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Socle.Access.Tokens;

namespace Socle.Tests.Access.Tokens;

/// <summary>A server's signers, their keys as others would write them, and claims that hold at <see cref="Now"/>.</summary>
internal static class Signers
{
    public const string Issuer = "https://socle.example.com";
    public const string Audience = "socle";

    public static readonly byte[] Secret = SHA384.HashData("a secret of the tests"u8);
    public static readonly DateTimeOffset Now = DateTimeOffset.Parse("2026-05-04T10:00:00Z", CultureInfo.InvariantCulture);

    public static JwtSigner New(JwtAlgorithm algorithm, byte[]? secret = null, string issuer = Issuer, string audience = Audience) =>
        new(algorithm, secret ?? Secret, issuer, audience);

    public static IJwsKey KeyOf(JwtAlgorithm algorithm) => algorithm == JwtAlgorithm.ES256 ? new Es256Key(Secret) : new Hs256Key(Secret);

    /// <summary>The key as a private JWK. The scalar is not what the product computed, but what its rule says.</summary>
    public static JsonObject JwkOf(JwtAlgorithm algorithm, byte[]? secret = null)
    {
        secret ??= Secret;
        if (algorithm == JwtAlgorithm.HS256)
            return new JsonObject { ["kty"] = "oct", ["k"] = Base64Url.EncodeToString(secret) };
        var published = JsonNode.Parse(new Es256Key(secret).Jwks)!["keys"]![0]!;
        return new JsonObject { ["kty"] = "EC", ["crv"] = "P-256", ["x"] = (string)published["x"]!, ["y"] = (string)published["y"]!, ["d"] = Base64Url.EncodeToString(P256.ScalarOf(secret)) };
    }

    public static JwtClaims Claims(string issuer = Issuer, string audience = Audience) =>
        new(Guid.CreateVersion7(), Guid.CreateVersion7(), JwtClaims.Access, issuer, audience, Now, Now.AddMinutes(15));

    /// <summary>The payload of <paramref name="claims"/> as an object that may be spoilt.</summary>
    public static JsonObject PayloadOf(JwtClaims claims) => JsonNode.Parse(JwtPayload.Write(claims))!.AsObject();

    /// <summary>Any header and payload, signed with the right key.</summary>
    public static string Sign(JwtAlgorithm algorithm, string header, string payload) => new CompactJws(KeyOf(algorithm), header).Sign(Encoding.UTF8.GetBytes(payload));
}
