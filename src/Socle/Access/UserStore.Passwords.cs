using Microsoft.AspNetCore.Identity;
using Npgsql;
using Socle.Postgres;

namespace Socle.Access;

/// <summary>Passwords, as hashes only, and the former ones.</summary>
public sealed partial class UserStore : IUserPasswordStore<User>
{
    public Task SetPasswordHashAsync(User user, string? passwordHash, CancellationToken cancellationToken)
    {
        user.PasswordHash = passwordHash;
        return Task.CompletedTask;
    }

    public Task<string?> GetPasswordHashAsync(User user, CancellationToken cancellationToken) => Task.FromResult(user.PasswordHash);

    public Task<bool> HasPasswordAsync(User user, CancellationToken cancellationToken) => Task.FromResult(user.PasswordHash is not null);

    /// <summary>The same password under a newer hash: nothing else of the account changes.</summary>
    public Task Rehash(User user, string hash, CancellationToken cancellation) => Pool.Execute(
        "UPDATE socle_system.users SET password_hash = $2 WHERE id = $1 AND password_hash = $3", cancellation, user.Id, hash, user.PasswordHash);

    /// <summary>The present password and the former ones that may not be chosen again.</summary>
    public async Task<IReadOnlyList<string>> FormerPasswords(User user, CancellationToken cancellation)
    {
        var former = options.PasswordHistory == 0
            ? []
            : await Pool.List(
                "SELECT password_hash FROM socle_system.password_history WHERE user_id = $1 ORDER BY at DESC, id DESC LIMIT $2",
                reader => reader.GetString(0),
                cancellation,
                user.Id,
                options.PasswordHistory);
        return user.PasswordHash is null ? former : [user.PasswordHash, .. former];
    }

    /// <summary>The password that goes becomes a former one; the oldest are forgotten.</summary>
    private async Task KeepPassword(NpgsqlConnection connection, User user, CancellationToken cancellation)
    {
        await Run(
            connection,
            "INSERT INTO socle_system.password_history (user_id, password_hash) SELECT id, password_hash FROM socle_system.users WHERE id = $1 AND password_hash <> $2::text",
            user.Id,
            user.PasswordHash).ExecuteNonQueryAsync(cancellation);
        await Run(
            connection,
            """
            DELETE FROM socle_system.password_history WHERE user_id = $1 AND id NOT IN (
                SELECT id FROM socle_system.password_history WHERE user_id = $1 ORDER BY at DESC, id DESC LIMIT $2)
            """,
            user.Id,
            options.PasswordHistory).ExecuteNonQueryAsync(cancellation);
    }
}
