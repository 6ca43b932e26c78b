using System.Text.Json;
using System.Text.Json.Nodes;
using Socle.Access;
using Socle.Access.Tokens;
using Socle.Auditing;
using Socle.Http;
using Socle.Kernel;

namespace Socle.Features.Auth;

/// <summary>In by password, and on by refresh token.</summary>
internal static class SignInRoutes
{
    public static async Task Login(AccountCall call)
    {
        if (await call.ReadBody() is not { } body)
            return;

        var credentials = ReadCredentials(body);
        var wantsCookie = body.Switch("cookie") == true;
        if (!body.Faults.IsEmpty)
        {
            await call.Refuse(body.Faults);
            return;
        }

        var user = call.Get<RateLimits>().SignIn(call.Caller.Address, credentials.Said) is { } tooMany
            ? tooMany
            : await call.Get<SignIn>().Run(credentials, call.Caller, call.RequestId, maybeExpired: false, call.Cancellation);
        if (user.IsFault)
            await call.Refuse(user.Faults);
        else
            await Start(call, user.Value, wantsCookie);
    }

    /// <summary>The session of somebody who proved who they are, as a cookie or as tokens.</summary>
    public static async Task Start(AccountCall call, User user, bool wantsCookie)
    {
        var sessions = call.Get<Sessions>();
        var session = await sessions.Start(user.Id, call.Caller.Address, call.Context.Request.Headers.UserAgent, call.Cancellation);
        await call.Get<AuditLog>().Write(call.Caller with { UserId = user.Id }, call.RequestId, AuditEvents.SignedIn, user.Address, actor: user.Address);
        if (wantsCookie)
        {
            call.Get<SessionTokens>().SetCookie(call.Context, user.Id, session);
            var csrf = call.Get<CsrfTokens>().Make(session);
            await EnvelopeAnswers.WriteObject(call.Context, json =>
            {
                json.WriteString("csrfToken"u8, csrf);
                json.WriteNumber("expiresIn"u8, (int)call.Get<AccessOptions>().SessionTimeout.TotalSeconds);
                WriteUser(json, user);
            });
            return;
        }

        await WriteTokens(call, user, session, await sessions.IssueRefreshToken(session, call.Cancellation));
    }

    public static async Task Refresh(AccountCall call)
    {
        if (await call.ReadBody() is not { } body)
            return;
        var token = body.Required("refreshToken");
        var faults = body.Faults;
        if (faults.IsEmpty && call.Get<RateLimits>().UseLink(call.Caller.Address) is { } tooMany)
            faults = [tooMany];
        if (!faults.IsEmpty)
        {
            await call.Refuse(faults);
            return;
        }

        var refreshed = await call.Get<Sessions>().Refresh(token, call.Cancellation);
        var user = refreshed is null ? null : await call.Get<Accounts>().Find(refreshed.User);
        if (refreshed is { WasReused: true })
            await call.Note(AuditEvents.TokenReused, user?.Address, new JsonObject { ["session"] = refreshed.Session }, user?.Address);
        if (refreshed?.RefreshToken is { } next && user is { IsDisabled: false })
            await WriteTokens(call, user, refreshed.Session, next);
        else
            await call.Refuse(SessionOver);
    }

    /// <summary>Who somebody says to be; a body that does not say so gets its fault there.</summary>
    public static Credentials ReadCredentials(BodyReader body)
    {
        var (email, username) = (body.Text("email"), body.Text("username"));
        if ((email is null) == (username is null))
            body.Refuse(new Fault(FaultCode.Required, "Send 'email' or 'username', one of them.", "Envoyez « email » ou « username », l'un des deux.", "email"));
        return new Credentials(email, username, body.Required("password", 4096), new SecondFactor(body.Text("code"), body.Text("recoveryCode")));
    }

    private static Task WriteTokens(AccountCall call, User user, Guid session, string refreshToken)
    {
        var tokens = call.Get<SessionTokens>();
        return EnvelopeAnswers.WriteObject(call.Context, json =>
        {
            json.WriteString("accessToken"u8, tokens.SignAccess(user.Id, session));
            json.WriteString("tokenType"u8, "Bearer");
            json.WriteNumber("expiresIn"u8, (int)tokens.AccessLasts.TotalSeconds);
            json.WriteString("refreshToken"u8, refreshToken);
            WriteUser(json, user);
        });
    }

    private static void WriteUser(Utf8JsonWriter json, User user)
    {
        json.WriteStartObject("user"u8);
        UserJson.WriteOwn(json, user);
        json.WriteEndObject();
    }

    private static Fault SessionOver { get; } = new(
        FaultCode.Unauthenticated,
        "This refresh token is not valid, or no longer. Sign in again.",
        "Ce jeton de renouvellement n'est pas valable, ou ne l'est plus. Reconnectez-vous.");
}
