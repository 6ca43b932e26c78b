using System.Text.Json.Nodes;
using Socle.Access;
using Socle.Auditing;
using Socle.Http;
using Socle.Kernel;

namespace Socle.Features.Auth;

/// <summary>Links that work once: invitations, new passwords, the first administrator.</summary>
internal static class LinkRoutes
{
    private const int LongestPassword = 4096;

    /// <summary>Makes an account without a password and the link to choose one; for somebody who was invited before, a new link.</summary>
    public static async Task Invite(AccountCall call)
    {
        if (await call.ReadBody() is not { } body)
            return;

        var asked = new User
        {
            Email = body.Required("email"),
            Name = body.Text("name") ?? "",
            Role = body.Required("role"),
            Language = body.Choice("language", ("fr", Language.French), ("en", Language.English)) ?? Language.French,
        };
        var faults = body.Faults;
        if (faults.IsEmpty && call.Get<RateLimits>().Invite(call.Caller.Address, asked.Email) is { } tooMany)
            faults = [tooMany];
        var invited = faults.IsEmpty ? await FindOrCreate(call, asked) : faults;
        if (invited.IsFault)
            await call.Refuse(invited.Faults);
        else
            await WriteInvitation(call, invited.Value);
    }

    public static async Task ChoosePassword(AccountCall call, LinkPurpose purpose)
    {
        if (await call.ReadBody() is not { } body)
            return;
        var (token, password) = (body.Required("token"), body.Required("password", LongestPassword));
        var faults = FaultsOf(call, body);
        var done = faults.IsEmpty ? await call.Get<Enrolment>().ChoosePassword(purpose, token, password, call.Caller, call.RequestId) : faults;
        await Answer(call, done);
    }

    public static async Task SetUp(AccountCall call)
    {
        if (await call.ReadBody() is not { } body)
            return;

        var (token, password) = (body.Required("token"), body.Required("password", LongestPassword));
        var admin = new User
        {
            Email = body.Required("email"),
            Username = body.Text("username"),
            Name = body.Text("name") ?? "",
            Role = Caller.Admin,
            Language = body.Choice("language", ("fr", Language.French), ("en", Language.English)) ?? call.Caller.Language,
        };
        var faults = FaultsOf(call, body);
        await Answer(call, faults.IsEmpty ? await call.Get<Enrolment>().SetUp(token, admin, password, call.Caller, call.RequestId) : faults);
    }

    private static System.Collections.Immutable.ImmutableArray<Fault> FaultsOf(AccountCall call, BodyReader body) =>
        !body.Faults.IsEmpty ? body.Faults
        : call.Get<RateLimits>().UseLink(call.Caller.Address) is { } tooMany ? [tooMany]
        : [];

    private static Task Answer(AccountCall call, Result<User> done) =>
        done.IsFault ? call.Refuse(done.Faults) : EnvelopeAnswers.WriteObject(call.Context, json => UserJson.WriteOwn(json, done.Value));

    private static async Task<Result<User>> FindOrCreate(AccountCall call, User asked)
    {
        var accounts = call.Get<Accounts>();
        if (await accounts.Find(asked.Email, username: null) is { PasswordHash: null } waiting)
            return waiting;
        var created = await accounts.Create(asked, password: null);
        if (!created.IsFault)
            await call.Get<LiveAccounts>().Reload(CancellationToken.None);
        return created;
    }

    private static async Task WriteInvitation(AccountCall call, User user)
    {
        var (mail, address) = (call.Get<LinkMail>(), call.PublicAddress());
        var link = await mail.Make(user, address);
        var isSent = await mail.Send(user, address, link, call.Cancellation);
        await call.Note(AuditEvents.UserInvited, user.Address, new JsonObject { ["role"] = user.Role, ["sent"] = isSent });
        await EnvelopeAnswers.WriteObject(
            call.Context,
            json =>
            {
                json.WriteStartObject("user"u8);
                UserJson.Write(json, user);
                json.WriteEndObject();
                json.WriteBoolean("sent"u8, isSent);
                json.WriteString("link"u8, link.ToString());
                json.WriteMoment("expiresAt", mail.ExpiryFor(user));
            },
            StatusCodes.Status201Created);
    }
}
