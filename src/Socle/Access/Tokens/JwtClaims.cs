using System.Text.Json;
using System.Text.Json.Serialization;

namespace Socle.Access.Tokens;

/// <summary>What a token says. Moments are whole seconds: fractions are cut off.</summary>
/// <param name="Subject">The account.</param>
/// <param name="Session">The sign-in that it belongs to.</param>
/// <param name="Use"><see cref="Access"/> or <see cref="Cookie"/>: the one may not be sent as the other.</param>
public sealed record JwtClaims(Guid Subject, Guid Session, string Use, string Issuer, string Audience, DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt)
{
    /// <summary>Sent in the Authorization header.</summary>
    public const string Access = "access";

    /// <summary>Sent by browsers in a cookie.</summary>
    public const string Cookie = "cookie";
}

/// <summary>The claims as JSON (RFC 7519, 4.1): these members and no others, once each.</summary>
internal sealed record JwtPayload(
    [property: JsonPropertyName("iss")] string Issuer,
    [property: JsonPropertyName("sub")] Guid Subject,
    [property: JsonPropertyName("aud")] string Audience,
    [property: JsonPropertyName("exp")] long ExpiresAt,
    [property: JsonPropertyName("iat")] long IssuedAt,
    [property: JsonPropertyName("sid")] Guid Session,
    [property: JsonPropertyName("use")] string Use,
    [property: JsonPropertyName("nbf"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? NotBefore = null)
{
    private static readonly long LastSecond = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    public static byte[] Write(JwtClaims claims) => JsonSerializer.SerializeToUtf8Bytes(
        new JwtPayload(claims.Issuer, claims.Subject, claims.Audience, claims.ExpiresAt.ToUnixTimeSeconds(), claims.IssuedAt.ToUnixTimeSeconds(), claims.Session, claims.Use),
        JsonSerializerOptions.Strict);

    /// <returns>Null for everything that is not this format.</returns>
    public static JwtPayload? Read(byte[] json)
    {
        try
        {
            var payload = JsonSerializer.Deserialize<JwtPayload>(json, JsonSerializerOptions.Strict);
            return payload is { IssuedAt: >= 0, ExpiresAt: >= 0 } && payload.IssuedAt <= LastSecond && payload.ExpiresAt <= LastSecond ? payload : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public JwtClaims ToClaims() => new(Subject, Session, Use, Issuer, Audience, DateTimeOffset.FromUnixTimeSeconds(IssuedAt), DateTimeOffset.FromUnixTimeSeconds(ExpiresAt));
}
