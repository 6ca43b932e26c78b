using Socle.Kernel;
using Socle.Records;
using Socle.Records.Export;
using Socle.Records.Running;

namespace Socle.Http;

/// <summary>Streams rows to the caller, in the envelope or as a file. Until the first part has left, a failure can still become a proper error.</summary>
public static class RecordAnswers
{
    public static async Task WriteJson(HttpContext context, RecordAnswer answer)
    {
        var response = context.Response;
        response.StatusCode = StatusOf(answer);
        response.ContentType = "application/json; charset=utf-8";
        var buffer = AnswerBuffer.Rent();
        try
        {
            var json = buffer.Json;
            json.WriteStartObject();
            json.WriteBoolean("success"u8, true);
            json.WritePropertyName("data"u8);
            string? tag = null;
            if (answer.IsMany)
                await WriteRows(context, answer, buffer);
            else
                tag = await WriteOne(buffer, answer);
            await answer.Rows.Finish();
            WriteMeta(json, answer);
            json.WriteEndObject();
            if (tag is null || await Preconditions.Hold(context, tag))
                await buffer.SendLast(response, context.RequestAborted);
        }
        finally
        {
            AnswerBuffer.Return(buffer);
        }
    }

    /// <summary>The records without an envelope, all of them in the buffer. Gives the entity tag of one that has one; refuses what is too large to be held.</summary>
    public static async Task<Result<string?>> WriteWhole(AnswerBuffer buffer, RecordAnswer answer)
    {
        if (!answer.IsMany)
        {
            var tag = await WriteOne(buffer, answer);
            await answer.Rows.Finish();
            return tag;
        }

        buffer.Json.WriteStartArray();
        while (await answer.Rows.Next())
        {
            JsonRows.Write(buffer.Json, answer.Rows, answer.Outputs);
            if (buffer.Bytes.WrittenCount + buffer.Json.BytesPending > WholeAnswer.MostBytes)
                return WholeAnswer.TooLarge;
        }

        buffer.Json.WriteEndArray();
        await answer.Rows.Finish();
        return (string?)null;
    }

    public static int StatusOf(RecordAnswer answer) => answer.IsCreated ? StatusCodes.Status201Created : StatusCodes.Status200OK;

    /// <param name="format">The file to answer.</param>
    /// <param name="zone">Where moments are told.</param>
    public static async Task WriteFile(HttpContext context, RecordAnswer answer, string table, ExportFormat format, TimeZoneInfo zone)
    {
        var response = context.Response;
        response.ContentType = ExportFile.MediaType(format);
        response.Headers.ContentDisposition = $"attachment; filename*=UTF-8''{Uri.EscapeDataString(table)}{ExportFile.Suffix(format)}";
        response.Headers.Vary = "Accept, Accept-Language";
        var buffer = AnswerBuffer.Rent();
        try
        {
            using var file = ExportFile.Open(format, answer, table, Languages.Of(context.Request), zone, buffer.Bytes);
            file.Start();
            while (await answer.Rows.Next())
            {
                file.Write(answer.Rows);
                await buffer.SendPart(response, context.RequestAborted);
            }

            file.Finish();
            await buffer.SendLast(response, context.RequestAborted);
        }
        finally
        {
            AnswerBuffer.Return(buffer);
        }
    }

    private static async ValueTask<string?> WriteOne(AnswerBuffer buffer, RecordAnswer answer)
    {
        if (!await answer.Rows.Next())
        {
            buffer.Json.WriteNullValue();
            return null;
        }

        var start = buffer.Bytes.WrittenCount + buffer.Json.BytesPending;
        JsonRows.Write(buffer.Json, answer.Rows, answer.Outputs);
        if (!answer.IsTagged)
            return null;
        buffer.Json.Flush();
        return EntityTags.Make(answer.Version, buffer.Bytes.WrittenSpan[start..]);
    }

    private static async Task WriteRows(HttpContext context, RecordAnswer answer, AnswerBuffer buffer)
    {
        buffer.Json.WriteStartArray();
        while (await answer.Rows.Next())
        {
            JsonRows.Write(buffer.Json, answer.Rows, answer.Outputs);
            await buffer.SendPart(context.Response, context.RequestAborted);
        }

        buffer.Json.WriteEndArray();
    }

    /// <summary>For lists, which part of how many; nothing else.</summary>
    public static void WriteMeta(System.Text.Json.Utf8JsonWriter json, RecordAnswer answer)
    {
        if (answer.Limit is not { } limit)
            return;
        json.WriteStartObject("meta"u8);
        json.WriteNumber("limit"u8, limit);
        json.WriteNumber("offset"u8, answer.Offset);
        if (answer.Rows.Total is { } total)
            json.WriteNumber("total"u8, total);
        json.WriteEndObject();
    }
}
