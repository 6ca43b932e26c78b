using Socle.Access.Tokens;
using Socle.Http;
using Socle.Kernel;

namespace Socle.Access;

/// <summary>
/// The door: credentials → <see cref="Caller"/>, which every room behind it finds among the request's features. Refuses credentials that do
/// not hold; they are never taken for none. Routes marked <see cref="WithoutCredentials"/> look at none.
/// </summary>
public sealed class Authentication(RequestDelegate next, AccessOptions options, DoorOptions door, ServerState state, LiveAccounts live, SessionTokens tokens, CsrfTokens csrf, Sessions sessions, LastUses uses)
{
    public Task InvokeAsync(HttpContext context)
    {
        // Before the accounts are read nobody can be known, and nothing is served anyway.
        var credentials = !state.IsReady || context.GetEndpoint()?.Metadata.GetMetadata<WithoutCredentials>() is not null ? default : CallerCredentials.Find(context.Request);
        return credentials.Kind switch
        {
            CredentialKind.None => LetIn(context, new Caller(Languages.Of(context.Request), options.AnonymousRole)),
            CredentialKind.AccessToken => tokens.Verify(credentials.Text, JwtClaims.Access) is { } claims ? ByToken(context, claims) : Refuse(context),
            CredentialKind.ApiKey => ByKey(context, credentials.Text),
            CredentialKind.Cookie => ByCookie(context, credentials.Text),
            _ => Refuse(context),
        };
    }

    private Task ByToken(HttpContext context, JwtClaims claims)
    {
        if (FindUser(claims) is not { } user)
            return Refuse(context);
        uses.NoteSession(claims.Session);
        return LetIn(context, CallerOf(context, user, claims));
    }

    private Task ByKey(HttpContext context, string text)
    {
        if (ApiKeys.PrefixOf(text) is not { } prefix
            || live.Current.FindKey(prefix) is not { } key
            || !OpaqueTokens.Matches(text, key.Hash)
            || key.ExpiresAt <= DateTimeOffset.UtcNow)
        {
            return Refuse(context);
        }

        uses.NoteKey(key.Id);
        return LetIn(context, new Caller(Languages.Of(context.Request), key.Role) { Name = KnownKey.NamePrefix + key.Prefix });
    }

    private async Task ByCookie(HttpContext context, string text)
    {
        if (tokens.Verify(text, JwtClaims.Cookie) is not { } claims
            || FindUser(claims) is not { } user
            || (tokens.IsDue(claims) && !await sessions.Prolong(claims.Session, context.RequestAborted)))
        {
            SessionTokens.RemoveCookie(context);
            if (IsNavigation(context.Request))
                context.Response.Redirect($"/sign-in?next={Uri.EscapeDataString(context.Request.Path + context.Request.QueryString)}");
            else
                await Refuse(context);
            return;
        }

        if (RefuseWrite(context, claims.Session) is { } fault)
        {
            await FaultAnswers.Write(context, fault);
            return;
        }

        if (tokens.IsDue(claims))
            tokens.SetCookie(context, claims.Subject, claims.Session);
        context.Features.Set(new CookieSession(claims.Session));
        await LetIn(context, CallerOf(context, user, claims));
    }

    private KnownUser? FindUser(JwtClaims claims)
    {
        var accounts = live.Current;
        return accounts.IsRevoked(claims.Session) ? null : accounts.FindUser(claims.Subject);
    }

    /// <summary>The cookie comes with whatever a page makes the browser send: a write must prove that it comes from a page that could read our answers.</summary>
    private Fault? RefuseWrite(HttpContext context, Guid session)
    {
        var method = context.Request.Method;
        if (HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method))
            return null;
        return context.Request.Headers[CsrfHeader] is [{ } token] && csrf.Check(session, token) ? CrossSite.Refuse(context, door) : NoCsrfToken;
    }

    /// <summary>Somebody at a browser who was away too long is asked to sign in, not told of a cookie.</summary>
    private static bool IsNavigation(HttpRequest request) => HttpMethods.IsGet(request.Method) && Formats.WantsHtml(request);

    private static Caller CallerOf(HttpContext context, KnownUser user, JwtClaims claims) =>
        new(Languages.Of(context.Request), user.Role, user.Id) { Name = user.Address, SessionId = claims.Session };

    private Task LetIn(HttpContext context, Caller caller)
    {
        context.Features.Set(caller with { Address = context.Connection.RemoteIpAddress });
        return next(context);
    }

    private static Task Refuse(HttpContext context) => FaultAnswers.Write(context, BadCredentials);

    private const string CsrfHeader = "X-CSRF-Token";

    private static Fault BadCredentials { get; } = new(
        FaultCode.Unauthenticated,
        "This token, key or cookie is not valid, or no longer. Sign in again, or leave it out.",
        "Ce jeton, cette clé ou ce cookie n'est pas valable, ou ne l'est plus. Reconnectez-vous, ou ne l'envoyez pas.");

    private static Fault NoCsrfToken { get; } = new(
        FaultCode.Forbidden,
        $"A write with the browser's cookie needs the header {CsrfHeader} with the csrfToken that the sign-in gave; GET /api/auth/me gives it again.",
        $"Une écriture avec le cookie du navigateur demande l'en-tête {CsrfHeader} avec le csrfToken donné à la connexion ; GET /api/auth/me le redonne.");
}

/// <summary>On a route: credentials are not looked at, so that whoever comes with old ones can get new ones.</summary>
public sealed class WithoutCredentials;

/// <summary>The session whose cookie let the request in.</summary>
public sealed record CookieSession(Guid Session);
