using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Socle.Access.Tokens;

namespace Socle.Tests.Access.Tokens;

/// <summary>Tokens that a signer did not make, in the ways by which other servers were deceived (RFC 8725).</summary>
public sealed class ForgedTokenTests
{
    private const JwtAlgorithm Es256 = JwtAlgorithm.ES256;
    private const JwtAlgorithm Hs256 = JwtAlgorithm.HS256;

    public static TheoryData<string, JwtAlgorithm, string> Headers
    {
        get
        {
            var key = Signers.KeyOf(Es256).Header;
            return new()
            {
                { "another type", Es256, key.Replace("\"JWT\"", "\"at+jwt\"", StringComparison.Ordinal) },
                { "another key's name", Es256, key.Replace("kid\":\"", "kid\":\"x", StringComparison.Ordinal) },
                { "no key's name", Es256, """{"alg":"ES256","typ":"JWT"}""" },
                { "a blank", Es256, key + " " },
                { "another order", Hs256, """{"typ":"JWT","alg":"HS256"}""" },
                { "an extension", Hs256, """{"alg":"HS256","typ":"JWT","crit":["exp"],"exp":1}""" },
                { "an empty crit", Hs256, """{"alg":"HS256","typ":"JWT","crit":[]}""" },
                { "an unencoded payload", Hs256, """{"alg":"HS256","typ":"JWT","b64":false,"crit":["b64"]}""" },
                { "the algorithm twice", Hs256, """{"alg":"HS256","typ":"JWT","alg":"HS256"}""" },
                { "two algorithms", Hs256, """{"alg":"none","alg":"HS256","typ":"JWT"}""" },
                { "no algorithm", Hs256, """{"typ":"JWT"}""" },
                { "none", Hs256, """{"alg":"none","typ":"JWT"}""" },
                { "a key of its own", Es256, key[..^1] + ",\"jwk\":{\"kty\":\"oct\",\"k\":\"AA\"}}" },
                { "a key elsewhere", Es256, key[..^1] + ",\"jku\":\"http://127.0.0.1/jwks.json\"}" },
                { "compression", Hs256, """{"alg":"HS256","typ":"JWT","zip":"DEF"}""" },
                { "nothing", Hs256, "" },
            };
        }
    }

    /// <summary>Even signed with the right key.</summary>
    [Theory, MemberData(nameof(Headers))]
    public void Every_header_but_the_one_is_refused(string _, JwtAlgorithm algorithm, string header) =>
        Refuse(algorithm, Signers.Sign(algorithm, header, Signers.PayloadOf(Signers.Claims()).ToJsonString()));

    [Theory]
    [InlineData("exp", "null"), InlineData("exp", "\"1777889700\""), InlineData("exp", "-1"), InlineData("exp", "1e99"), InlineData("exp", "1777889700.5")]
    [InlineData("exp", "9223372036854775807"), InlineData("exp", "1777888800"), InlineData("iat", "1777888831"), InlineData("iat", "null"), InlineData("iat", "-9223372036854775808")]
    [InlineData("nbf", "1777888831"), InlineData("nbf", "\"now\""), InlineData("nbf", "9223372036854775807")]
    [InlineData("aud", "\"another\""), InlineData("aud", "[\"socle\"]"), InlineData("aud", "\"SOCLE\""), InlineData("aud", "\"socle \""), InlineData("aud", "null")]
    [InlineData("iss", "\"https://socle.example.com/\""), InlineData("iss", "null"), InlineData("iss", "7")]
    [InlineData("sub", "\"admin\""), InlineData("sub", "null"), InlineData("sid", "\"\""), InlineData("use", "null"), InlineData("role", "\"admin\""), InlineData("SUB", "\"x\"")]
    public void Claims_that_do_not_hold_are_refused(string claim, string value)
    {
        var payload = Signers.PayloadOf(Signers.Claims());
        payload[claim] = JsonNode.Parse(value);
        Refuse(Hs256, Signers.Sign(Hs256, Signers.KeyOf(Hs256).Header, payload.ToJsonString()));
    }

    [Theory]
    [InlineData("iss"), InlineData("sub"), InlineData("aud"), InlineData("exp"), InlineData("iat"), InlineData("sid"), InlineData("use")]
    public void Claims_that_are_missing_or_there_twice_are_refused(string claim)
    {
        var payload = Signers.PayloadOf(Signers.Claims());
        var twice = $"{payload.ToJsonString()[..^1]},\"{claim}\":{payload[claim]!.ToJsonString()}}}";
        Refuse(Hs256, Signers.Sign(Hs256, Signers.KeyOf(Hs256).Header, twice));
        payload.Remove(claim);
        Refuse(Hs256, Signers.Sign(Hs256, Signers.KeyOf(Hs256).Header, payload.ToJsonString()));
    }

    [Theory]
    [InlineData(""), InlineData("null"), InlineData("{}"), InlineData("[]"), InlineData("7"), InlineData("{"), InlineData("\"\\ud800\"")]
    public void Payloads_that_are_no_claims_are_refused(string payload) => Refuse(Hs256, Signers.Sign(Hs256, Signers.KeyOf(Hs256).Header, payload));

    [Fact]
    public void A_token_that_says_from_when_it_holds_is_accepted_from_then()
    {
        var claims = Signers.Claims();
        var payload = Signers.PayloadOf(claims);
        payload["nbf"] = Signers.Now.AddSeconds(30).ToUnixTimeSeconds();
        Assert.Equal(claims, Signers.New(Hs256).Verify(Signers.Sign(Hs256, Signers.KeyOf(Hs256).Header, payload.ToJsonString()), Signers.Now).Value);
    }

    [Fact]
    public void The_public_key_is_no_secret_to_sign_with()
    {
        var published = JsonNode.Parse(Signers.KeyOf(Es256).Jwks)!["keys"]![0]!;
        using var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = P256.ScalarOf(Signers.Secret) });
        byte[][] secrets =
        [
            key.ExportSubjectPublicKeyInfo(),
            Encoding.ASCII.GetBytes(key.ExportSubjectPublicKeyInfoPem()),
            Encoding.ASCII.GetBytes(published.ToJsonString()),
            Base64Url.DecodeFromChars((string)published["x"]!),
        ];
        foreach (var secret in secrets)
        {
            foreach (var header in new[] { Signers.KeyOf(Hs256).Header, Signers.KeyOf(Es256).Header })
                Refuse(Es256, new CompactJws(new Hs256Key(secret), header).Sign(JwtPayload.Write(Signers.Claims())));
        }
    }

    [Theory]
    [InlineData(Es256), InlineData(Hs256)]
    public void Another_key_issuer_audience_or_algorithm_is_refused(JwtAlgorithm algorithm)
    {
        Refuse(algorithm, Signers.New(algorithm, SHA384.HashData("another"u8)).Sign(Signers.Claims()));
        Refuse(algorithm, Signers.New(algorithm, issuer: "https://other.example.com").Sign(Signers.Claims(issuer: "https://other.example.com")));
        Refuse(algorithm, Signers.New(algorithm, audience: "another").Sign(Signers.Claims(audience: "another")));
        Refuse(algorithm, Signers.New(algorithm == Es256 ? Hs256 : Es256).Sign(Signers.Claims()));
    }

    [Theory]
    [InlineData(Es256), InlineData(Hs256)]
    public void Signatures_that_are_none_are_refused(JwtAlgorithm algorithm)
    {
        var token = Signers.New(algorithm).Sign(Signers.Claims());
        var input = token[..token.LastIndexOf('.')];
        using var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = P256.ScalarOf(Signers.Secret) });
        byte[] order = P256.Bytes(P256.Order, 32);
        byte[][] signatures =
        [
            [], new byte[32], new byte[64], [.. order, .. order], [.. new byte[31], 1, .. order],
            key.SignData(Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence),
            [.. Base64Url.DecodeFromChars(token.AsSpan(input.Length + 1)), 0],
        ];
        foreach (var signature in signatures)
            Refuse(algorithm, $"{input}.{Base64Url.EncodeToString(signature)}");
    }

    [Theory]
    [InlineData(Es256), InlineData(Hs256)]
    public void Other_spellings_of_a_right_token_are_refused(JwtAlgorithm algorithm)
    {
        var token = Signers.New(algorithm).Sign(Signers.Claims());
        var parts = token.Split('.');
        // The last character of a signature holds bits that belong to no byte.
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        var stray = token[..^1] + Alphabet[Alphabet.IndexOf(token[^1], StringComparison.Ordinal) + 1];
        string[] spellings =
        [
            "", ".", "..", "...", stray, token + ".", token + "." + parts[2], $"{token}..", "." + token, token + "=", token + "==", token + " ", " " + token, token + "\n", token + "\0", "Bearer " + token,
            $"{parts[0]}.{parts[1]}", $"{parts[0]}.{parts[1]}.", $"{parts[0]}..{parts[2]}", $"{parts[0]}.{parts[1]}.{parts[2]}.x.y",
            $"{parts[0]}.{parts[1]}=.{parts[2]}", $"{parts[0]}=.{parts[1]}.{parts[2]}", $"{parts[0]}. {parts[1]}.{parts[2]}", $"{parts[1]}.{parts[0]}.{parts[2]}",
        ];
        Assert.All(spellings, spelling => Refuse(algorithm, spelling));
    }

    [Fact]
    public void A_huge_token_is_refused()
    {
        var issuer = new string('x', 4096);
        var signer = Signers.New(Hs256, issuer: issuer);
        SignerTests.AssertRefused(signer.Verify(signer.Sign(Signers.Claims(issuer)), Signers.Now));
        Refuse(Hs256, new string('x', 1 << 20));
    }

    /// <summary>By a signer that has verified nothing, and by one that has just verified a right token.</summary>
    private static void Refuse(JwtAlgorithm algorithm, string token)
    {
        var signer = Signers.New(algorithm);
        SignerTests.AssertRefused(signer.Verify(token, Signers.Now));
        Assert.False(signer.Verify(signer.Sign(Signers.Claims()), Signers.Now).IsFault);
        SignerTests.AssertRefused(signer.Verify(token, Signers.Now));
    }
}
