using Socle.Kernel;

namespace Socle.Access;

/// <summary>What came beside the password.</summary>
/// <param name="Code">Six digits of an authenticator.</param>
/// <param name="RecoveryCode">One of the codes for who lost it.</param>
public sealed record SecondFactor(string? Code, string? RecoveryCode)
{
    public bool IsGiven => Code is not null || RecoveryCode is not null;
}

/// <summary>The step of a sign-in after the right password: whether the account asks for more, and whether what came is it.</summary>
public sealed class SecondFactors
{
    /// <returns>Null when nothing more is asked for, or what came is right; SecondFactorRequired when it is still to come; Unauthenticated when it is wrong.</returns>
    public Task<Fault?> Check(User user, SecondFactor given, CancellationToken cancellation) =>
        Task.FromResult(user.SecondFactorAt is null ? null : given.IsGiven ? SignIn.Refusal : Required);

    private static Fault Required { get; } = new(
        FaultCode.SecondFactorRequired,
        "The password is right. Send it again together with the code of your authenticator as 'code', or with a 'recoveryCode'.",
        "Le mot de passe est bon. Renvoyez-le avec le code de votre application d'authentification dans « code », ou avec un « recoveryCode ».");
}
