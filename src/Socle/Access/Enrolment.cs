using System.Text.Json.Nodes;
using Socle.Auditing;
using Socle.Kernel;

namespace Socle.Access;

/// <summary>
/// How somebody comes to a password by a link: the first administrator, who is invited, who forgot theirs. A link is used up only by a
/// password that will do; from then on sessions and lockouts of before are over.
/// </summary>
public sealed class Enrolment(Accounts accounts, UserStore store, AccountLinks links, Sessions sessions, SignInAttempts attempts, LiveAccounts live, AuditLog audit)
{
    public static Fault BadLink { get; } = new(
        FaultCode.Unauthenticated,
        "This link does not work: it was used, is too old, or was replaced by a newer one. Ask for another.",
        "Ce lien ne fonctionne pas : il a servi, est trop ancien, ou a été remplacé par un plus récent. Demandez-en un autre.");

    /// <summary>Makes the first administrator.</summary>
    public async Task<Result<User>> SetUp(string token, User admin, string password, Caller caller, string requestId)
    {
        if (await links.Find(token, LinkPurpose.Setup, CancellationToken.None) is not { } link || await store.HasActiveAdmin(CancellationToken.None))
            return BadLink;
        var faults = await accounts.CheckPassword(admin, password);
        if (!faults.IsEmpty)
            return faults;
        if (!await links.Take(link))
            return BadLink;
        var created = await accounts.Create(admin, password);
        if (created.IsFault)
        {
            await links.GiveBack(link);
            return created.Faults;
        }

        await live.Reload();
        await audit.Write(caller, requestId, AuditEvents.UserCreated, admin.Address, new JsonObject { ["role"] = admin.Role, ["by"] = "setup" }, admin.Address);
        return admin;
    }

    /// <summary>Sets the password of whom the link was made for.</summary>
    public async Task<Result<User>> ChoosePassword(LinkPurpose purpose, string token, string password, Caller caller, string requestId)
    {
        if (await links.Find(token, purpose, CancellationToken.None) is not { User: { } id } link || await accounts.Find(id) is not { IsDisabled: false } user)
            return BadLink;
        var faults = await accounts.CheckPassword(user, password);
        if (!faults.IsEmpty)
            return faults;
        if (!await links.Take(link))
            return BadLink;
        var changed = await accounts.SetPassword(user, password);
        if (changed.IsFault)
        {
            await links.GiveBack(link);
            return changed.Faults;
        }

        await attempts.Unlock(user.Id);
        await sessions.RevokeAll(user.Id);
        await audit.Write(caller, requestId, AuditEvents.PasswordReset, user.Address, new JsonObject { ["by"] = purpose.ToString().ToLowerInvariant() }, user.Address);
        return user;
    }
}
