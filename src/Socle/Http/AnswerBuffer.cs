using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.ObjectPool;

namespace Socle.Http;

/// <summary>
/// Where an answer is written before it leaves: until the first part is sent, a failure can still become an error.
/// Parts leave when they are large enough, so that memory does not grow with the answer.
/// </summary>
public sealed class AnswerBuffer : IDisposable
{
    private const int PartBytes = 32_768;

    private static readonly ObjectPool<AnswerBuffer> Pool = new DefaultObjectPool<AnswerBuffer>(new Policy(), 64);
    private static readonly JsonWriterOptions JsonOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private AnswerBuffer()
    {
        Bytes = new ArrayBufferWriter<byte>(PartBytes + 4096);
        Json = new Utf8JsonWriter(Bytes, JsonOptions);
    }

    public ArrayBufferWriter<byte> Bytes { get; }

    public Utf8JsonWriter Json { get; }

    public static AnswerBuffer Rent() => Pool.Get();

    public static void Return(AnswerBuffer buffer) => Pool.Return(buffer);

    /// <summary>Sends what is there if it is worth sending.</summary>
    public ValueTask SendPart(HttpResponse response, CancellationToken cancellation) =>
        Bytes.WrittenCount + Json.BytesPending < PartBytes ? ValueTask.CompletedTask : Send(response, cancellation);

    /// <summary>Sends the rest. An answer that fits into one part tells its length.</summary>
    public ValueTask SendLast(HttpResponse response, CancellationToken cancellation)
    {
        Json.Flush();
        if (!response.HasStarted)
            response.ContentLength = Bytes.WrittenCount;
        return Send(response, cancellation);
    }

    public void Clear()
    {
        Json.Reset();
        Bytes.ResetWrittenCount();
        Json.Reset(Bytes);
    }

    public void Dispose() => Json.Dispose();

    private async ValueTask Send(HttpResponse response, CancellationToken cancellation)
    {
        Json.Flush();
        await response.BodyWriter.WriteAsync(Bytes.WrittenMemory, cancellation);
        Bytes.ResetWrittenCount();
    }

    private sealed class Policy : PooledObjectPolicy<AnswerBuffer>
    {
        public override AnswerBuffer Create() => new();

        public override bool Return(AnswerBuffer obj)
        {
            obj.Clear();
            return obj.Bytes.Capacity <= 8 * PartBytes;
        }
    }
}
