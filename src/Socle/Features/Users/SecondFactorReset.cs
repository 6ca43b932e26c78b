using Socle.Access;
using Socle.Auditing;
using Socle.Http;

namespace Socle.Features.Users;

/// <summary><c>DELETE /api/users/{id}/second-factor</c>: for who lost the telephone and the recovery codes. The password alone opens the account again; all sessions end.</summary>
internal static class SecondFactorReset
{
    public static async Task Run(AccountCall call)
    {
        if (await UsersApi.Find(call) is not { } user)
        {
            await call.Refuse(UserFaults.NotFound);
            return;
        }

        if (await call.Get<SecondFactorStore>().RemoveAll(user.Id))
        {
            await call.Get<Sessions>().RevokeAll(user.Id);
            await call.Note(AuditEvents.SecondFactorReset, user.Address);
        }

        await UsersApi.Answer(call, await call.Get<Accounts>().Find(user.Id));
    }
}
