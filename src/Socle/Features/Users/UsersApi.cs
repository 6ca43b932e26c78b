using System.Text.Json.Nodes;
using Socle.Access;
using Socle.Auditing;
using Socle.Http;
using Socle.Kernel;

namespace Socle.Features.Users;

/// <summary><c>/api/users</c>: administrators look after accounts. Nobody can take away the last active administrator.</summary>
public static class UsersApi
{
    public static void MapUsers(this WebApplication app)
    {
        app.MapAccounts("/api/users", GateKind.Administrators, ("GET", List), ("POST", Create));
        app.MapAccounts("/api/users/{id}", GateKind.Administrators, ("GET", Get), ("PATCH", UserChange.Run));
        app.MapAccounts("/api/users/{id}/unlock", GateKind.Administrators, ("POST", Unlock));
        app.MapAccounts("/api/users/{id}/second-factor", GateKind.Administrators, ("DELETE", SecondFactorReset.Run));
        app.MapAccounts("/api/users/{id}/link", GateKind.Administrators, ("POST", MakeLink));
    }

    public static async Task<User?> Find(AccountCall call) =>
        call.Id() is { } id ? await call.Get<Accounts>().Find(id) : null;

    public static Task Answer(AccountCall call, User? user, int status = StatusCodes.Status200OK) =>
        user is null ? call.Refuse(UserFaults.NotFound) : EnvelopeAnswers.WriteObject(call.Context, json => UserJson.Write(json, user), status);

    private static async Task List(AccountCall call)
    {
        call.Allow("q", "limit", "offset");
        var (limit, offset) = (call.Limit(), call.Offset());
        if (!call.Faults.IsEmpty)
        {
            await call.Refuse(call.Faults);
            return;
        }

        var users = await call.Get<UserStore>().List(call.Text("q"), limit, offset, call.Cancellation);
        await EnvelopeAnswers.WriteList(call.Context, users, UserJson.Write, limit, offset);
    }

    private static async Task Get(AccountCall call) => await Answer(call, await Find(call));

    private static async Task Create(AccountCall call)
    {
        if (await call.ReadBody() is not { } body)
            return;
        var asked = new User
        {
            Email = body.Text("email"),
            Username = body.Text("username"),
            Name = body.Text("name") ?? "",
            Role = body.Required("role"),
            Language = body.Choice("language", ("fr", Language.French), ("en", Language.English)) ?? Language.French,
        };
        var password = body.Text("password", 4096);
        var created = body.Faults.IsEmpty ? await call.Get<Accounts>().Create(asked, password) : body.Faults;
        if (created.IsFault)
        {
            await call.Refuse(created.Faults);
            return;
        }

        await call.Get<LiveAccounts>().Reload(CancellationToken.None);
        await call.Note(AuditEvents.UserCreated, asked.Address, new JsonObject { ["role"] = asked.Role });
        await Answer(call, await call.Get<Accounts>().Find(asked.Id), StatusCodes.Status201Created);
    }

    private static async Task Unlock(AccountCall call)
    {
        if (await Find(call) is not { } user)
        {
            await call.Refuse(UserFaults.NotFound);
            return;
        }

        await call.Get<SignInAttempts>().Unlock(user.Id);
        await call.Note(AuditEvents.UserUnlocked, user.Address);
        await Answer(call, await call.Get<Accounts>().Find(user.Id));
    }

    /// <summary>A link for somebody who gets no mail: to choose a first password, or another one.</summary>
    private static async Task MakeLink(AccountCall call)
    {
        if (await Find(call) is not { IsDisabled: false } user)
        {
            await call.Refuse(UserFaults.NotFound);
            return;
        }

        var mail = call.Get<LinkMail>();
        var link = await mail.Make(user, call.PublicAddress());
        await call.Note(AuditEvents.LinkMade, user.Address);
        await EnvelopeAnswers.WriteObject(
            call.Context,
            json =>
            {
                json.WriteString("link"u8, link.ToString());
                json.WriteMoment("expiresAt", mail.ExpiryFor(user));
            },
            StatusCodes.Status201Created);
    }
}
