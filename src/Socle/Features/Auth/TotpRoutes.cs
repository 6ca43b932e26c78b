using System.Collections.Immutable;
using Socle.Access;
using Socle.Access.Factors;
using Socle.Auditing;
using Socle.Http;
using Socle.Kernel;

namespace Socle.Features.Auth;

/// <summary><c>/api/auth/totp</c> and <c>/api/auth/recovery-codes</c>: one's own authenticator. Switching it on or off ends one's other sessions.</summary>
internal static class TotpRoutes
{
    public static void MapTotp(this WebApplication app)
    {
        app.MapPeople("/api/auth/totp", ("POST", Begin), ("DELETE", SwitchOff));
        app.MapPeople("/api/auth/totp/confirm", ("POST", Confirm));
        app.MapPeople("/api/auth/recovery-codes", ("POST", RenewRecoveryCodes));
    }

    private static async Task Begin(AccountCall call)
    {
        if (await call.ReadBody() is not { } body)
            return;
        var user = await Reauthentication.ByPassword(call, body);
        var secret = user.IsFault ? user.Faults : await call.Get<SecondFactors>().Begin(user.Value, call.Cancellation);
        if (secret.IsFault)
        {
            await call.Refuse(secret.Faults);
            return;
        }

        await EnvelopeAnswers.WriteObject(call.Context, json =>
        {
            json.WriteString("secret"u8, Base32.Encode(secret.Value));
            json.WriteString("uri"u8, Totp.AddressFor(secret.Value, Issuer(call.PublicAddress()), user.Value.Address));
        });
    }

    private static async Task Confirm(AccountCall call)
    {
        if (await call.ReadBody() is not { } body)
            return;
        var code = body.Required("code");
        var faults = body.Faults;
        if (faults.IsEmpty && call.Get<RateLimits>().UseLink(call.Caller.Address) is { } tooMany)
            faults = [tooMany];
        var user = faults.IsEmpty ? await call.Get<Accounts>().Find(call.UserId) : null;
        if (faults.IsEmpty && user is null)
            faults = [Gate.Unauthenticated];
        var codes = faults.IsEmpty ? await call.Get<SecondFactors>().Confirm(user!, code, call.Cancellation) : faults;
        if (!codes.IsFault)
            await call.Get<Sessions>().RevokeAll(call.UserId, except: call.Caller.SessionId);
        await Answer(call, codes, AuditEvents.SecondFactorOn);
    }

    private static async Task RenewRecoveryCodes(AccountCall call)
    {
        if (await call.ReadBody() is not { } body)
            return;
        var user = await Reauthentication.Fully(call, body);
        var codes = user.IsFault ? user.Faults : await call.Get<SecondFactors>().RenewRecoveryCodes(user.Value);
        await Answer(call, codes, AuditEvents.RecoveryCodesMade);
    }

    private static async Task SwitchOff(AccountCall call)
    {
        if (await call.ReadBody() is not { } body)
            return;
        var user = await Reauthentication.Fully(call, body);
        if (user.IsFault)
        {
            await call.Refuse(user.Faults);
            return;
        }

        if (await call.Get<SecondFactors>().SwitchOff(user.Value) is { } fault)
        {
            await call.Refuse(fault);
            return;
        }

        await call.Get<Sessions>().RevokeAll(call.UserId, except: call.Caller.SessionId);
        await call.Note(AuditEvents.SecondFactorOff, user.Value.Address);
        await EnvelopeAnswers.WriteObject(call.Context, _ => { });
    }

    private static async Task Answer(AccountCall call, Result<ImmutableArray<string>> codes, string what)
    {
        if (codes.IsFault)
        {
            await call.Refuse(codes.Faults);
            return;
        }

        await call.Note(what, call.Caller.Name);
        await EnvelopeAnswers.WriteObject(call.Context, json =>
        {
            json.WriteStartArray("recoveryCodes"u8);
            foreach (var code in codes.Value)
                json.WriteStringValue(code);
            json.WriteEndArray();
        });
    }

    /// <summary>What the app shows above the code: somebody may have accounts on several of our servers.</summary>
    private static string Issuer(Uri address) => address.HostNameType == UriHostNameType.Dns ? address.Host : "Socle";
}
