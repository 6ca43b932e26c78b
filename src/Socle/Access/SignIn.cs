using System.Text.Json.Nodes;
using Socle.Access.Passwords;
using Socle.Auditing;
using Socle.Kernel;

namespace Socle.Access;

/// <summary>Who somebody says to be, and how they prove it.</summary>
/// <param name="Second">Null where a session stands for it.</param>
public sealed record Credentials(string? Email, string? Username, string Password, SecondFactor? Second)
{
    public string Said => Email ?? Username ?? "";
}

/// <summary>
/// E-mail address or user name, password and second factor → the account. Refuses with one and the same answer, after the same
/// work, who does not exist, is wrong, is locked out or disabled; who is right hears of a missing code or an expired password.
/// </summary>
public sealed class SignIn(Accounts accounts, SignInAttempts attempts, SecondFactors secondFactors, AuditLog audit, AccessOptions options)
{
    public static Fault Refusal { get; } = new(
        FaultCode.Unauthenticated,
        "These credentials do not open an account, or too many wrong ones came before. Check them, try again later, or ask for a new password.",
        "Ces identifiants n'ouvrent pas de compte, ou trop d'erreurs ont précédé. Vérifiez-les, réessayez plus tard, ou demandez un nouveau mot de passe.");

    private static Fault Expired { get; } = new(
        FaultCode.PasswordExpired,
        "Your password is too old. Choose a new one: POST /api/auth/password with your address, 'password' and 'newPassword'.",
        "Votre mot de passe est trop ancien. Choisissez-en un nouveau : POST /api/auth/password avec votre adresse, « password » et « newPassword ».");

    /// <param name="maybeExpired">Whether an expired password will do, to be changed at once.</param>
    public async Task<Result<User>> Run(Credentials credentials, Caller caller, string requestId, bool maybeExpired, CancellationToken cancellation)
    {
        var user = await accounts.Find(credentials.Email, credentials.Username);
        // Nobody has a place to wait at too.
        await using var turn = await attempts.Wait(user?.Id ?? Guid.NewGuid(), cancellation);
        var count = await attempts.Count(user?.Id ?? Guid.Empty, cancellation);
        var isKnown = user is not null && count is not null;
        var isRight = await IsRight(isKnown ? user : null, credentials.Password, cancellation) && !user!.IsDisabled;
        var fault = !isRight ? Refusal : credentials.Second is null ? null : await secondFactors.Check(user!, credentials.Second, caller, requestId, cancellation);
        if (fault is null)
        {
            // Who gave the password alone has not proved the rest: wrong codes of before still count.
            await (credentials.Second is null && user!.SecondFactorAt is not null ? attempts.GiveBack(user.Id) : attempts.Forget(user!.Id));
            if (maybeExpired || !user.IsPasswordExpired(options, DateTimeOffset.UtcNow))
                return user;
            fault = Expired;
        }
        else if (fault.Code == FaultCode.SecondFactorRequired)
        {
            await attempts.GiveBack(user!.Id);
        }

        await Note(fault, credentials, caller, requestId, isKnown && attempts.Locks(count!.Value));
        return fault;
    }

    private async Task<bool> IsRight(User? user, string password, CancellationToken cancellation)
    {
        try
        {
            return await accounts.HasPassword(user, password, cancellation);
        }
        catch (UncheckedPasswordException) when (user is not null)
        {
            // Nobody looked at the password.
            await attempts.GiveBack(user.Id);
            throw;
        }
    }

    private async Task Note(Fault fault, Credentials credentials, Caller caller, string requestId, bool locks)
    {
        var reason = fault.Code == FaultCode.Unauthenticated ? null : new JsonObject { ["reason"] = fault.Code.ToString() };
        await audit.Write(caller, requestId, AuditEvents.SignInRefused, credentials.Said, reason, credentials.Said);
        if (locks && fault.Code == FaultCode.Unauthenticated)
            await audit.Write(caller, requestId, AuditEvents.LockedOut, credentials.Said, actor: credentials.Said);
    }
}
