using System.Security.Cryptography;

namespace Socle.Access.Tokens;

/// <summary>HMAC with SHA-256 (RFC 7518, 3.2). Refuses a secret shorter than its hash. The key has no public part: its JWK Set is empty.</summary>
internal sealed class Hs256Key : IJwsKey
{
    private readonly byte[] _secret;

    public Hs256Key(byte[] secret)
    {
        _secret = secret.Length >= HMACSHA256.HashSizeInBytes ? secret : throw new ArgumentException("The secret is too short.", nameof(secret));
    }

    public string Header => """{"alg":"HS256","typ":"JWT"}""";

    public string Jwks => """{"keys":[]}""";

    public byte[] Sign(byte[] data) => HMACSHA256.HashData(_secret, data);

    public bool Verify(byte[] data, byte[] signature) => CryptographicOperations.FixedTimeEquals(Sign(data), signature);
}
