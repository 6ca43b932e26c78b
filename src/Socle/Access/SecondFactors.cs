using System.Collections.Immutable;
using Socle.Access.Factors;
using Socle.Auditing;
using Socle.Kernel;

namespace Socle.Access;

/// <summary>What came beside the password.</summary>
/// <param name="Code">Six digits of an authenticator.</param>
/// <param name="RecoveryCode">One of the codes for who lost it; looked at where there is no code.</param>
public sealed record SecondFactor(string? Code, string? RecoveryCode)
{
    public bool IsGiven => Code is not null || RecoveryCode is not null;

    /// <summary>From the one field of a form: an authenticator's codes are digits, the others have letters.</summary>
    public static SecondFactor FromText(string? text) =>
        text?.Any(char.IsAsciiLetter) == true ? new(null, text) : new(text, null);
}

/// <summary>
/// The authenticator of an account: set up, confirmed by a first code, asked for after the right password, and switched off.
/// Takes a code once only, and a recovery code once only; what is wrong is answered like a wrong password.
/// </summary>
public sealed class SecondFactors(SecondFactorStore store, AuditLog audit, SecretKey secretKey)
{
    private readonly SealedSecrets _secrets = new(secretKey.Derive("totp", 32));

    /// <returns>Null when nothing more is asked for, or what came is right; SecondFactorRequired when it is still to come; Unauthenticated when it is wrong.</returns>
    public async Task<Fault?> Check(User user, SecondFactor given, Caller caller, string requestId, CancellationToken cancellation)
    {
        if (user.SecondFactorAt is null)
            return null;
        if (!given.IsGiven)
            return Required;
        if (given.Code is { } code)
            return await UseCode(user.Id, code, cancellation) ? null : SignIn.Refusal;
        if (!await store.UseRecoveryCode(user.Id, given.RecoveryCode!))
            return SignIn.Refusal;
        await audit.Write(caller, requestId, AuditEvents.RecoveryCodeUsed, user.Address, actor: user.Address);
        return null;
    }

    /// <summary>A new secret, to be confirmed; until then nothing is asked for.</summary>
    public async Task<Result<byte[]>> Begin(User user, CancellationToken cancellation)
    {
        var secret = Totp.NewSecret();
        return await store.Begin(user.Id, _secrets.Seal(secret, user.Id), cancellation) ? secret : AlreadyOn;
    }

    /// <summary>The first code of the new secret switches it on.</summary>
    /// <returns>The recovery codes, shown this once.</returns>
    public async Task<Result<ImmutableArray<string>>> Confirm(User user, string code, CancellationToken cancellation)
    {
        if (await store.FindSecret(user.Id, isConfirmed: false, cancellation) is not { } kept)
            return user.SecondFactorAt is null ? NotBegun : AlreadyOn;
        if (_secrets.Open(kept, user.Id) is not { } secret || Totp.FindStep(secret, code, DateTimeOffset.UtcNow) is not { } step)
            return WrongCode;
        var codes = RecoveryCodes.New();
        return await store.Confirm(user.Id, kept, step, codes) ? codes : NotBegun;
    }

    /// <summary>A new set of recovery codes in place of the old one.</summary>
    public async Task<Result<ImmutableArray<string>>> RenewRecoveryCodes(User user)
    {
        var codes = RecoveryCodes.New();
        return await store.ReplaceRecoveryCodes(user.Id, codes) ? codes : NotOn;
    }

    public async Task<Fault?> SwitchOff(User user) => await store.Remove(user.Id) ? null : NotOn;

    private async Task<bool> UseCode(Guid user, string code, CancellationToken cancellation) =>
        await store.FindSecret(user, isConfirmed: true, cancellation) is { } kept
        && _secrets.Open(kept, user) is { } secret
        && Totp.FindStep(secret, code, DateTimeOffset.UtcNow) is { } step
        && await store.UseStep(user, kept, step);

    private static Fault Required { get; } = new(
        FaultCode.SecondFactorRequired,
        "The password is right. Send it again together with the code of your authenticator as 'code', or with a 'recoveryCode'.",
        "Le mot de passe est bon. Renvoyez-le avec le code de votre application d'authentification dans « code », ou avec un « recoveryCode ».");

    private static Fault AlreadyOn { get; } = new(
        FaultCode.Conflict,
        "This account has an authenticator already. To set up another one, switch it off first: DELETE /api/auth/totp.",
        "Ce compte a déjà une application d'authentification. Pour en installer une autre, désactivez-la d'abord : DELETE /api/auth/totp.");

    private static Fault NotBegun { get; } = new(
        FaultCode.Conflict,
        "There is no authenticator to confirm. Begin with POST /api/auth/totp.",
        "Il n'y a pas d'application d'authentification à confirmer. Commencez par POST /api/auth/totp.");

    private static Fault NotOn { get; } = new(
        FaultCode.Conflict,
        "This account has no authenticator. POST /api/auth/totp sets one up.",
        "Ce compte n'a pas d'application d'authentification. POST /api/auth/totp en installe une.");

    private static Fault WrongCode { get; } = new(
        FaultCode.InvalidValue,
        "This is not the code that the authenticator shows now. Look whether the telephone's clock is right, and send the next one.",
        "Ce n'est pas le code que l'application affiche en ce moment. Vérifiez l'heure du téléphone, et envoyez le code suivant.",
        "code");
}
