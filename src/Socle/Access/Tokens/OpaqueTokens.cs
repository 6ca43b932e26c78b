using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Socle.Access.Tokens;

/// <summary>
/// Tokens that say nothing: 256 random bits behind a prefix that tells what they are for. The database keeps their
/// hash, which needs no salt or slowness: nobody guesses 256 bits.
/// </summary>
public static class OpaqueTokens
{
    /// <summary>How many characters follow the prefix.</summary>
    public const int SecretLength = 43;

    public static string New(string prefix) => prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>The SHA-256 of the whole token.</summary>
    public static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary>Compares in a time that tells nothing.</summary>
    public static bool Matches(string token, byte[] hash) => CryptographicOperations.FixedTimeEquals(Hash(token), hash);
}
