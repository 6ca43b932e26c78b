using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Socle.Access.Factors;

/// <summary>Time-based codes (RFC 6238) as authenticator apps make them: HMAC-SHA-1, six digits, thirty seconds.</summary>
public static class Totp
{
    public const int Digits = 6;
    public const int Period = 30;

    /// <summary>Clocks of telephones may be one step off (RFC 6238, 5.2).</summary>
    private const int StepsOff = 1;

    /// <summary>As long as the hash (RFC 4226, 4).</summary>
    private const int SecretBytes = 20;

    public static byte[] NewSecret() => RandomNumberGenerator.GetBytes(SecretBytes);

    public static long StepAt(DateTimeOffset moment) => moment.ToUnixTimeSeconds() / Period;

    public static string CodeFor(ReadOnlySpan<byte> secret, long step, int digits = Digits)
    {
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> hash = stackalloc byte[HMACSHA1.HashSizeInBytes];
#pragma warning disable CA5350 // The algorithm is what all authenticator apps know; its HMAC is sound (RFC 6194, 3.3).
        HMACSHA1.HashData(secret, counter, hash);
#pragma warning restore CA5350
        var number = BinaryPrimitives.ReadInt32BigEndian(hash[(hash[^1] & 15)..]) & int.MaxValue;
        return (number % (int)Math.Pow(10, digits)).ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0');
    }

    /// <summary>The step that a code belongs to, in a time that tells nothing; null when it is none of those around now.</summary>
    public static long? FindStep(ReadOnlySpan<byte> secret, string code, DateTimeOffset now)
    {
        var sent = Encoding.UTF8.GetBytes(code.Replace(" ", "", StringComparison.Ordinal));
        long? found = null;
        for (var step = StepAt(now) - StepsOff; step <= StepAt(now) + StepsOff; step++)
        {
            if (CryptographicOperations.FixedTimeEquals(sent, Encoding.ASCII.GetBytes(CodeFor(secret, step))))
                found = step;
        }

        return found;
    }

    /// <summary>What authenticator apps read from a QR code.</summary>
    public static string AddressFor(ReadOnlySpan<byte> secret, string issuer, string account) =>
        $"otpauth://totp/{Uri.EscapeDataString(issuer)}:{Uri.EscapeDataString(account)}?secret={Base32.Encode(secret)}&issuer={Uri.EscapeDataString(issuer)}&algorithm=SHA1&digits={Digits}&period={Period}";
}
