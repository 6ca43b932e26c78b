using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Socle.Imports.Reading;

namespace Socle.Imports.Writing;

/// <summary>Which keys the file had so far, as hashes: sixteen bytes a row.</summary>
internal sealed class KeysSeen(bool ignoresCase)
{
    private readonly HashSet<UInt128> _seen = [];
    private readonly ByteText _key = new();
    private bool _hasNull;

    public void Begin()
    {
        _key.Clear();
        _hasNull = false;
    }

    public void Add(ReadOnlySpan<byte> value, bool isNull)
    {
        if (ignoresCase)
            _key.Add(Encoding.UTF8.GetString(value).ToLowerInvariant());
        else
            _key.Add(value);
        _key.Add((byte)'\t');
        _hasNull |= isNull;
    }

    /// <summary>A key without a value is no key.</summary>
    public bool IsTwice()
    {
        if (_hasNull)
            return false;
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(_key.Span, hash);
        return !_seen.Add(BinaryPrimitives.ReadUInt128LittleEndian(hash));
    }
}
