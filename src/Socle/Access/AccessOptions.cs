using Socle.Access.Tokens;

namespace Socle.Access;

/// <summary>How accounts behave.</summary>
/// <param name="AnonymousRole">The role of callers without credentials (ANONYMOUS_ROLE); null: they may nothing.</param>
/// <param name="SecretKey">What tokens are signed with (SECRET_KEY); null: one is made and kept in the data folder.</param>
/// <param name="JwtAlgorithm">ES256 or HS256 (JWT_ALGORITHM).</param>
/// <param name="SessionTimeout">How long a session lasts without being used (SESSION_TIMEOUT, in seconds).</param>
/// <param name="MaxLoginAttempts">How many wrong passwords lock an account (MAX_LOGIN_ATTEMPTS).</param>
/// <param name="LockoutDuration">For how long (ACCOUNT_LOCKOUT_DURATION, in minutes).</param>
/// <param name="PasswordExpiry">After which age a password must be changed (PASSWORD_EXPIRY_DAYS); zero is never.</param>
/// <param name="PasswordResetTimeout">How long a link for a new password works (PASSWORD_RESET_TIMEOUT, in seconds).</param>
/// <param name="PasswordHistory">How many former passwords may not be chosen again (PASSWORD_HISTORY).</param>
public sealed record AccessOptions(
    string? AnonymousRole,
    string? SecretKey,
    JwtAlgorithm JwtAlgorithm,
    TimeSpan SessionTimeout,
    int MaxLoginAttempts,
    TimeSpan LockoutDuration,
    TimeSpan PasswordExpiry,
    TimeSpan PasswordResetTimeout,
    int PasswordHistory);
