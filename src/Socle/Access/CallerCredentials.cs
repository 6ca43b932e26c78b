using Microsoft.Net.Http.Headers;

namespace Socle.Access;

public enum CredentialKind
{
    None,
    AccessToken,
    ApiKey,
    Cookie,

    /// <summary>Something is there that no door knows.</summary>
    Unknown,
}

/// <summary>What a request brings to be let in: Authorization, X-Api-Key or the cookie, in this order; the first that is there counts.</summary>
public readonly record struct CallerCredentials(CredentialKind Kind, string Text)
{
    private const string Bearer = "Bearer ";
    private const string KeyBeginning = "socle_";

    public static CallerCredentials Find(HttpRequest request)
    {
        var authorization = request.Headers.Authorization;
        if (authorization.Count > 0)
            return authorization is [{ } text] ? ReadAuthorization(text) : new(CredentialKind.Unknown, "");
        var key = request.Headers["X-Api-Key"];
        if (key.Count > 0)
            return key is [{ } sent] ? new(CredentialKind.ApiKey, sent.Trim()) : new(CredentialKind.Unknown, "");
        return request.Headers.ContainsKey(HeaderNames.Cookie) && request.Cookies.TryGetValue(SessionTokens.CookieName, out var cookie)
            ? new(CredentialKind.Cookie, cookie)
            : default;
    }

    private static CallerCredentials ReadAuthorization(string text)
    {
        if (!text.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
            return new(CredentialKind.Unknown, "");
        var token = text[Bearer.Length..].Trim();
        return new(token.StartsWith(KeyBeginning, StringComparison.Ordinal) ? CredentialKind.ApiKey : CredentialKind.AccessToken, token);
    }
}
