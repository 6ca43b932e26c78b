using System.Text.Json;

namespace Socle.Imports.Reading;

/// <summary>Cuts a stream of JSON into its objects: those of an array, of the array "data" of an object, or one after another.</summary>
internal sealed class JsonScanner
{
    private const int LongestRecord = 16 * 1024 * 1024;
    private const int HeadBytes = 65_536;

    private readonly Stream _json;
    private byte[] _buffer = new byte[4 * HeadBytes];
    private int _length;
    private int _next;
    private bool _isAtEnd;
    private readonly bool _isList;
    private long _newlines;

    public JsonScanner(Stream json)
    {
        _json = json;
        Fill();
        _next = _buffer.AsSpan(0, _length).StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? 3 : 0;
        SkipBlanks();
        if (_next >= _length)
            throw new UnreadableFileException(FileFaults.Empty);
        _isList = true;
        if (_buffer[_next] == (byte)'[')
            _next++;
        else if (_buffer[_next] == (byte)'{' && FindData() is { } data)
            _next += data;
        else
            _isList = false;
        if (_isList)
            return;
        if (_buffer[_next] != (byte)'{')
            throw new UnreadableFileException(FileFaults.InvalidJson(1));
    }

    /// <summary>The line on which the present object begins.</summary>
    public long Line { get; private set; } = 1;

    /// <summary>The next object; valid until the one after it. Null at the end.</summary>
    public ReadOnlyMemory<byte>? Next()
    {
        SkipBlanks();
        while (_next >= _length && !_isAtEnd)
        {
            Fill();
            SkipBlanks();
        }

        // A list that ends without its bracket was cut off.
        if (_next >= _length)
            return _isList ? throw new UnreadableFileException(FileFaults.InvalidJson(_newlines + 1)) : null;
        if (_isList && _buffer[_next] == (byte)']')
            return null;
        Line = _newlines + 1;
        if (_buffer[_next] != (byte)'{')
            throw new UnreadableFileException(FileFaults.InvalidJson(Line));
        int length;
        while ((length = FindEnd()) < 0)
        {
            if (_isAtEnd)
                throw new UnreadableFileException(FileFaults.InvalidJson(Line));
            Fill();
        }

        var record = _buffer.AsMemory(_next, length);
        _newlines += record.Span.Count((byte)'\n');
        _next += length;
        return record;
    }

    /// <summary>Where the members of the array "data" begin, if the first object has one.</summary>
    private int? FindData()
    {
        var reader = new Utf8JsonReader(_buffer.AsSpan(_next, Math.Min(_length - _next, HeadBytes)), isFinalBlock: false, state: default);
        try
        {
            while (reader.Read())
            {
                if (reader.CurrentDepth == 0 && reader.TokenType == JsonTokenType.EndObject)
                    return null;
                if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1 && reader.ValueTextEquals("data"u8) && reader.Read() && reader.TokenType == JsonTokenType.StartArray)
                    return (int)reader.BytesConsumed;
            }
        }
        catch (JsonException)
        {
            // The object itself will be refused, with its line.
        }

        return null;
    }

    private void SkipBlanks()
    {
        for (; _next < _length && _buffer[_next] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or (byte)','; _next++)
            _newlines += _buffer[_next] == (byte)'\n' ? 1 : 0;
    }

    /// <summary>The length of the object that begins here; negative when the buffer ends first.</summary>
    private int FindEnd()
    {
        var text = _buffer.AsSpan(_next, _length - _next);
        var (depth, at) = (0, 0);
        while (at < text.Length)
        {
            var step = text[at..].IndexOfAny((byte)'"', (byte)'{', (byte)'}');
            if (step < 0)
                return -1;
            at += step + 1;
            switch (text[at - 1])
            {
                case (byte)'{':
                    depth++;
                    break;
                case (byte)'}' when --depth == 0:
                    return at;
                case (byte)'"' when !SkipString(text, ref at):
                    return -1;
            }
        }

        return -1;
    }

    private static bool SkipString(ReadOnlySpan<byte> text, ref int at)
    {
        while (text[at..].IndexOfAny((byte)'"', (byte)'\\') is >= 0 and var step)
        {
            at += step + 1;
            if (text[at - 1] == (byte)'"')
                return true;
            if (++at > text.Length)
                return false;
        }

        return false;
    }

    private void Fill()
    {
        var rest = _length - _next;
        if (rest > LongestRecord)
            throw new UnreadableFileException(FileFaults.TooLongRow(Line, LongestRecord));
        if (rest == _buffer.Length)
            Array.Resize(ref _buffer, _buffer.Length * 2);
        Buffer.BlockCopy(_buffer, _next, _buffer, 0, rest);
        (_next, _length) = (0, rest);
        var read = _json.ReadAtLeast(_buffer.AsSpan(rest), Math.Min(HeadBytes, _buffer.Length - rest), throwOnEndOfStream: false);
        _length += read;
        _isAtEnd = read == 0;
    }
}
