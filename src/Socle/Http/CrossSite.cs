using Socle.Kernel;

namespace Socle.Http;

/// <summary>
/// Whether a page of another site sent the request, for callers whom the browser's cookie makes known: a browser sends
/// the cookie whoever asks. Takes requests from the server's own pages, from PUBLIC_URL and CSRF_TRUSTED_ORIGINS.
/// Refuses all other writes, those included that do not say where they come from. Callers with a token need no such check.
/// </summary>
public static class CrossSite
{
    public static Fault? Refuse(HttpContext context, DoorOptions options)
    {
        var request = context.Request;
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method))
            return null;
        return IsOwn(request, options) ? null : Foreign;
    }

    private static bool IsOwn(HttpRequest request, DoorOptions options)
    {
        // A page cannot set Sec-Fetch-Site: the browser says it, of the address that it really asked, whatever a proxy made of it since.
        if (request.Headers["Sec-Fetch-Site"] is ["same-origin"])
            return true;
        if (request.Headers.Origin is not [{ } sent] || Origins.Find(sent) is not { } origin)
            return false;
        return origin == Origins.Of(request) || origin == options.PublicUrl || options.CsrfTrustedOrigins.Contains(origin);
    }

    private static Fault Foreign { get; } = new(
        FaultCode.Forbidden,
        "With the browser's cookie only pages of this server may write. Name the page's origin in CSRF_TRUSTED_ORIGINS, set PUBLIC_URL to the server's public address, or send a token in Authorization instead of the cookie.",
        "Avec le cookie du navigateur, seules les pages de ce serveur peuvent écrire. Ajoutez l'origine de la page à CSRF_TRUSTED_ORIGINS, donnez à PUBLIC_URL l'adresse publique du serveur, ou envoyez un jeton dans Authorization au lieu du cookie.");
}
