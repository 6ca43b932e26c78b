using System.Collections.Immutable;
using System.Globalization;
using Socle.Kernel;

namespace Socle.Http;

/// <summary>Writes faults in the envelope of the <c>/api</c> and root doors, in the caller's language.</summary>
public static class FaultAnswers
{
    public static Task Write(HttpContext context, Fault fault) => Write(context, [fault]);

    public static Task WriteMethodNotAllowed(HttpContext context, string allowed)
    {
        context.Response.Headers.Allow = allowed;
        return Write(context, new Fault(
            FaultCode.MethodNotAllowed,
            $"{context.Request.Method} does not work at this address. Use {allowed}.",
            $"{context.Request.Method} ne s'applique pas à cette adresse. Utilisez {allowed}."));
    }

    public static async Task Write(HttpContext context, ImmutableArray<Fault> faults)
    {
        var response = context.Response;
        var language = Languages.Of(context.Request);
        var first = faults[0];
        var allowed = response.Headers.Allow;
        response.Clear();
        // RFC 9110, 15.5.6: who refuses a method says which ones work.
        response.Headers.Allow = allowed;
        response.StatusCode = FaultStatuses.StatusOf(first.Code);
        // RFC 9110, 15.5.2: who asks for credentials says which.
        if (response.StatusCode == StatusCodes.Status401Unauthorized)
            response.Headers.WWWAuthenticate = "Bearer";
        response.ContentType = "application/json; charset=utf-8";
        AnswerHeaders.Set(context);
        response.Headers.ContentLanguage = Languages.TagOf(language);
        if (first.RetryAfter is not null || response.StatusCode is StatusCodes.Status503ServiceUnavailable or StatusCodes.Status429TooManyRequests)
            response.Headers.RetryAfter = (first.RetryAfter ?? 2).ToString(CultureInfo.InvariantCulture);

        var buffer = AnswerBuffer.Rent();
        try
        {
            var json = buffer.Json;
            json.WriteStartObject();
            json.WriteBoolean("success", false);
            json.WriteStartObject("error");
            json.WriteString("code", FaultStatuses.NameOf(first.Code));
            json.WriteString("message", first.Message.In(language));
            WriteFields(json, faults, language);
            json.WriteString("requestId", RequestIds.Of(context));
            json.WriteEndObject();
            json.WriteEndObject();
            await buffer.SendLast(response, context.RequestAborted);
        }
        finally
        {
            AnswerBuffer.Return(buffer);
        }
    }

    private static void WriteFields(System.Text.Json.Utf8JsonWriter json, ImmutableArray<Fault> faults, Language language)
    {
        var fields = faults.Where(fault => fault.Field is not null).DistinctBy(fault => fault.Field).Take(100).ToList();
        if (fields.Count == 0)
            return;
        json.WriteStartObject("fields");
        foreach (var fault in fields)
            json.WriteString(fault.Field!, fault.Message.In(language));
        json.WriteEndObject();
    }
}
