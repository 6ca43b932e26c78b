using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Socle.Access.Passwords;

public enum PasswordVerdict
{
    Wrong,
    Right,

    /// <summary>Right, and its hash is another program's or weaker than today's: store a new one.</summary>
    RightButOld,
}

/// <summary>
/// Passwords → hashes (PBKDF2 with SHA-512), and whether a password is the one behind a hash: of Socle, Django, Werkzeug (pbkdf2, scrypt) or
/// Supabase (bcrypt). A missing hash, an unknown one and one of an absurd cost are wrong after the same work.
/// Throws <see cref="PasswordBusyException"/> when too many ask at once.
/// </summary>
/// <param name="database">Where bcrypt is computed.</param>
public sealed class PasswordHashes(NpgsqlDataSource database)
{
    /// <summary>OWASP's and ASVS 5's number for PBKDF2 with SHA-512.</summary>
    private const int Rounds = 210_000;
    private const int SaltBytes = 16;
    private const int HashBytes = 64;
    private const int LongestPassword = 4096;

    /// <summary>What a wrong password takes at least once it is looked at, so that the kind of hash, and whether there is one, does not show.</summary>
    private static readonly TimeSpan WrongTakes = TimeSpan.FromMilliseconds(500);

    private static readonly Pbkdf2Hash Nobodys = new(HashAlgorithmName.SHA512, Rounds, new byte[SaltBytes], new byte[HashBytes], IsOwn: true);

    private readonly BcryptInDatabase _bcrypt = new(database);

    /// <summary>Whether people with this hash can sign in: a known form, at a cost that is no attack.</summary>
    public static bool Knows(string hash) => StoredHash.Read(hash) is not null;

    /// <summary>Waits for its turn; keeps a processor busy for one or two tenths of a second.</summary>
    public string Hash(string password)
    {
        using var turn = WorkTurns.TakeNow();
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        return new Pbkdf2Hash(HashAlgorithmName.SHA512, Rounds, salt, Derive(Nobodys with { Salt = salt }, password)).WriteOwn();
    }

    /// <param name="hash">Null when there is no such account, or it has no password.</param>
    public async Task<PasswordVerdict> Verify(string? hash, string password, CancellationToken cancellation)
    {
        var stored = hash is null || password.Length > LongestPassword ? null : StoredHash.Read(hash);
        TimeSpan worked;
        using (await WorkTurns.Take(cancellation))
        {
            var start = Stopwatch.GetTimestamp();
            if (await IsRight(stored ?? Nobodys, password, cancellation) && stored is not null)
                return IsToday(stored) ? PasswordVerdict.Right : PasswordVerdict.RightButOld;
            worked = Stopwatch.GetElapsedTime(start);
        }

        if (worked < WrongTakes)
            await Task.Delay(WrongTakes - worked, cancellation);
        return PasswordVerdict.Wrong;
    }

    private async Task<bool> IsRight(StoredHash stored, string password, CancellationToken cancellation) => stored switch
    {
        BcryptHash bcrypt => await _bcrypt.Verify(bcrypt, password, cancellation),
        ScryptHash scrypt => CryptographicOperations.FixedTimeEquals(
            Scrypt.Derive(Encoding.UTF8.GetBytes(password), scrypt.Salt, scrypt.N, scrypt.R, scrypt.P, scrypt.Expected.Length), scrypt.Expected),
        Pbkdf2Hash pbkdf2 => CryptographicOperations.FixedTimeEquals(Derive(pbkdf2, password), pbkdf2.Expected),
        _ => throw new UnreachableException(),
    };

    private static bool IsToday(StoredHash stored) =>
        stored is Pbkdf2Hash { IsOwn: true, Count: >= Rounds, Salt.Length: >= SaltBytes };

    private static byte[] Derive(Pbkdf2Hash hash, string password)
    {
        var text = hash.IsOwn ? ComposedText.Of(password) : password;
        return Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(text), hash.Salt, hash.Count, hash.Algorithm, hash.Expected.Length);
    }
}
