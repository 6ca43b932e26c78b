using Microsoft.AspNetCore.Identity;
using Socle.Access.Passwords;
using Socle.Kernel;

namespace Socle.Access;

/// <summary>Whether a password may be somebody's: by the rules, and not one of their former ones.</summary>
internal sealed class PasswordValidator(UserStore store, PasswordHashes hashes) : IPasswordValidator<User>
{
    public async Task<IdentityResult> ValidateAsync(UserManager<User> manager, User user, string? password)
    {
        var faults = PasswordRules.Check(password ?? "", NeedsLonger(user), PersonalWords(user));
        if (!faults.IsEmpty)
            return FaultError.Refuse(faults);
        var former = await store.FormerPasswords(user, CancellationToken.None);
        var verdicts = await Task.WhenAll(former.Select(hash => hashes.Verify(hash, password!, CancellationToken.None)));
        return verdicts.Any(verdict => verdict != PasswordVerdict.Wrong) ? FaultError.Refuse(UsedBefore) : IdentityResult.Success;
    }

    /// <summary>An administrator's password alone must hold more than one beside a second factor.</summary>
    private static bool NeedsLonger(User user) => user.Role == Caller.Admin && user.SecondFactorAt is null;

    private static IEnumerable<string> PersonalWords(User user) =>
        new[] { user.Email, user.Username, user.Name }.OfType<string>().Where(word => word.Length > 0);

    private static Fault UsedBefore { get; } = new(
        FaultCode.WeakPassword,
        "This password was used before. Choose another one.",
        "Ce mot de passe a déjà servi. Choisissez-en un autre.",
        "password");
}
