using System.Net;

namespace Socle.Http;

/// <summary>
/// The headers that every answer has: the request's id, and what keeps a browser from making more of an answer than it
/// is. A page replaces the content policy by one that names its own style and script.
/// </summary>
public static class AnswerHeaders
{
    private const string ContentPolicy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>A year; other names of the domain are not ours to decide on.</summary>
    private const string OnlyTls = "max-age=31536000";

    public static void Set(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers["X-Request-Id"] = RequestIds.Of(context);
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = ContentPolicy;
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        if (context.Request.IsHttps && !IsOwnMachine(context.Request.Host.Host))
            headers.StrictTransportSecurity = OnlyTls;
    }

    /// <summary>Other programs listen there too, without TLS.</summary>
    private static bool IsOwnMachine(string host) => host is "localhost" || IPAddress.TryParse(host, out _);
}
