using System.Text;
using System.Text.Unicode;
using Socle.Kernel;

namespace Socle.Imports.Reading;

/// <summary>How a text file's characters were written.</summary>
/// <param name="Name">utf-8, utf-16, utf-16be or windows-1252.</param>
/// <param name="BomLength">Bytes of the mark at the beginning.</param>
public sealed record FileEncoding(string Name, int BomLength)
{
    public bool IsUtf8 => Name == "utf-8";
}

/// <summary>
/// Takes a text file, tells its encoding: by its mark, else UTF-8 when all of it is valid UTF-8, else windows-1252, which any bytes are.
/// Refuses what is no text, and a named encoding that the file is not in.
/// </summary>
internal static class Encodings
{
    private const int BlockBytes = 1 << 20;
    private const int HeadBytes = 8192;

    public static IReadOnlyList<string> Names { get; } = ["utf-8", "windows-1252", "utf-16", "utf-16be"];

    /// <param name="file">Read from its beginning.</param>
    /// <param name="asked">The encoding that the caller named, or null.</param>
    public static Result<FileEncoding> Detect(Stream file, string? asked)
    {
        file.Position = 0;
        var head = new byte[HeadBytes];
        var length = file.ReadAtLeast(head, HeadBytes, throwOnEndOfStream: false);
        var start = head.AsSpan(0, length);
        if (length == 0)
            return FileFaults.Empty;
        var marked = ByMark(start);
        if (marked is not { Name: "utf-16" or "utf-16be" } && asked is not ("utf-16" or "utf-16be"))
        {
            if (start.StartsWith("PK\u0003\u0004"u8))
                return FileFaults.IsWorkbook;
            if (IsBinary(start))
                return FileFaults.NotText;
        }

        var encoding = asked is null ? marked : new FileEncoding(asked, marked?.Name == asked ? marked.BomLength : 0);
        if (encoding is { IsUtf8: false })
            return encoding;
        var wrongLine = FindInvalidLine(file, encoding?.BomLength ?? 0);
        if (wrongLine is null)
            return encoding ?? new FileEncoding("utf-8", 0);
        return asked is null ? new FileEncoding("windows-1252", marked?.BomLength ?? 0) : FileFaults.NotUtf8(wrongLine.Value);
    }

    /// <summary>The file's text as UTF-8.</summary>
    public static Stream Open(Stream file, FileEncoding encoding)
    {
        file.Position = encoding.BomLength;
        return encoding.IsUtf8 ? file : Encoding.CreateTranscodingStream(file, Find(encoding.Name), new UTF8Encoding(false), leaveOpen: true);
    }

    public static Encoding Windows1252 { get; } = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    private static Encoding Find(string name) => name switch
    {
        "utf-16" => new UnicodeEncoding(bigEndian: false, byteOrderMark: false),
        "utf-16be" => new UnicodeEncoding(bigEndian: true, byteOrderMark: false),
        _ => Windows1252,
    };

    private static FileEncoding? ByMark(ReadOnlySpan<byte> start) =>
        start.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? new("utf-8", 3)
        : start.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) ? new("utf-16", 2)
        : start.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]) ? new("utf-16be", 2)
        : null;

    /// <summary>Text has hardly any control characters; one stray NUL is the matter of its row.</summary>
    private static bool IsBinary(ReadOnlySpan<byte> start)
    {
        var controls = 0;
        foreach (var value in start)
            controls += value < 32 && value is not ((byte)'\t' or (byte)'\n' or (byte)'\r' or 0x0B or 0x0C or 0x1A) ? 1 : 0;
        return controls > 2 && controls * 20 > start.Length;
    }

    /// <summary>The first line with bytes that are no UTF-8; null when all are.</summary>
    private static long? FindInvalidLine(Stream file, int from)
    {
        file.Position = from;
        var block = new byte[BlockBytes];
        var line = 1L;
        var kept = 0;
        while (true)
        {
            var read = file.ReadAtLeast(block.AsSpan(kept), BlockBytes - kept, throwOnEndOfStream: false);
            var isLast = kept + read < BlockBytes;
            var text = block.AsSpan(0, kept + read);
            var whole = isLast ? text.Length : WholeCharacters(text);
            if (!Utf8.IsValid(text[..whole]))
                return line + CountLinesBeforeInvalid(text[..whole]);
            if (isLast)
                return null;
            line += text[..whole].Count((byte)'\n');
            kept = text.Length - whole;
            text[whole..].CopyTo(block);
        }
    }

    private static int CountLinesBeforeInvalid(ReadOnlySpan<byte> text)
    {
        var valid = 0;
        while (Rune.DecodeFromUtf8(text[valid..], out _, out var length) == System.Buffers.OperationStatus.Done)
            valid += length;
        return text[..valid].Count((byte)'\n');
    }

    /// <summary>How many bytes do not cut a character at the end.</summary>
    private static int WholeCharacters(ReadOnlySpan<byte> text)
    {
        for (var back = 1; back <= 3 && back <= text.Length; back++)
        {
            var value = text[^back];
            if (value < 0x80)
                return text.Length;
            if (value >= 0xC0)
                return Rune.DecodeFromUtf8(text[^back..], out _, out _) == System.Buffers.OperationStatus.NeedMoreData ? text.Length - back : text.Length;
        }

        return text.Length;
    }
}
