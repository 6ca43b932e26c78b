using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace Socle.Access.Factors;

/// <summary>Codes for who lost their authenticator: 80 random bits each, so that their hash needs no salt or slowness.</summary>
public static class RecoveryCodes
{
    public const int Count = 10;
    private const int RandomBytes = 10;

    /// <summary>Such as <c>K7QW-2MZX-ABCD-EFGH</c>.</summary>
    public static ImmutableArray<string> New() =>
        [.. Enumerable.Range(0, Count).Select(_ => string.Join('-', Base32.Encode(RandomNumberGenerator.GetBytes(RandomBytes)).Chunk(4).Select(part => new string(part))))];

    /// <summary>SHA-256 of the code, however it was typed: letter case, spaces and hyphens do not count.</summary>
    public static byte[] Hash(string code) =>
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(code.Where(c => c is not ('-' or ' '))).ToUpperInvariant()));
}
