using Microsoft.AspNetCore.Identity;
using Npgsql;
using Socle.Http;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.Access;

/// <summary>
/// Identity's accounts in socle_system.users. Refuses an address that is another's, a role that does not exist, what would
/// leave no active administrator, and to write over what somebody changed meanwhile.
/// </summary>
public sealed partial class UserStore(Database database, AccessOptions options) : IUserEmailStore<User>, IUserSecurityStampStore<User>
{
    private const string Select = $"SELECT {User.Columns} FROM socle_system.users";

    /// <summary>Held while an administrator may go, so that two of them cannot each be the other's reason: "admin" in ASCII.</summary>
    private const string AdminLock = "SELECT pg_advisory_xact_lock(418296719726)";

    private const string IsLastAdmin = """
        SELECT NOT EXISTS (
            SELECT FROM socle_system.users u JOIN socle_system.roles r ON r.name = u.role
            WHERE r.is_admin AND NOT u.is_disabled AND u.id <> $1)
        AND EXISTS (
            SELECT FROM socle_system.users u JOIN socle_system.roles r ON r.name = u.role
            WHERE r.is_admin AND NOT u.is_disabled AND u.id = $1)
        AND ($3 OR NOT coalesce((SELECT is_admin FROM socle_system.roles WHERE name = $2), false))
        """;

    private NpgsqlDataSource Pool => database.Requests;

    public async Task<IdentityResult> CreateAsync(User user, CancellationToken cancellationToken)
    {
        try
        {
            await Pool.Execute(
                """
                INSERT INTO socle_system.users (id, email, username, name, role, language, password_hash, password_changed_at, security_stamp)
                VALUES ($1, $2::text, $3::text, $4, $5, $6, $7::text, CASE WHEN $7::text IS NULL THEN NULL ELSE now() END, $8)
                """,
                cancellationToken,
                user.Id,
                user.Email,
                user.Username,
                user.Name,
                user.Role,
                Languages.TagOf(user.Language),
                user.PasswordHash,
                user.SecurityStamp);
            return IdentityResult.Success;
        }
        catch (PostgresException exception) when (UserFaults.Find(exception, user) is { } fault)
        {
            return FaultError.Refuse(fault);
        }
    }

    public async Task<IdentityResult> UpdateAsync(User user, CancellationToken cancellationToken)
    {
        await using var connection = await Pool.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await Run(connection, AdminLock).ExecuteNonQueryAsync(cancellationToken);
        if ((bool)(await Run(connection, IsLastAdmin, user.Id, user.Role, user.IsDisabled).ExecuteScalarAsync(cancellationToken))!)
            return FaultError.Refuse(UserFaults.LastAdmin);
        try
        {
            await KeepPassword(connection, user, cancellationToken);
            if (await Update(connection, user, cancellationToken) == 0)
                return FaultError.Refuse(UserFaults.ChangedMeanwhile);
        }
        catch (PostgresException exception) when (UserFaults.Find(exception, user) is { } fault)
        {
            return FaultError.Refuse(fault);
        }

        await transaction.CommitAsync(cancellationToken);
        user.ReadStamp = user.SecurityStamp;
        return IdentityResult.Success;
    }

    public async Task<IdentityResult> DeleteAsync(User user, CancellationToken cancellationToken)
    {
        user.IsDisabled = true;
        var disabled = await UpdateAsync(user, cancellationToken);
        if (disabled.Succeeded)
            await Pool.Execute("DELETE FROM socle_system.users WHERE id = $1", cancellationToken, user.Id);
        return disabled;
    }

    public Task<User?> FindByIdAsync(string userId, CancellationToken cancellationToken) =>
        Guid.TryParseExact(userId, "D", out var id) ? Pool.Find($"{Select} WHERE id = $1", User.Read, cancellationToken, id) : Task.FromResult<User?>(null);

    public Task<User?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) =>
        Pool.Find($"{Select} WHERE lower(username) = lower($1)", User.Read, cancellationToken, normalizedUserName);

    public Task<User?> FindByEmailAsync(string normalizedEmail, CancellationToken cancellationToken) =>
        Pool.Find($"{Select} WHERE lower(email) = lower($1)", User.Read, cancellationToken, normalizedEmail);

    /// <summary>By name; those in whose name or address the text is found.</summary>
    public Task<List<User>> List(string? text, int limit, long offset, CancellationToken cancellation) => Pool.List(
        $"""
        {Select}
        WHERE $1::text IS NULL OR strpos(lower(concat_ws(' ', name, email, username)), lower($1::text)) > 0
        ORDER BY lower(name), lower(coalesce(email, username)), id LIMIT $2 OFFSET $3
        """,
        User.Read,
        cancellation,
        text,
        limit,
        offset);

    public async Task<bool> HasActiveAdmin(CancellationToken cancellation) => (await Pool.List(
        "SELECT FROM socle_system.users u JOIN socle_system.roles r ON r.name = u.role WHERE r.is_admin AND NOT u.is_disabled LIMIT 1", _ => true, cancellation)).Count > 0;

    public void Dispose()
    {
        // Nothing is held between calls.
    }

    private static Task<int> Update(NpgsqlConnection connection, User user, CancellationToken cancellation) => Run(
        connection,
        """
        UPDATE socle_system.users SET
            email = $2::text, username = $3::text, name = $4, role = $5, language = $6, is_disabled = $7, security_stamp = $8,
            password_changed_at = CASE WHEN password_hash IS DISTINCT FROM $9::text THEN now() ELSE password_changed_at END,
            password_hash = $9::text
        WHERE id = $1 AND security_stamp = $10
        """,
        user.Id,
        user.Email,
        user.Username,
        user.Name,
        user.Role,
        Languages.TagOf(user.Language),
        user.IsDisabled,
        user.SecurityStamp,
        user.PasswordHash,
        user.ReadStamp).ExecuteNonQueryAsync(cancellation);

    private static NpgsqlCommand Run(NpgsqlConnection connection, string sql, params object?[] values) => new NpgsqlCommand(sql, connection).With(values);
}
