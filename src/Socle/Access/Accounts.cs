using System.Collections.Immutable;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Socle.Access.Passwords;
using Socle.Kernel;

namespace Socle.Access;

/// <summary>
/// Identity's manager of accounts: creates them, checks and changes their passwords. Gives faults in both languages where
/// Identity gives errors; who may ask is decided at the doors.
/// </summary>
public sealed class Accounts(
    UserStore store,
    PasswordHashes hashes,
    IOptions<IdentityOptions> options,
    IPasswordHasher<User> hasher,
    IEnumerable<IUserValidator<User>> userValidators,
    IEnumerable<IPasswordValidator<User>> passwordValidators,
    ILookupNormalizer normalizer,
    IdentityErrorDescriber errors,
    IServiceProvider services,
    ILogger<UserManager<User>> logger)
    : UserManager<User>(store, options, hasher, userValidators, passwordValidators, normalizer, errors, services, logger)
{
    /// <summary>By e-mail address or user name, whichever is given; null where there is none such.</summary>
    public async Task<User?> Find(string? email, string? username) =>
        email is not null ? await FindByEmailAsync(email) : username is not null ? await FindByNameAsync(username) : null;

    public Task<User?> Find(Guid id) => FindByIdAsync(id.ToString());

    /// <summary>Whether the password is theirs, after the same work when there is nobody. A hash of another program or of former days is made anew.</summary>
    public async Task<bool> HasPassword(User? user, string password, CancellationToken cancellation)
    {
        var verdict = await hashes.Verify(user?.PasswordHash, password, cancellation);
        if (verdict == PasswordVerdict.RightButOld)
            await store.Rehash(user!, hashes.Hash(password), cancellation);
        return verdict != PasswordVerdict.Wrong;
    }

    /// <summary>What is wrong with a password for this account; empty when nothing is.</summary>
    public async Task<ImmutableArray<Fault>> CheckPassword(User user, string password)
    {
        var faults = ImmutableArray.CreateBuilder<Fault>();
        foreach (var validator in PasswordValidators)
            faults.AddRange(FaultError.FaultsOf(await validator.ValidateAsync(this, user, password)));
        return faults.ToImmutable();
    }

    /// <param name="password">Null for somebody who is invited to choose one.</param>
    public async Task<Result<User>> Create(User user, string? password) =>
        Answer(user, password is null ? await CreateAsync(user) : await CreateAsync(user, password));

    /// <summary>Sets another password, whatever the former one.</summary>
    public async Task<Result<User>> SetPassword(User user, string password)
    {
        var changed = await UpdatePasswordHash(user, password, validatePassword: true);
        return changed.Succeeded ? await Save(user) : FaultError.FaultsOf(changed);
    }

    /// <summary>Writes the account as it now is.</summary>
    public async Task<Result<User>> Save(User user)
    {
        user.SecurityStamp = Guid.NewGuid().ToString("N");
        return Answer(user, await UpdateAsync(user));
    }

    protected override async Task<PasswordVerificationResult> VerifyPasswordAsync(IUserPasswordStore<User> store, User user, string password) =>
        await HasPassword(user, password, CancellationToken) ? PasswordVerificationResult.Success : PasswordVerificationResult.Failed;

    private static Result<User> Answer(User user, IdentityResult result) => result.Succeeded ? user : FaultError.FaultsOf(result);
}

/// <summary>Identity's way to make hashes.</summary>
internal sealed class PasswordHasher(PasswordHashes hashes) : IPasswordHasher<User>
{
    public string HashPassword(User user, string password) => hashes.Hash(password);

    /// <summary>Passwords are verified without blocking, by <see cref="Accounts.HasPassword"/>.</summary>
    public PasswordVerificationResult VerifyHashedPassword(User user, string hashedPassword, string providedPassword) => throw new NotSupportedException();
}
