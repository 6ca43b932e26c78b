using System.Buffers.Text;
using System.Text.Json.Nodes;
using Socle.Access;
using Socle.Auditing;
using Socle.Http;
using Socle.Kernel;

namespace Socle.Features.Auth;

/// <summary><c>/api/auth/passkeys</c>: one's own passkeys, and in by one of them.</summary>
internal static class PasskeyRoutes
{
    private const int LongestName = 100;

    public static void MapPasskeys(this WebApplication app)
    {
        app.MapPeople("/api/auth/passkeys", ("GET", List), ("POST", Add));
        app.MapPeople("/api/auth/passkeys/options", ("POST", AskToAdd));
        app.MapPeople("/api/auth/passkeys/{id}", ("DELETE", Remove));
        app.MapOpen("/api/auth/passkeys/login/options", AskToSignIn);
        app.MapOpen("/api/auth/passkeys/login", SignIn);
    }

    private static async Task AskToAdd(AccountCall call)
    {
        if (await call.ReadBody() is not { } body)
            return;
        var user = await Reauthentication.ByPassword(call, body);
        await Answer(call, user.IsFault ? user.Faults : await call.Get<Passkeys>().AskToAdd(user.Value, call.Context));
    }

    private static async Task Add(AccountCall call)
    {
        if (await call.ReadBody() is not { } body)
            return;
        var (state, credential, name) = (body.Required("state"), body.RequiredObject("credential"), body.Required("name", LongestName));
        var faults = body.Faults;
        var added = faults.IsEmpty ? await call.Get<Passkeys>().Add(call.UserId, state, credential, name, call.Context) : faults;
        if (added.IsFault)
        {
            await call.Refuse(added.Faults);
            return;
        }

        await call.Note(AuditEvents.PasskeyAdded, call.Caller.Name, new JsonObject { ["name"] = name });
        await EnvelopeAnswers.WriteObject(
            call.Context,
            json =>
            {
                json.WriteString("id"u8, Base64Url.EncodeToString(added.Value.CredentialId));
                json.WriteString("name"u8, name);
            },
            StatusCodes.Status201Created);
    }

    private static async Task List(AccountCall call) => await EnvelopeAnswers.WriteList(
        call.Context,
        await call.Get<UserStore>().ListPasskeys(call.UserId, call.Cancellation),
        (json, passkey) =>
        {
            json.WriteString("id"u8, Base64Url.EncodeToString(passkey.Id));
            json.WriteString("name"u8, passkey.Name);
            json.WriteBoolean("backedUp"u8, passkey.IsBackedUp);
            json.WriteMoment("createdAt", passkey.CreatedAt);
            json.WriteMoment("lastUsedAt", passkey.LastUsedAt);
        });

    private static async Task Remove(AccountCall call)
    {
        var id = (string)call.Context.Request.RouteValues["id"]!;
        if (!Base64Url.IsValid(id) || await call.Get<UserStore>().RemovePasskey(call.UserId, Base64Url.DecodeFromChars(id)) is not { } name)
        {
            await call.Refuse(NotFound);
            return;
        }

        await call.Note(AuditEvents.PasskeyRemoved, call.Caller.Name, new JsonObject { ["name"] = name });
        await EnvelopeAnswers.WriteObject(call.Context, json => json.WriteString("id"u8, id));
    }

    private static async Task AskToSignIn(AccountCall call) => await Answer(
        call,
        call.Get<RateLimits>().UseLink(call.Caller.Address) is { } tooMany ? tooMany : await call.Get<Passkeys>().AskToSignIn(call.Context));

    private static async Task SignIn(AccountCall call)
    {
        if (await call.ReadBody() is not { } body)
            return;
        var (state, credential) = (body.Required("state"), body.RequiredObject("credential"));
        var wantsCookie = body.Switch("cookie") == true;
        var faults = body.Faults;
        if (faults.IsEmpty && call.Get<RateLimits>().UsePasskey(call.Caller.Address) is { } tooMany)
            faults = [tooMany];
        if (!faults.IsEmpty)
        {
            await call.Refuse(faults);
            return;
        }

        var user = await call.Get<Passkeys>().SignIn(state, credential, call.Context);
        if (!user.IsFault)
        {
            await SignInRoutes.Start(call, user.Value, wantsCookie);
            return;
        }

        await call.Note(AuditEvents.SignInRefused, detail: new JsonObject { ["by"] = "passkey" });
        await call.Refuse(user.Faults);
    }

    private static Task Answer(AccountCall call, Result<PasskeyQuestion> question) => question.IsFault
        ? call.Refuse(question.Faults)
        : EnvelopeAnswers.WriteObject(call.Context, json =>
        {
            json.WriteString("state"u8, question.Value.State);
            json.WritePropertyName("publicKey"u8);
            json.WriteRawValue(question.Value.Options);
        });

    private static Fault NotFound { get; } = new(
        FaultCode.NotFound,
        "You have no such passkey. GET /api/auth/passkeys lists yours.",
        "Vous n'avez pas de telle clé d'accès. GET /api/auth/passkeys liste les vôtres.");
}
