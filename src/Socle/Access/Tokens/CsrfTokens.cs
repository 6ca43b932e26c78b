using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Socle.Access.Tokens;

/// <summary>
/// Tells requests of our own pages from those that other sites make a browser send: only who can read our answers
/// knows the token of the session that the cookie names. It is the session's id under a secret (HMAC-SHA256), so
/// nothing is kept and all servers that share the secret agree.
/// </summary>
public sealed class CsrfTokens
{
    private readonly byte[] _secret;

    /// <param name="secret">Secret bytes made for this purpose only, at least 32.</param>
    public CsrfTokens(byte[] secret)
    {
        _secret = secret.Length >= HMACSHA256.HashSizeInBytes ? secret : throw new ArgumentException("The secret is too short.", nameof(secret));
    }

    public string Make(Guid session) => Base64Url.EncodeToString(HMACSHA256.HashData(_secret, session.ToByteArray(bigEndian: true)));

    /// <summary>Whether the token is the session's; compares in a time that tells nothing.</summary>
    public bool Check(Guid session, string token) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Make(session)), Encoding.UTF8.GetBytes(token));
}
