using System.IO.Compression;
using System.Xml;

namespace Socle.Imports.Reading;

/// <summary>
/// The parts of a workbook, opened one by one and never unpacked as a whole. Refuses what only a hostile file has: a document type,
/// thousands of parts, a part that is hundreds of times as large as its archive.
/// </summary>
internal sealed class XlsxParts : IDisposable
{
    private const int MostParts = 5000;
    private const long AlwaysAllowed = 64L * 1024 * 1024;
    private const int MostExpansion = 200;

    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        CheckCharacters = false,
        CloseInput = true,
    };

    private readonly ZipArchive _archive;

    public XlsxParts(Stream file)
    {
        try
        {
            file.Position = 0;
            _archive = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
            if (_archive.Entries.Count > MostParts)
                throw new UnreadableFileException(FileFaults.BrokenWorkbook);
        }
        catch (InvalidDataException)
        {
            throw new UnreadableFileException(FileFaults.NotWorkbook);
        }
    }

    /// <summary>The part's XML; null when the workbook has no such part.</summary>
    public XmlReader? Open(string path) => OpenStream(path) is { } part ? XmlReader.Create(part, Settings) : null;

    public BoundedStream? OpenStream(string path)
    {
        path = path.TrimStart('/');
        var entry = _archive.GetEntry(path) ?? _archive.Entries.FirstOrDefault(candidate => candidate.FullName.Equals(path, StringComparison.OrdinalIgnoreCase));
        if (entry is null)
            return null;
        try
        {
            return new BoundedStream(entry.Open(), Math.Max(AlwaysAllowed, entry.CompressedLength * MostExpansion), entry.Length);
        }
        catch (InvalidDataException)
        {
            throw new UnreadableFileException(FileFaults.BrokenWorkbook);
        }
    }

    public static XmlReader Read(BoundedStream part) => XmlReader.Create(part, Settings);

    public void Dispose() => _archive.Dispose();
}

/// <summary>A part of an archive, up to the size that is believed.</summary>
internal sealed class BoundedStream(Stream part, long most, long length) : Stream
{
    private long _read;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    /// <summary>What the archive says, which may be wrong.</summary>
    public override long Length => length;

    public override long Position
    {
        get => _read;
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var read = part.Read(buffer);
        _read += read;
        return _read <= most ? read : throw new UnreadableFileException(FileFaults.BrokenWorkbook);
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        part.Dispose();
        base.Dispose(disposing);
    }
}
