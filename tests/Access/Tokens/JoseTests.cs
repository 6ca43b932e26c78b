using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Socle.Access.Tokens;
using Socle.Testing;

namespace Socle.Tests.Access.Tokens;

/// <summary>A public implementation of the same standards understands us, and we it.</summary>
public sealed class JoseTests
{
    private static readonly NodeProject Node = NodeProject.Beside(typeof(JoseTests));

    public static TheoryData<JwtAlgorithm> Algorithms => SignerTests.Algorithms;

    [Theory, MemberData(nameof(Algorithms))]
    public async Task Our_tokens_are_verified_by_jose(JwtAlgorithm algorithm)
    {
        var claims = Signers.Claims();
        var token = Signers.New(algorithm).Sign(claims);
        var changed = token[..^20] + (token[^20] == 'A' ? 'B' : 'A') + token[^19..];
        var answers = await Run("verify.mjs",
        [
            Verification(algorithm, token),
            Verification(algorithm, changed),
            Verification(algorithm, token, audience: "another"),
            Verification(algorithm, token, issuer: "another"),
            Verification(algorithm, token, now: claims.ExpiresAt),
            Verification(algorithm, Signers.New(algorithm, SHA384.HashData("another"u8)).Sign(claims)),
        ]);
        Assert.True(JsonNode.DeepEquals(Signers.PayloadOf(claims), answers[0]), answers[0]!.ToJsonString());
        const string WrongSignature = "ERR_JWS_SIGNATURE_VERIFICATION_FAILED", WrongClaim = "ERR_JWT_CLAIM_VALIDATION_FAILED";
        // A JWK Set is asked for the key by its name.
        var wrongKey = algorithm == JwtAlgorithm.ES256 ? "ERR_JWKS_NO_MATCHING_KEY" : WrongSignature;
        Assert.Equal([WrongSignature, WrongClaim, WrongClaim, "ERR_JWT_EXPIRED", wrongKey], answers.Skip(1).Select(answer => (string)answer!));
    }

    [Theory, MemberData(nameof(Algorithms))]
    public async Task Tokens_that_jose_signed_with_our_key_are_verified(JwtAlgorithm algorithm)
    {
        var claims = Enumerable.Range(0, 20).Select(_ => Signers.Claims()).ToList();
        var tokens = await Sign([.. claims.Select(each => Signature(Signers.JwkOf(algorithm), Header(algorithm), Signers.PayloadOf(each)))]);
        Assert.Equal(claims, tokens.Select(token => Signers.New(algorithm).Verify(token, Signers.Now).Value));
    }

    [Theory, MemberData(nameof(Algorithms))]
    public async Task Tokens_that_jose_signed_otherwise_are_refused(JwtAlgorithm algorithm)
    {
        var header = Header(algorithm);
        var key = Signers.JwkOf(algorithm);
        var payload = Signers.PayloadOf(Signers.Claims());
        var tokens = await Sign(
        [
            Signature(null, header, payload),
            Signature(Signers.JwkOf(algorithm, SHA384.HashData("another"u8)), header, payload),
            Signature(key, header, Changed(payload, "aud", "another")),
            Signature(key, header, Changed(payload, "aud", new JsonArray("socle", "another"))),
            Signature(key, header, Changed(payload, "iss", "another")),
            Signature(key, header, Changed(payload, "exp", Signers.Now.ToUnixTimeSeconds())),
            Signature(key, header, Changed(payload, "nbf", Signers.Now.AddMinutes(1).ToUnixTimeSeconds())),
            Signature(key, Changed(header, "crit", new JsonArray("b64"), "b64", true), payload),
            // The published key, taken for a secret.
            Signature(new JsonObject { ["kty"] = "oct", ["k"] = (string?)key["x"] ?? "AAAA" }, Changed(header, "alg", "HS256"), payload),
            Signature(Signers.JwkOf(algorithm == JwtAlgorithm.ES256 ? JwtAlgorithm.HS256 : JwtAlgorithm.ES256), Changed(header, "alg", algorithm == JwtAlgorithm.ES256 ? "HS256" : "ES256"), payload),
            .. algorithm == JwtAlgorithm.HS256 ? new[] { Signature(key, Changed(header, "alg", "HS384"), payload), Signature(key, Changed(header, "alg", "HS512"), payload) } : [],
        ]);
        Assert.All(tokens, token => SignerTests.AssertRefused(Signers.New(algorithm).Verify(token, Signers.Now)));
    }

    private static JsonObject Header(JwtAlgorithm algorithm) => JsonNode.Parse(Signers.KeyOf(algorithm).Header)!.AsObject();

    private static JsonObject Changed(JsonObject from, string name, JsonNode value, string? second = null, JsonNode? secondValue = null)
    {
        var changed = from.DeepClone().AsObject();
        changed[name] = value;
        if (second is not null)
            changed[second] = secondValue;
        return changed;
    }

    private static JsonObject Signature(JsonObject? key, JsonObject header, JsonObject claims) =>
        new() { ["key"] = key?.DeepClone(), ["header"] = header.DeepClone(), ["claims"] = claims.DeepClone() };

    private static JsonObject Verification(JwtAlgorithm algorithm, string token, string audience = Signers.Audience, string issuer = Signers.Issuer, DateTimeOffset? now = null)
    {
        var verification = new JsonObject { ["token"] = token, ["algorithm"] = $"{algorithm}", ["audience"] = audience, ["issuer"] = issuer, ["now"] = now ?? Signers.Now };
        if (algorithm == JwtAlgorithm.ES256)
            verification["jwks"] = JsonNode.Parse(Signers.New(algorithm).Jwks);
        else
            verification["key"] = Signers.JwkOf(algorithm);
        return verification;
    }

    private static async Task<List<string>> Sign(JsonArray cases) => [.. (await Run("sign.mjs", cases)).Select(token => (string)token!)];

    private static async Task<JsonArray> Run(string script, JsonArray cases)
    {
        var folder = Directory.CreateTempSubdirectory("socle-jose-");
        try
        {
            var file = Path.Combine(folder.FullName, "cases.json");
            await File.WriteAllTextAsync(file, cases.ToJsonString());
            return JsonNode.Parse(await Node.Run(script, file))!.AsArray();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
