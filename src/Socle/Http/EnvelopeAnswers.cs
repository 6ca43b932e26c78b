using System.Text.Json;
using Socle.Kernel;

namespace Socle.Http;

/// <summary>Writes what is no record in the envelope: <c>{"success": true, "data": …}</c>. Never kept by caches.</summary>
public static class EnvelopeAnswers
{
    public static async Task Write(HttpContext context, Action<Utf8JsonWriter> writeData, int status = StatusCodes.Status200OK, Action<Utf8JsonWriter>? writeMeta = null)
    {
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = "application/json; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        var buffer = AnswerBuffer.Rent();
        try
        {
            var json = buffer.Json;
            json.WriteStartObject();
            json.WriteBoolean("success"u8, true);
            json.WritePropertyName("data"u8);
            writeData(json);
            if (writeMeta is not null)
            {
                json.WriteStartObject("meta"u8);
                writeMeta(json);
                json.WriteEndObject();
            }

            json.WriteEndObject();
            await buffer.SendLast(response, context.RequestAborted);
        }
        finally
        {
            AnswerBuffer.Return(buffer);
        }
    }

    /// <summary>One object.</summary>
    public static Task WriteObject(HttpContext context, Action<Utf8JsonWriter> writeMembers, int status = StatusCodes.Status200OK) =>
        Write(context, json => WriteObject(json, writeMembers), status);

    public static Task WriteList<T>(HttpContext context, IEnumerable<T> items, Action<Utf8JsonWriter, T> writeMembers, int? limit = null, long offset = 0) => Write(
        context,
        json =>
        {
            json.WriteStartArray();
            foreach (var item in items)
                WriteObject(json, writer => writeMembers(writer, item));
            json.WriteEndArray();
        },
        writeMeta: limit is null ? null : json =>
        {
            json.WriteNumber("limit"u8, limit.Value);
            json.WriteNumber("offset"u8, offset);
        });

    public static void WriteMoment(this Utf8JsonWriter json, string name, DateTimeOffset? moment)
    {
        if (moment is { } at)
            json.WriteString(name, at.UtcDateTime);
        else
            json.WriteNull(name);
    }

    public static void WriteLabel(this Utf8JsonWriter json, ReadOnlySpan<byte> name, Text label)
    {
        json.WriteStartObject(name);
        json.WriteString("fr"u8, label.French);
        json.WriteString("en"u8, label.English);
        json.WriteEndObject();
    }

    private static void WriteObject(Utf8JsonWriter json, Action<Utf8JsonWriter> writeMembers)
    {
        json.WriteStartObject();
        writeMembers(json);
        json.WriteEndObject();
    }
}
