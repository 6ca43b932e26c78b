using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace Socle.Tests.Server.Accounts;

/// <summary>Somebody's telephone: takes the secret as it was shown, gives codes.</summary>
public sealed class Authenticator(string secret)
{
    public byte[] Secret { get; } = Read(secret);

    /// <param name="later">How many steps from now.</param>
    public string Code(int later = 0)
    {
        var counter = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, (DateTimeOffset.UtcNow.ToUnixTimeSeconds() / 30) + later);
#pragma warning disable CA5350 // As the standard says.
        var hash = HMACSHA1.HashData(Secret, counter);
#pragma warning restore CA5350
        var at = hash[19] & 15;
        var number = ((hash[at] & 127) << 24) | (hash[at + 1] << 16) | (hash[at + 2] << 8) | hash[at + 3];
        return (number % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }

    private static byte[] Read(string base32)
    {
        var bits = string.Concat(base32.Select(c => Convert.ToString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(c), 2).PadLeft(5, '0')));
        return [.. bits.Chunk(8).Where(chunk => chunk.Length == 8).Select(chunk => Convert.ToByte(new string(chunk), 2))];
    }
}
