using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Socle.FieldTypes;

/// <summary>
/// What a secret field keeps: <c>sealed:</c> and, in base64url, nonce, tag and ciphertext of AES-GCM. Takes text; gives what is sealed
/// already as it is, so that a record may be sent back as it was read. Under another key nothing opens.
/// </summary>
public sealed class SealedText(byte[] key)
{
    public const string Prefix = "sealed:";

    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    public string Seal(string text)
    {
        if (Open(text) is not null)
            return text;
        var secret = Encoding.UTF8.GetBytes(text);
        var kept = new byte[NonceBytes + TagBytes + secret.Length];
        RandomNumberGenerator.Fill(kept.AsSpan(0, NonceBytes));
        using var cipher = new AesGcm(key, TagBytes);
        cipher.Encrypt(kept.AsSpan(0, NonceBytes), secret, kept.AsSpan(NonceBytes + TagBytes), kept.AsSpan(NonceBytes, TagBytes));
        return Prefix + Base64Url.EncodeToString(kept);
    }

    /// <summary>Null for what is not sealed, or was under another key.</summary>
    public string? Open(string text)
    {
        var encoded = text.AsSpan(text.StartsWith(Prefix, StringComparison.Ordinal) ? Prefix.Length : 0);
        if (encoded.Length == text.Length || !Base64Url.IsValid(encoded))
            return null;
        var kept = Base64Url.DecodeFromChars(encoded);
        if (kept.Length < NonceBytes + TagBytes)
            return null;
        var secret = new byte[kept.Length - NonceBytes - TagBytes];
        try
        {
            using var cipher = new AesGcm(key, TagBytes);
            cipher.Decrypt(kept.AsSpan(0, NonceBytes), kept.AsSpan(NonceBytes + TagBytes), kept.AsSpan(NonceBytes, TagBytes), secret);
            return Encoding.UTF8.GetString(secret);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }
}
