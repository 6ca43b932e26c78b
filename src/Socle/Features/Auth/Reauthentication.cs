using Socle.Access;
using Socle.Http;
using Socle.Kernel;

namespace Socle.Features.Auth;

/// <summary>Who has signed in proves again who they are, before they change how it is proved: a session that was left open is not enough.</summary>
internal static class Reauthentication
{
    /// <summary>The password that the body brings; a session stands for the second factor.</summary>
    public static Task<Result<User>> ByPassword(AccountCall call, BodyReader body) => Run(call, body, body.Required("password", 4096), second: null);

    /// <summary>The password and, where there is an authenticator, its code or a recovery code.</summary>
    public static Task<Result<User>> Fully(AccountCall call, BodyReader body) =>
        Run(call, body, body.Required("password", 4096), new SecondFactor(body.Text("code"), body.Text("recoveryCode")));

    private static async Task<Result<User>> Run(AccountCall call, BodyReader body, string password, SecondFactor? second)
    {
        if (!body.Faults.IsEmpty)
            return body.Faults;
        if (await call.Get<Accounts>().Find(call.UserId) is not { } user)
            return Gate.Unauthenticated;
        var credentials = new Credentials(user.Email, user.Email is null ? user.Username : null, password, second);
        return call.Get<RateLimits>().SignIn(call.Caller.Address, credentials.Said) is { } tooMany
            ? tooMany
            : await call.Get<SignIn>().Run(credentials, call.Caller, call.RequestId, maybeExpired: true, call.Cancellation);
    }
}
