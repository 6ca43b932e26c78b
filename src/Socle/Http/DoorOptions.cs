using System.Collections.Immutable;

namespace Socle.Http;

/// <summary>Who may call, from where.</summary>
/// <param name="PublicUrl">The address that people know (PUBLIC_URL), as an origin, for links in mail; mail is sent only where it is set, since the request's own Host is its sender's word.</param>
/// <param name="CorsOrigins">The origins whose pages may call (CORS_ORIGINS or CORS_ALLOWED_ORIGINS); a single <c>*</c> is every origin, without credentials.</param>
/// <param name="AllowedHosts">The host names that are answered (ALLOWED_HOSTS); empty is any.</param>
/// <param name="CsrfTrustedOrigins">Other origins whose pages may write with the browser's cookie (CSRF_TRUSTED_ORIGINS).</param>
/// <param name="TrustedProxies">Addresses or networks whose X-Forwarded-* headers are believed (TRUSTED_PROXIES).</param>
public sealed record DoorOptions(
    string? PublicUrl,
    ImmutableArray<string> CorsOrigins,
    ImmutableArray<string> AllowedHosts,
    ImmutableArray<string> CsrfTrustedOrigins,
    ImmutableArray<string> TrustedProxies);
