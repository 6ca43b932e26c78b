using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Socle.Access.Passwords;

/// <summary>A stored hash's text → what it asks for. Null for an unknown form, and for a cost that would keep the server busy for long.</summary>
internal abstract record StoredHash
{
    private const int LongestText = 512;
    private const int LeastRounds = 1000;
    private const int MostRounds = 4_000_000;
    /// <summary>64 MiB of memory, once through.</summary>
    private const long MostScryptBlocks = 1 << 19;
    private const int MostBcryptCost = 14;
    private static readonly SearchValues<char> BcryptLetters = SearchValues.Create("./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");

    public static StoredHash? Read(string text) => text switch
    {
        { Length: > LongestText } => null,
        ['$', '2', 'a' or 'b' or 'y', '$', ..] => ReadBcrypt(text),
        _ when text.StartsWith($"${Pbkdf2Hash.OwnName}$", StringComparison.Ordinal) => Pbkdf2Hash.ReadOwn(text),
        _ when text.StartsWith("pbkdf2_sha256$", StringComparison.Ordinal) => ReadDjango(text),
        _ when text.StartsWith("pbkdf2:", StringComparison.Ordinal) => ReadWerkzeug(text),
        _ when text.StartsWith("scrypt:", StringComparison.Ordinal) => ReadScrypt(text),
        _ => null,
    };

    /// <summary><c>pbkdf2_sha256$ROUNDS$SALT$BASE64</c></summary>
    private static Pbkdf2Hash? ReadDjango(string text) =>
        text.Split('$') is [_, var rounds, { Length: > 0 } salt, var hash]
        && Rounds(rounds) is { } count && FromBase64(hash) is { Length: 32 } expected
            ? new Pbkdf2Hash(HashAlgorithmName.SHA256, count, Encoding.UTF8.GetBytes(salt), expected) : null;

    /// <summary><c>pbkdf2:sha256:ROUNDS$SALT$HEX</c></summary>
    private static Pbkdf2Hash? ReadWerkzeug(string text) =>
        text.Split('$') is [var method, { Length: > 0 } salt, var hash]
        && method.Split(':') is [_, ("sha256" or "sha512") and var name, var rounds]
        && Rounds(rounds) is { } count && FromHex(hash) is { } expected && expected.Length == (name == "sha512" ? 64 : 32)
            ? new Pbkdf2Hash(name == "sha512" ? HashAlgorithmName.SHA512 : HashAlgorithmName.SHA256, count, Encoding.UTF8.GetBytes(salt), expected) : null;

    /// <summary><c>scrypt:N:R:P$SALT$HEX</c></summary>
    private static ScryptHash? ReadScrypt(string text) =>
        text.Split('$') is [var method, { Length: > 0 } salt, var hash]
        && method.Split(':') is [_, var n, var r, var p]
        && Number(n, 1 << 10, 1 << 20) is { } blocks && int.IsPow2(blocks)
        && Number(r, 1, 64) is { } size && Number(p, 1, 16) is { } times && (long)blocks * size * times <= MostScryptBlocks
        && FromHex(hash) is { Length: 64 } expected
            ? new ScryptHash(blocks, size, times, Encoding.UTF8.GetBytes(salt), expected) : null;

    /// <summary><c>$2b$COST$</c>, 22 characters of salt and 31 of hash.</summary>
    private static BcryptHash? ReadBcrypt(string text) =>
        text.Length == 60 && text[6] == '$' && Number(text[4..6], 4, MostBcryptCost) is not null
        && !text.AsSpan(7).ContainsAnyExcept(BcryptLetters)
            ? new BcryptHash(text[4..]) : null;

    protected static int? Rounds(string text) => Number(text, LeastRounds, MostRounds);

    protected static byte[]? FromBase64(string text)
    {
        var bytes = new byte[LongestText];
        return Convert.TryFromBase64String(text, bytes, out var length) ? bytes[..length] : null;
    }

    private static byte[]? FromHex(string text) =>
        text.Length % 2 == 0 && text.All(char.IsAsciiHexDigit) ? Convert.FromHexString(text) : null;

    private static int? Number(string text, int low, int high) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= low && number <= high ? number : null;
}

/// <param name="IsOwn">Whether it has the form that Socle writes; the others' passwords are taken as they were typed.</param>
internal sealed record Pbkdf2Hash(HashAlgorithmName Algorithm, int Count, byte[] Salt, byte[] Expected, bool IsOwn = false) : StoredHash
{
    public const string OwnName = "pbkdf2-sha512";

    /// <summary><c>$pbkdf2-sha512$i=ROUNDS$SALT$HASH</c>, both base64 without padding (the PHC string format).</summary>
    public static Pbkdf2Hash? ReadOwn(string text) =>
        text.Split('$') is [_, _, ['i', '=', .. var rounds], var salt, var hash]
        && Rounds(rounds) is { } count && FromBase64(Padded(salt)) is { Length: >= 8 } salted && FromBase64(Padded(hash)) is { Length: 64 } expected
            ? new Pbkdf2Hash(HashAlgorithmName.SHA512, count, salted, expected, IsOwn: true) : null;

    public string WriteOwn() =>
        string.Create(CultureInfo.InvariantCulture, $"${OwnName}$i={Count}${Convert.ToBase64String(Salt).TrimEnd('=')}${Convert.ToBase64String(Expected).TrimEnd('=')}");

    private static string Padded(string base64) => base64.PadRight((base64.Length + 3) / 4 * 4, '=');
}

internal sealed record ScryptHash(int N, int R, int P, byte[] Salt, byte[] Expected) : StoredHash;

/// <param name="Rest">What follows the version: cost, salt and hash.</param>
internal sealed record BcryptHash(string Rest) : StoredHash;
