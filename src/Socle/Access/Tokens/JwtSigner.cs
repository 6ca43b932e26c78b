using System.Security.Cryptography;
using System.Text;
using Socle.Kernel;

namespace Socle.Access.Tokens;

/// <summary>
/// Takes claims and gives a JSON Web Token (RFC 7519), and the claims of a token that it signed itself. Refuses, with
/// one and the same fault, every other token: another algorithm, key, issuer or audience, one that is not valid yet or
/// no longer, and one that is spelled otherwise.
/// </summary>
public sealed class JwtSigner
{
    /// <summary>How far the clocks of servers that share a key may be apart. A token ends when it says so.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    private readonly CompactJws _jws;
    private readonly VerifiedTokens _verified = new(4096);

    /// <param name="secret">48 secret bytes made for this purpose and algorithm only.</param>
    /// <param name="issuer">Who issues the tokens.</param>
    /// <param name="audience">Whom they are for.</param>
    public JwtSigner(JwtAlgorithm algorithm, byte[] secret, string issuer, string audience)
    {
        IJwsKey key = algorithm == JwtAlgorithm.ES256 ? new Es256Key(secret) : new Hs256Key(secret);
        _jws = new CompactJws(key, key.Header);
        Jwks = key.Jwks;
        Issuer = issuer;
        Audience = audience;
    }

    public string Issuer { get; }

    public string Audience { get; }

    /// <summary>The public keys, as a JWK Set (RFC 7517): one for ES256, none for HS256.</summary>
    public string Jwks { get; }

    public string Sign(JwtClaims claims)
    {
        if (!IsOurs(claims))
            throw new ArgumentException("A token is signed for the signer's own issuer and audience only.", nameof(claims));
        return _jws.Sign(JwtPayload.Write(claims));
    }

    public Result<JwtClaims> Verify(string token, DateTimeOffset now)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(token));
        if (_verified.Find(hash) is { } known)
            return IsCurrent(known, now) ? known : Refusal;
        if (_jws.Open(token) is not { } json || JwtPayload.Read(json) is not { } payload)
            return Refusal;
        var claims = payload.ToClaims();
        if (!IsOurs(claims) || !IsCurrent(claims, now) || payload.NotBefore > (now + ClockSkew).ToUnixTimeSeconds())
            return Refusal;
        _verified.Add(hash, claims);
        return claims;
    }

    private bool IsOurs(JwtClaims claims) => claims.Issuer == Issuer && claims.Audience == Audience;

    private static bool IsCurrent(JwtClaims claims, DateTimeOffset now) => claims.IssuedAt <= now + ClockSkew && now < claims.ExpiresAt;

    private static Fault Refusal { get; } = new(
        FaultCode.Unauthenticated,
        "The token is not valid or has expired. Sign in again.",
        "Le jeton n'est pas valide ou a expiré. Reconnectez-vous.");
}
