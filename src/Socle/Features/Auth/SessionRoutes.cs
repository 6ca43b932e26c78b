using System.Text.Json.Nodes;
using Socle.Access;
using Socle.Access.Tokens;
using Socle.Auditing;
using Socle.Catalog;
using Socle.Http;
using Socle.Kernel;

namespace Socle.Features.Auth;

/// <summary>Who I am, where I am signed in, and how I leave.</summary>
internal static class SessionRoutes
{
    public static async Task Me(AccountCall call)
    {
        if (await call.Get<Accounts>().Find(call.UserId) is not { } user)
        {
            await call.Refuse(Gate.Unauthenticated);
            return;
        }

        var cookie = call.Context.Features.Get<CookieSession>();
        await EnvelopeAnswers.WriteObject(call.Context, json =>
        {
            UserJson.WriteOwn(json, user);
            json.WriteBoolean("secondFactor"u8, user.SecondFactorAt is not null);
            json.WriteMoment("passwordChangedAt", user.PasswordChangedAt);
            if (cookie is not null)
                json.WriteString("csrfToken"u8, call.Get<CsrfTokens>().Make(cookie.Session));
        });
    }

    public static async Task Logout(AccountCall call)
    {
        await call.Get<Sessions>().Revoke(call.Caller.SessionId!.Value, call.UserId);
        await call.Note(AuditEvents.SignedOut, call.Caller.Name);
        SessionTokens.RemoveCookie(call.Context);
        await EnvelopeAnswers.WriteObject(call.Context, _ => { });
    }

    public static async Task List(AccountCall call)
    {
        var sessions = await call.Get<Sessions>().List(call.UserId, call.Cancellation);
        await EnvelopeAnswers.WriteList(call.Context, sessions, (json, session) =>
        {
            json.WriteString("id"u8, session.Id);
            json.WriteBoolean("current"u8, session.Id == call.Caller.SessionId);
            json.WriteString("address"u8, session.Address?.ToString());
            json.WriteString("agent"u8, session.Agent);
            json.WriteMoment("createdAt", session.CreatedAt);
            json.WriteMoment("lastUsedAt", session.LastUsedAt);
            json.WriteMoment("expiresAt", session.ExpiresAt);
        });
    }

    /// <summary>One's own; administrators end anybody's.</summary>
    public static async Task Revoke(AccountCall call)
    {
        var isAdmin = call.Get<LiveCatalog>().Current.Access.FindRole(call.Caller.Role) is { IsAdmin: true };
        if (call.Id() is not { } id || !await call.Get<Sessions>().Revoke(id, isAdmin ? null : call.UserId))
        {
            await call.Refuse(NoSession);
            return;
        }

        await call.Note(AuditEvents.SessionRevoked, call.Caller.Name, new JsonObject { ["session"] = id });
        if (id == call.Caller.SessionId)
            SessionTokens.RemoveCookie(call.Context);
        await EnvelopeAnswers.WriteObject(call.Context, json => json.WriteString("id"u8, id));
    }

    private static Fault NoSession { get; } = new(
        FaultCode.NotFound,
        "There is no such session, or it is over. GET /api/auth/sessions lists yours.",
        "Il n'y a pas de telle session, ou elle est finie. GET /api/auth/sessions liste les vôtres.");
}
