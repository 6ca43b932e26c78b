using System.Buffers;

namespace Socle.Imports.Reading;

/// <summary>Bytes that grow: the text of a COPY, a CSV record.</summary>
public sealed class ByteText(int capacity = 256)
{
    private static readonly SearchValues<byte> CopySpecial = SearchValues.Create("\\\n\r\t"u8);

    private byte[] _bytes = new byte[capacity];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, Length);

    public ReadOnlyMemory<byte> Memory => _bytes.AsMemory(0, Length);

    /// <summary>Forgets what was written from <paramref name="length"/> on.</summary>
    public void Cut(int length) => Length = length;

    public void Clear()
    {
        Length = 0;
        // One enormous row must not be paid for until the end.
        if (_bytes.Length > 32 * 1024 * 1024)
            _bytes = new byte[capacity];
    }

    public void Add(byte value)
    {
        Reserve(1)[0] = value;
        Length++;
    }

    public void Add(ReadOnlySpan<byte> text)
    {
        text.CopyTo(Reserve(text.Length));
        Length += text.Length;
    }

    public void Add(ReadOnlySpan<char> text)
    {
        var written = System.Text.Encoding.UTF8.GetBytes(text, Reserve(text.Length * 3));
        Length += written;
    }

    /// <summary>Room for so many bytes; <see cref="Advance"/> says how many were used.</summary>
    public Span<byte> Reserve(int count)
    {
        if (_bytes.Length - Length < count)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + count));
        return _bytes.AsSpan(Length);
    }

    public void Advance(int count) => Length += count;

    /// <summary>Text as COPY's text format wants it.</summary>
    public void AddCopyText(ReadOnlySpan<byte> text)
    {
        for (var special = text.IndexOfAny(CopySpecial); special >= 0; special = text.IndexOfAny(CopySpecial))
        {
            Add(text[..special]);
            Add((byte)'\\');
            Add(text[special] switch { (byte)'\n' => (byte)'n', (byte)'\r' => (byte)'r', (byte)'\t' => (byte)'t', var other => other });
            text = text[(special + 1)..];
        }

        Add(text);
    }

    /// <summary>Text as a cell of CSV.</summary>
    public void AddCsvCell(ReadOnlySpan<byte> text, byte separator)
    {
        if (text.IndexOfAny((byte)'"', (byte)'\n', (byte)'\r') < 0 && !text.Contains(separator))
        {
            Add(text);
            return;
        }

        Add((byte)'"');
        for (var quote = text.IndexOf((byte)'"'); quote >= 0; quote = text.IndexOf((byte)'"'))
        {
            Add(text[..(quote + 1)]);
            Add((byte)'"');
            text = text[(quote + 1)..];
        }

        Add(text);
        Add((byte)'"');
    }
}
