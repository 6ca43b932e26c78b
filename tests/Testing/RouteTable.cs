namespace Socle.Testing;

/// <summary>Every route of the server and whom it lets in. A new one fails the tests until it stands here: it is a decision.</summary>
public static class RouteTable
{
    public static IReadOnlyList<Route> All { get; } =
    [
        new("/", "Everybody", "GET", "HEAD"),
        new("/api", "Anybody", "GET", "HEAD"),
        new("/favicon.ico", "Everybody", "GET", "HEAD"),
        new("/favicon.svg", "Everybody", "GET", "HEAD"),
        new("/robots.txt", "Everybody", "GET", "HEAD"),
        new("/.well-known/jwks.json", "Everybody", "GET", "HEAD"),
        new("/health", "Everybody", "GET", "HEAD"),
        new("/api/openapi.json", "Anybody", "GET", "HEAD"),
        new("/api/auth/login", "Everybody", "POST"),
        new("/api/auth/refresh", "Everybody", "POST"),
        new("/api/auth/logout", "Anybody", "POST"),
        new("/api/auth/me", "Anybody", "GET"),
        new("/api/auth/sessions", "Anybody", "GET"),
        new("/api/auth/sessions/{id}", "Anybody", "DELETE"),
        new("/api/auth/password", "Everybody", "POST"),
        new("/api/auth/reset", "Everybody", "POST"),
        new("/api/auth/reset/confirm", "Everybody", "POST"),
        new("/api/auth/invite", "Administrators", "POST"),
        new("/api/auth/invite/accept", "Everybody", "POST"),
        new("/api/auth/setup", "Everybody", "POST"),
        new("/api/auth/totp", "Anybody", "POST", "DELETE"),
        new("/api/auth/totp/confirm", "Anybody", "POST"),
        new("/api/auth/recovery-codes", "Anybody", "POST"),
        new("/api/auth/passkeys", "Anybody", "GET", "POST"),
        new("/api/auth/passkeys/options", "Anybody", "POST"),
        new("/api/auth/passkeys/{id}", "Anybody", "DELETE"),
        new("/api/auth/passkeys/login/options", "Everybody", "POST"),
        new("/api/auth/passkeys/login", "Everybody", "POST"),
        new("/sign-in", "Everybody", "GET", "POST"),
        new("/setup", "Everybody", "GET", "POST"),
        new("/invite", "Everybody", "GET", "POST"),
        new("/reset", "Everybody", "GET", "POST"),
        new("/api/users", "Administrators", "GET", "POST"),
        new("/api/users/{id}", "Administrators", "GET", "PATCH"),
        new("/api/users/{id}/unlock", "Administrators", "POST"),
        new("/api/users/{id}/second-factor", "Administrators", "DELETE"),
        new("/api/users/{id}/link", "Administrators", "POST"),
        new("/api/keys", "Administrators", "GET", "POST"),
        new("/api/keys/{id}", "Administrators", "GET", "DELETE"),
        new("/api/roles", "Administrators", "GET", "POST"),
        new("/api/roles/{id}", "Administrators", "GET", "PATCH", "DELETE"),
        new("/api/policies", "Administrators", "GET", "POST"),
        new("/api/policies/{id}", "Administrators", "GET", "PATCH", "DELETE"),
        new("/api/audit", "Administrators", "GET"),
        new("/api/batch", "Anybody", "POST"),
        new("/api/events", "Anybody", "GET"),
        new("/api/views", "Anybody", "GET", "POST"),
        new("/api/views/{id}", "Anybody", "GET", "PATCH", "DELETE"),
        new("/api/views/{id}/records", "Anybody", "GET"),
        new("/api/dashboard", "Anybody", "GET", "POST"),
        new("/api/dashboard/summary", "Anybody", "GET"),
        new("/api/dashboard/{id}", "Anybody", "GET", "PATCH", "DELETE"),
        new("/api/{table}/import", "Anybody", "POST"),
        new("/api/{table}/{id}/history", "Anybody", "GET"),
        new("/api/{table}/{id}/history/{version}/restore", "Anybody", "POST"),
        new("/api/trash", "Anybody", "GET", "DELETE"),
        new("/api/trash/{entry}", "Anybody", "DELETE"),
        new("/api/trash/{entry}/restore", "Anybody", "POST"),
        new("/api/changes", "Undoers", "GET"),
        new("/api/changes/{change}", "Undoers", "GET"),
        new("/api/changes/{change}/undo", "Undoers", "POST"),
        new("/api/{table}/{id?}", "Anybody", "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"),
        // Browsers get a page there; records are for those with a role all the same.
        new("/{table}/{id?}", "Everybody", "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"),
        new("{*path}", "Anybody", "GET"),
    ];
}

/// <param name="Pattern">As the server maps it.</param>
/// <param name="Gate">Whom it lets in.</param>
/// <param name="Methods">The methods it knows.</param>
public sealed record Route(string Pattern, string Gate, params string[] Methods);
