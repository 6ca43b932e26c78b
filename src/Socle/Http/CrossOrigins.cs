using Microsoft.AspNetCore.Cors.Infrastructure;

namespace Socle.Http;

/// <summary>
/// What pages of other origins may do (CORS): those of CORS_ORIGINS everything that this server's own pages may, with the
/// browser's cookie; with <c>*</c> every page, but never with the cookie.
/// </summary>
public static class CrossOrigins
{
    private static readonly TimeSpan PreflightsLast = TimeSpan.FromMinutes(10);

    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

    /// <summary>The headers of answers that pages may read beside the few that they always may.</summary>
    private static readonly string[] Exposed = ["ETag", "Content-Range", "Content-Disposition", "Location", "Change-Id", "X-Request-Id", "Retry-After", "Idempotency-Replayed", .. ResumableUploads];

    /// <summary>What tus clients read.</summary>
    private static string[] ResumableUploads => ["Tus-Resumable", "Tus-Version", "Tus-Extension", "Tus-Max-Size", "Upload-Offset", "Upload-Length", "Upload-Metadata", "Upload-Expires"];

    public static void Describe(CorsPolicyBuilder policy, DoorOptions options)
    {
        policy.WithMethods(Methods).AllowAnyHeader().WithExposedHeaders(Exposed).SetPreflightMaxAge(PreflightsLast);
        if (options.CorsOrigins.Contains("*"))
            policy.AllowAnyOrigin();
        else
            policy.WithOrigins([.. options.CorsOrigins]).AllowCredentials();
    }
}
