using Socle.Kernel;
using Socle.Records.Running;

namespace Socle.Http;

/// <summary>Answers that are sent only when everything they tell of is done.</summary>
public static class WholeAnswers
{
    /// <summary>The answer to one write, which stays in the buffer.</summary>
    /// <param name="buffer">Where the answer is written.</param>
    /// <param name="rows">What was written.</param>
    /// <param name="change">The change set, where history is kept.</param>
    public static async Task<Result<WholeAnswer>> Make(AnswerBuffer buffer, RecordAnswer rows, Guid? change)
    {
        buffer.Clear();
        buffer.Json.WriteStartObject();
        buffer.Json.WriteBoolean("success"u8, true);
        buffer.Json.WritePropertyName("data"u8);
        var tag = await RecordAnswers.WriteWhole(buffer, rows);
        if (tag.IsFault)
            return tag.Faults;
        buffer.Json.WriteEndObject();
        buffer.Json.Flush();
        return new WholeAnswer(RecordAnswers.StatusOf(rows), Headers(change, tag.Value), buffer.Bytes.WrittenMemory);
    }

    private static string[] Headers(Guid? change, string? tag) =>
    [
        .. change is null ? [] : new[] { "Change-Id", change.Value.ToString() },
        .. tag is null ? [] : new[] { "ETag", tag },
    ];

    public static async Task Write(HttpContext context, WholeAnswer answer)
    {
        var response = context.Response;
        response.StatusCode = answer.Status;
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = answer.Body.Length;
        for (var i = 0; i < answer.Headers.Length; i += 2)
            response.Headers[answer.Headers[i]] = answer.Headers[i + 1];
        if (answer.IsRepeated)
            response.Headers[IdempotencyHeader.Repeated] = "true";
        await response.BodyWriter.WriteAsync(answer.Body, context.RequestAborted);
    }
}
