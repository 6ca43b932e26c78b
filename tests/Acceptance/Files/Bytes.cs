using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Socle.Tests.Acceptance.Files;

/// <summary>A file of any size that is made while it is read: the same bytes each time, no two blocks alike.</summary>
internal sealed class Bytes(long size) : Stream
{
    private const int BlockBytes = 65_536;

    private readonly byte[] _block = Block();
    private long _paused;

    /// <summary>Waits a little each time that so many bytes were read.</summary>
    public long PauseEvery { get; init; } = long.MaxValue;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => size;

    public override long Position { get; set; }

    public string Sha256()
    {
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var bytes = new Bytes(size);
        var buffer = new byte[1_048_576];
        for (int read; (read = bytes.Read(buffer)) > 0;)
            sha256.AppendData(buffer, 0, read);
        return Convert.ToHexStringLower(sha256.GetHashAndReset());
    }

    public byte[] ToArray()
    {
        var all = new byte[size];
        new Bytes(size).ReadExactly(all);
        return all;
    }

    public override int Read(Span<byte> buffer)
    {
        var wanted = (int)Math.Min(buffer.Length, size - Position);
        for (var done = 0; done < wanted;)
        {
            var offset = (int)(Position % BlockBytes);
            var count = Math.Min(wanted - done, BlockBytes - offset);
            BinaryPrimitives.WriteInt64LittleEndian(_block, Position / BlockBytes);
            _block.AsSpan(offset, count).CopyTo(buffer[done..]);
            done += count;
            Position += count;
        }

        return wanted;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Position / PauseEvery > _paused)
        {
            _paused = Position / PauseEvery;
            await Task.Delay(200, cancellationToken);
        }

        return Read(buffer.Span);
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    private static byte[] Block()
    {
        var block = new byte[BlockBytes];
        for (var i = 0; i < block.Length; i++)
            block[i] = (byte)((i * 2_654_435_761L) >> 13);
        return block;
    }
}
