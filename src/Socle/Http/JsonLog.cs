using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Threading.Channels;

namespace Socle.Http;

/// <summary>
/// Logs as JSON lines on standard output, written by one background task in batches.
/// A request's line tells what was done and how it ended, never what was sent: no ids, no filters, no bodies.
/// </summary>
public sealed class JsonLog : ILoggerProvider, IAsyncDisposable
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private const int BatchBytes = 262_144;
    private static readonly TimeSpan GatherFor = TimeSpan.FromMilliseconds(25);

    private readonly Channel<Entry> _entries = Channel.CreateBounded<Entry>(new BoundedChannelOptions(10_000) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
    private readonly LogLevel _level;
    private readonly Task _writing;

    public JsonLog(LogLevel level, Stream output)
    {
        _level = level;
        _writing = Task.Run(() => WriteAll(output));
    }

    public void Request(string requestId, string method, string? table, int status, double milliseconds)
    {
        var level = status >= 500 ? LogLevel.Error : LogLevel.Information;
        if (level >= _level)
            Add(new Entry(DateTime.UtcNow, level, "request", null, null, requestId, method, table, status, milliseconds));
    }

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    public async ValueTask DisposeAsync()
    {
        _entries.Writer.TryComplete();
        await _writing;
    }

    private void Add(Entry entry)
    {
        // A reader of our output that has stopped reading must not stop the server: lines beyond the buffer are lost.
        _entries.Writer.TryWrite(entry);
    }

    private async Task WriteAll(Stream output)
    {
        var buffer = new ArrayBufferWriter<byte>(16_384);
        await using var json = new Utf8JsonWriter(buffer, Options);
        while (await _entries.Reader.WaitToReadAsync())
        {
            buffer.ResetWrittenCount();
            while (buffer.WrittenCount < BatchBytes && _entries.Reader.TryRead(out var entry))
                Write(buffer, json, entry);
            await output.WriteAsync(buffer.WrittenMemory);
            await output.FlushAsync();
            // Woken for every line, this task would cost a busy server more than the lines themselves.
            if (buffer.WrittenCount < BatchBytes && !_entries.Reader.Completion.IsCompleted)
                await Task.WhenAny(_entries.Reader.Completion, Task.Delay(GatherFor));
        }
    }

    private static void Write(ArrayBufferWriter<byte> buffer, Utf8JsonWriter json, Entry entry)
    {
        json.Reset();
        json.WriteStartObject();
        json.WriteString("time", entry.Time);
        json.WriteString("level", entry.Level.ToString());
        json.WriteString("message", entry.Message);
        if (entry.Exception is not null)
            json.WriteString("exception", entry.Exception);
        if (entry.RequestId is not null)
            json.WriteString("requestId", entry.RequestId);
        if (entry.Method is not null)
        {
            json.WriteString("method", entry.Method);
            json.WriteString("table", entry.Table);
            json.WriteNumber("status", entry.Status);
            json.WriteNumber("milliseconds", Math.Round(entry.Milliseconds, 2));
        }

        json.WriteEndObject();
        json.Flush();
        buffer.Write("\n"u8);
    }

    private readonly record struct Entry(
        DateTime Time,
        LogLevel Level,
        string Message,
        string? Exception,
        string? Category,
        string? RequestId = null,
        string? Method = null,
        string? Table = null,
        int Status = 0,
        double Milliseconds = 0);

    private sealed class Logger(JsonLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        // The framework reports each refused request and broken connection in its own words; ours are in the request's line.
        public bool IsEnabled(LogLevel logLevel) =>
            logLevel >= log._level && (logLevel >= LogLevel.Error || !category.StartsWith("Microsoft.", StringComparison.Ordinal) || log._level <= LogLevel.Debug);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                log.Add(new Entry(DateTime.UtcNow, logLevel, formatter(state, exception), exception?.ToString(), category));
        }
    }
}
