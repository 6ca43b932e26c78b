using System.Buffers;
using System.Collections.Immutable;
using System.IO.Compression;
using Socle.Records.Planning;
using Socle.Records.Running;

namespace Socle.Records.Export;

/// <summary>
/// Writes rows as a workbook (Office Open XML), sheet after sheet as a sheet is full, compressed as they come.
/// It is the same in every language: Excel shows its cells in the language of its own.
/// </summary>
public sealed class XlsxRows : IRowWriter
{
    /// <summary>The header among them.</summary>
    internal const int MostRowsOfSheet = 1_048_576;

    /// <summary>A part of a zip that is written as it comes tells its size in 32 bits.</summary>
    private const long MostBytesOfSheet = 3_500_000_000;

    private readonly CellReader _cells;
    private readonly ZoneClock _clock;
    private readonly string _table;
    private readonly ZipArchive _zip;
    private readonly int _mostRows;
    private int _sheets;
    private XlsxSheet? _sheet;
    private Stream? _part;

    internal XlsxRows(ImmutableArray<Output> outputs, string table, ZoneClock clock, IBufferWriter<byte> file, int mostRows = MostRowsOfSheet)
    {
        _cells = new CellReader(outputs);
        _clock = clock;
        _table = table;
        _mostRows = mostRows;
        _zip = new ZipArchive(new BufferStream(file), ZipArchiveMode.Create);
    }

    public void Start()
    {
        Add("[Content_Types].xml", XlsxParts.ContentTypes);
        Add("_rels/.rels", XlsxParts.Relations);
        Add("xl/styles.xml", XlsxStyles.Part);
        OpenSheet();
    }

    public void Write(RowStream rows)
    {
        if (_sheet!.Rows == _mostRows || _sheet.Length > MostBytesOfSheet)
        {
            CloseSheet();
            OpenSheet();
        }

        _sheet.Write(rows);
    }

    public void Finish()
    {
        CloseSheet();
        Add("xl/workbook.xml", XlsxParts.Workbook(_table, _sheets));
        Add("xl/_rels/workbook.xml.rels", XlsxParts.WorkbookRelations(_sheets));
        _zip.Dispose();
    }

    public void Dispose()
    {
        _part?.Dispose();
        _zip.Dispose();
        _cells.Dispose();
    }

    private void OpenSheet()
    {
        _part = _zip.CreateEntry($"xl/worksheets/sheet{++_sheets}.xml", CompressionLevel.Fastest).Open();
        _sheet = new XlsxSheet(_cells, _clock, _part, isFirst: _sheets == 1);
    }

    private void CloseSheet()
    {
        _sheet!.Finish();
        _part!.Dispose();
    }

    private void Add(string name, string text)
    {
        using var part = new StreamWriter(_zip.CreateEntry(name, CompressionLevel.Fastest).Open());
        part.Write(text);
    }

    /// <summary>Compressed bytes on their way into the file's buffer.</summary>
    private sealed class BufferStream(IBufferWriter<byte> file) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Write(ReadOnlySpan<byte> buffer) => file.Write(buffer);

        public override void Write(byte[] buffer, int offset, int count) => file.Write(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
