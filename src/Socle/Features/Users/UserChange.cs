using System.Text.Json.Nodes;
using Socle.Access;
using Socle.Auditing;
using Socle.Http;
using Socle.Kernel;

namespace Socle.Features.Users;

/// <summary><c>PATCH /api/users/{id}</c>: name, address, language, role, disabled. What it takes away is gone before the answer.</summary>
internal static class UserChange
{
    public static async Task Run(AccountCall call)
    {
        if (await call.ReadBody() is not { } body)
            return;
        if (await UsersApi.Find(call) is not { } user)
        {
            await call.Refuse(UserFaults.NotFound);
            return;
        }

        var (formerRole, wasDisabled) = (user.Role, user.IsDisabled);
        Apply(body, user);
        var saved = body.Faults.IsEmpty ? await call.Get<Accounts>().Save(user) : body.Faults;
        if (saved.IsFault)
        {
            await call.Refuse(saved.Faults);
            return;
        }

        if (user.IsDisabled)
            await call.Get<Sessions>().RevokeAll(user.Id);
        await call.Get<LiveAccounts>().Reload(CancellationToken.None);
        await Note(call, user, formerRole, wasDisabled);
        await UsersApi.Answer(call, await call.Get<Accounts>().Find(user.Id));
    }

    private static void Apply(BodyReader body, User user)
    {
        // An address may be taken away by null, as long as another one stays.
        var (email, username) = (body.Text("email"), body.Text("username"));
        user.Email = body.Has("email") ? email : user.Email;
        user.Username = body.Has("username") ? username : user.Username;
        user.Name = body.Text("name") ?? user.Name;
        user.Role = body.Text("role") ?? user.Role;
        user.Language = body.Choice("language", ("fr", Language.French), ("en", Language.English)) ?? user.Language;
        user.IsDisabled = body.Switch("disabled") ?? user.IsDisabled;
    }

    private static async Task Note(AccountCall call, User user, string formerRole, bool wasDisabled)
    {
        if (user.Role != formerRole)
            await call.Note(AuditEvents.RoleChanged, user.Address, new JsonObject { ["from"] = formerRole, ["to"] = user.Role });
        if (user.IsDisabled != wasDisabled)
            await call.Note(user.IsDisabled ? AuditEvents.UserDisabled : AuditEvents.UserEnabled, user.Address);
        if (user.Role == formerRole && user.IsDisabled == wasDisabled)
            await call.Note(AuditEvents.UserChanged, user.Address);
    }
}
