using System.Security.Cryptography;

namespace Socle.Access.Factors;

/// <summary>
/// Secrets that must be read again, as the database keeps them: AES-GCM, as nonce, tag and ciphertext. Each is bound to its
/// owner: moved to another row, or under another key, it does not open.
/// </summary>
public sealed class SealedSecrets(byte[] key)
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    public byte[] Seal(byte[] secret, Guid owner)
    {
        var kept = new byte[NonceBytes + TagBytes + secret.Length];
        RandomNumberGenerator.Fill(kept.AsSpan(0, NonceBytes));
        using var cipher = new AesGcm(key, TagBytes);
        cipher.Encrypt(kept.AsSpan(0, NonceBytes), secret, kept.AsSpan(NonceBytes + TagBytes), kept.AsSpan(NonceBytes, TagBytes), owner.ToByteArray());
        return kept;
    }

    /// <summary>Null when it was sealed with another key, for another owner, or changed since.</summary>
    public byte[]? Open(byte[] kept, Guid owner)
    {
        if (kept.Length < NonceBytes + TagBytes)
            return null;
        var secret = new byte[kept.Length - NonceBytes - TagBytes];
        try
        {
            using var cipher = new AesGcm(key, TagBytes);
            cipher.Decrypt(kept.AsSpan(0, NonceBytes), kept.AsSpan(NonceBytes + TagBytes), kept.AsSpan(NonceBytes, TagBytes), secret, owner.ToByteArray());
            return secret;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }
}
