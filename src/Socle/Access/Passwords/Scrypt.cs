using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;

namespace Socle.Access.Passwords;

/// <summary>scrypt (RFC 7914), for hashes that were made elsewhere. The caller bounds the cost: it takes 128 × n × r bytes.</summary>
internal static class Scrypt
{
    private const int SalsaWords = 16;

    /// <param name="n">The number of blocks kept in memory: a power of two.</param>
    /// <param name="r">The size of a block, in 128 bytes.</param>
    /// <param name="p">How many times one after the other.</param>
    public static byte[] Derive(byte[] password, byte[] salt, int n, int r, int p, int length)
    {
        var blocks = Rfc2898DeriveBytes.Pbkdf2(password, salt, 1, HashAlgorithmName.SHA256, p * 128 * r);
        var words = new uint[32 * r];
        var memory = GC.AllocateUninitializedArray<uint>(n * words.Length);
        for (var i = 0; i < p; i++)
        {
            var block = blocks.AsSpan(i * 128 * r, 128 * r);
            for (var w = 0; w < words.Length; w++)
                words[w] = BinaryPrimitives.ReadUInt32LittleEndian(block[(4 * w)..]);
            Mix(words, memory, n);
            for (var w = 0; w < words.Length; w++)
                BinaryPrimitives.WriteUInt32LittleEndian(block[(4 * w)..], words[w]);
        }

        return Rfc2898DeriveBytes.Pbkdf2(password, blocks, 1, HashAlgorithmName.SHA256, length);
    }

    /// <summary>scryptROMix (RFC 7914, 5).</summary>
    private static void Mix(uint[] words, uint[] memory, int n)
    {
        var mixed = new uint[words.Length];
        for (var i = 0; i < n; i++)
        {
            words.CopyTo(memory.AsSpan(i * words.Length));
            MixBlock(words, mixed);
        }

        for (var i = 0; i < n; i++)
        {
            // Integerify: the low bits of the block's last 64 bytes.
            var j = (int)(words[^SalsaWords] & (uint)(n - 1));
            var kept = memory.AsSpan(j * words.Length, words.Length);
            for (var w = 0; w < words.Length; w++)
                words[w] ^= kept[w];
            MixBlock(words, mixed);
        }
    }

    /// <summary>scryptBlockMix (RFC 7914, 4): the even results first, then the odd ones.</summary>
    private static void MixBlock(uint[] words, uint[] mixed)
    {
        Span<uint> x = stackalloc uint[SalsaWords];
        words.AsSpan(words.Length - SalsaWords).CopyTo(x);
        var half = words.Length / 2;
        for (var i = 0; i < words.Length / SalsaWords; i++)
        {
            for (var w = 0; w < SalsaWords; w++)
                x[w] ^= words[(i * SalsaWords) + w];
            Salsa(x);
            x.CopyTo(mixed.AsSpan(((i & 1) * half) + (i / 2 * SalsaWords)));
        }

        mixed.CopyTo(words, 0);
    }

    /// <summary>Salsa20/8 (RFC 7914, 3).</summary>
    private static void Salsa(Span<uint> block)
    {
        Span<uint> x = stackalloc uint[SalsaWords];
        block.CopyTo(x);
        for (var round = 0; round < 8; round += 2)
        {
            Quarter(x, 0, 4, 8, 12);
            Quarter(x, 5, 9, 13, 1);
            Quarter(x, 10, 14, 2, 6);
            Quarter(x, 15, 3, 7, 11);
            Quarter(x, 0, 1, 2, 3);
            Quarter(x, 5, 6, 7, 4);
            Quarter(x, 10, 11, 8, 9);
            Quarter(x, 15, 12, 13, 14);
        }

        for (var w = 0; w < SalsaWords; w++)
            block[w] += x[w];
    }

    private static void Quarter(Span<uint> x, int a, int b, int c, int d)
    {
        x[b] ^= BitOperations.RotateLeft(x[a] + x[d], 7);
        x[c] ^= BitOperations.RotateLeft(x[b] + x[a], 9);
        x[d] ^= BitOperations.RotateLeft(x[c] + x[b], 13);
        x[a] ^= BitOperations.RotateLeft(x[d] + x[c], 18);
    }
}
