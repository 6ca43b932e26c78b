using System.Globalization;
using System.Numerics;

namespace Socle.Tests.Access.Tokens;

/// <summary>The private keys of P-256 and the secrets that they are made of.</summary>
internal static class P256
{
    public static readonly BigInteger Order = BigInteger.Parse("115792089210356248762697446949407573529996955224135760342422259061068512044369", CultureInfo.InvariantCulture);

    public static byte[] ScalarOf(byte[] secret) => Bytes((Number(secret) % (Order - 1)) + 1, 32);

    /// <summary>The least secret that gives a private key.</summary>
    public static byte[] SecretOf(byte[] scalar) => Bytes(Number(scalar) - 1, 48);

    public static byte[] Bytes(BigInteger number, int length)
    {
        var bytes = number.ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[length - bytes.Length], .. bytes];
    }

    private static BigInteger Number(byte[] bytes) => new(bytes, isUnsigned: true, isBigEndian: true);
}
