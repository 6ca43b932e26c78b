using Socle.Imports.Reading;
using Socle.Kernel;

namespace Socle.Imports;

/// <summary>
/// A file to import. Takes a stream that can be rewound and what the caller knows of it, finds out the rest; gives its rows as often as they
/// are asked for. Refuses files that are not what they are said to be.
/// </summary>
public sealed class SourceFile
{
    private const int SampleBytes = 65_536;

    private readonly Stream _stream;
    private readonly ImportRequest _request;
    private readonly FileEncoding? _encoding;
    private readonly byte _separator;

    private SourceFile(Stream stream, ImportRequest request, FileEncoding? encoding, byte separator) =>
        (_stream, _request, _encoding, _separator) = (stream, request, encoding, separator);

    /// <summary>The encodings that a caller may name.</summary>
    public static IReadOnlyList<string> EncodingNames => Encodings.Names;

    public string? Encoding => _encoding?.Name;

    public char? Separator => _encoding is null ? null : (char)_separator;

    /// <summary>What separates the cells of the file with the rejected rows: as in the file, else as the caller's Excel reads it.</summary>
    public byte RejectSeparator => _encoding is not null ? _separator : (byte)(_request.Language == Language.French ? ';' : ',');

    /// <summary>Numbers have a decimal comma where nothing says otherwise.</summary>
    public bool IsFrench => _request.Format != ImportFormat.Json && (_separator == ';' || _request.Language == Language.French);

    public static Result<SourceFile> Detect(Stream stream, ImportRequest request)
    {
        if (request.Format != ImportFormat.Csv)
            return stream.Length == 0 ? FileFaults.Empty : new SourceFile(stream, request, null, 0);
        var encoding = Encodings.Detect(stream, request.Encoding);
        if (encoding.IsFault)
            return encoding.Faults;
        if (request.Separator is { } asked)
            return new SourceFile(stream, request, encoding.Value, (byte)asked);
        var sample = new byte[SampleBytes];
        var length = Encodings.Open(stream, encoding.Value).ReadAtLeast(sample, SampleBytes, throwOnEndOfStream: false);
        return new SourceFile(stream, request, encoding.Value, CsvDialect.FindSeparator(sample.AsSpan(0, length)));
    }

    /// <param name="isLiteral">The file is our own: nothing in it needs repair.</param>
    public RowReader Open(bool isLiteral)
    {
        if (_request.Format == ImportFormat.Xlsx)
            return new XlsxReader(_stream, _request.Sheet);
        if (_encoding is null)
            return new JsonReader(_stream);
        var repair = (isLiteral && _encoding.IsUtf8) || _request.Encoding is not null ? DoubleEncodingRepair.Off : DoubleEncodingRepair.On;
        var text = Encodings.Open(_stream, _encoding);
        return new CsvReader(text, _separator, repair, () => (double)_stream.Position / Math.Max(1, _stream.Length));
    }
}
