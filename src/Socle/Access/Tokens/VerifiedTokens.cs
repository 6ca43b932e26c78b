using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Socle.Access.Tokens;

/// <summary>
/// Remembers what verified tokens say, by their SHA-256: an ES256 signature costs many times a look-up. Holds at most
/// twice the given number; the half that was not asked for goes first.
/// </summary>
internal sealed class VerifiedTokens(int capacity)
{
    private readonly Lock _writing = new();
    private volatile ConcurrentDictionary<Digest, JwtClaims> _young = new();
    private volatile ConcurrentDictionary<Digest, JwtClaims> _old = new();

    public int Count => _young.Count + _old.Count;

    public JwtClaims? Find(byte[] hash)
    {
        if (_young.TryGetValue(Digest.Of(hash), out var claims))
            return claims;
        if (_old.TryGetValue(Digest.Of(hash), out claims))
            Add(hash, claims);
        return claims;
    }

    public void Add(byte[] hash, JwtClaims claims)
    {
        lock (_writing)
        {
            if (_young.Count >= capacity)
            {
                _old = _young;
                _young = new();
            }

            _young[Digest.Of(hash)] = claims;
        }
    }

    private readonly record struct Digest(UInt128 First, UInt128 Second)
    {
        public static Digest Of(byte[] hash) => MemoryMarshal.Read<Digest>(hash);
    }
}
