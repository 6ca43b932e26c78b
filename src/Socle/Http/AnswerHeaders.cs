namespace Socle.Http;

/// <summary>The headers that every answer has: the request's id, and that its media type is meant.</summary>
public static class AnswerHeaders
{
    public static void Set(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers["X-Request-Id"] = RequestIds.Of(context);
        headers.XContentTypeOptions = "nosniff";
    }
}
