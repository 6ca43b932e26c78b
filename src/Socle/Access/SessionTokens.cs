using Socle.Access.Tokens;

namespace Socle.Access;

/// <summary>The signed tokens of sessions: those of programs, and those in the browser's cookie.</summary>
public sealed class SessionTokens(JwtSigner signer, AccessOptions options)
{
    public const string CookieName = "socle_session";

    private static readonly TimeSpan LongestAccess = TimeSpan.FromMinutes(15);

    /// <summary>Never longer than a session lasts without being used.</summary>
    public TimeSpan AccessLasts { get; } = options.SessionTimeout < LongestAccess ? options.SessionTimeout : LongestAccess;

    public string Jwks => signer.Jwks;

    public string SignAccess(Guid user, Guid session) => Sign(user, session, JwtClaims.Access, AccessLasts);

    /// <summary>The session's claims; null when the token is none of ours, too old, or meant for another use.</summary>
    public JwtClaims? Verify(string token, string use)
    {
        var claims = signer.Verify(token, DateTimeOffset.UtcNow);
        return !claims.IsFault && claims.Value.Use == use ? claims.Value : null;
    }

    public void SetCookie(HttpContext context, Guid user, Guid session) =>
        context.Response.Cookies.Append(CookieName, Sign(user, session, JwtClaims.Cookie, options.SessionTimeout), CookieOptions(context.Request));

    /// <summary>Survives the clearing of an answer that becomes a refusal.</summary>
    public static void RemoveCookie(HttpContext context) => context.Response.OnStarting(() =>
    {
        context.Response.Cookies.Delete(CookieName, CookieOptions(context.Request));
        return Task.CompletedTask;
    });

    /// <summary>Whether a cookie is old enough to be renewed: not with every request, and often enough to last as long as somebody works.</summary>
    public bool IsDue(JwtClaims cookie)
    {
        var renewAfter = options.SessionTimeout / 10;
        return DateTimeOffset.UtcNow - cookie.IssuedAt > (renewAfter > TimeSpan.FromMinutes(1) ? TimeSpan.FromMinutes(1) : renewAfter);
    }

    private string Sign(Guid user, Guid session, string use, TimeSpan lasts)
    {
        var now = DateTimeOffset.UtcNow;
        return signer.Sign(new JwtClaims(user, session, use, signer.Issuer, signer.Audience, now, now + lasts));
    }

    /// <summary>Over plain HTTP only on the machine itself.</summary>
    private static CookieOptions CookieOptions(HttpRequest request) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Lax,
        Secure = request.IsHttps || request.Host.Host is not ("localhost" or "127.0.0.1" or "[::1]" or "::1"),
        Path = "/",
    };
}
