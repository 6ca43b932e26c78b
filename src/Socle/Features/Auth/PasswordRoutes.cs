using Socle.Access;
using Socle.Access.Mail;
using Socle.Auditing;
using Socle.Http;
using Socle.Kernel;

namespace Socle.Features.Auth;

/// <summary>Another password: by the present one, or by a link for who forgot it.</summary>
internal static class PasswordRoutes
{
    public static async Task Change(AccountCall call)
    {
        if (await call.ReadBody() is not { } body)
            return;

        var isSignedIn = call.Caller.UserId is not null;
        var me = isSignedIn ? await call.Get<Accounts>().Find(call.UserId) : null;
        var credentials = isSignedIn
            ? new Credentials(me?.Email, me?.Email is null ? me?.Username : null, body.Required("password", 4096), Second: null)
            : SignInRoutes.ReadCredentials(body);
        var wanted = body.Required("newPassword", 4096);
        if (!body.Faults.IsEmpty)
            await call.Refuse(body.Faults);
        else if (call.Get<RateLimits>().SignIn(call.Caller.Address, credentials.Said) is { } tooMany)
            await call.Refuse(tooMany);
        else
            await Change(call, credentials, wanted);
    }

    private static async Task Change(AccountCall call, Credentials credentials, string wanted)
    {
        var user = await call.Get<SignIn>().Run(credentials, call.Caller, call.RequestId, maybeExpired: true, call.Cancellation);
        var changed = user.IsFault ? user : await call.Get<Accounts>().SetPassword(user.Value, wanted);
        if (changed.IsFault)
        {
            await call.Refuse([.. changed.Faults.Select(fault => fault.Field == "password" ? fault with { Field = "newPassword" } : fault)]);
            return;
        }

        await call.Get<Sessions>().RevokeAll(changed.Value.Id, except: call.Caller.SessionId);
        await call.Get<AuditLog>().Write(call.Caller with { UserId = changed.Value.Id }, call.RequestId, AuditEvents.PasswordChanged, changed.Value.Address, actor: changed.Value.Address);
        await EnvelopeAnswers.WriteObject(call.Context, _ => { });
    }

    /// <summary>Answers before it looks whether there is such an account: neither the answer nor its time tells.</summary>
    public static async Task AskForLink(AccountCall call)
    {
        if (await call.ReadBody() is not { } body)
            return;
        var email = body.Required("email");
        var faults = body.Faults;
        if (faults.IsEmpty && !call.Get<MailSender>().IsConfigured)
            faults = [NoMail];
        if (faults.IsEmpty && call.Get<RateLimits>().Reset(call.Caller.Address, email) is { } tooMany)
            faults = [tooMany];
        if (!faults.IsEmpty)
        {
            await call.Refuse(faults);
            return;
        }

        call.Get<LinkMail>().AskForReset(email, call.PublicAddress(), call.Caller, call.RequestId);
        await EnvelopeAnswers.WriteObject(call.Context, json => json.WriteString("message"u8, OnItsWay.In(call.Caller.Language)));
    }

    private static Text OnItsWay { get; } = new(
        "If there is an account with this address, a mail with a link is on its way.",
        "S'il existe un compte à cette adresse, un message avec un lien est en route.");

    private static Fault NoMail { get; } = new(
        FaultCode.Conflict,
        "This server sends no mail. Ask an administrator for a link.",
        "Ce serveur n'envoie pas de courrier. Demandez un lien à un administrateur.");
}
