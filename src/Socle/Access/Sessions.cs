using System.Net;
using Npgsql;
using Socle.Access.Tokens;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.Access;

/// <summary>One sign-in of one person on one device.</summary>
public sealed record Session(Guid Id, Guid UserId, DateTimeOffset CreatedAt, DateTimeOffset LastUsedAt, DateTimeOffset ExpiresAt, IPAddress? Address, string? Agent);

/// <summary>What a refresh token gave: the session with a new one, or that it was stolen.</summary>
/// <param name="RefreshToken">The next one; null when the session is at its end.</param>
/// <param name="WasReused">Whether the token had been used before: somebody has a copy, and the session was ended.</param>
public sealed record Refreshed(Guid Session, Guid User, string? RefreshToken, bool WasReused);

/// <summary>
/// Sessions and their refresh tokens. A session ends when nobody used it for SESSION_TIMEOUT, when it is revoked, and when
/// a refresh token of it comes a second time.
/// </summary>
public sealed class Sessions(Database database, AccessOptions options, LiveAccounts live)
{
    private const string RefreshPrefix = "socle_rt_";
    private const int LongestAgent = 300;

    private NpgsqlDataSource Pool => database.Requests;

    public async Task<Guid> Start(Guid user, IPAddress? address, string? agent, CancellationToken cancellation)
    {
        var id = Guid.CreateVersion7();
        await Pool.Execute(
            "INSERT INTO socle_system.sessions (id, user_id, expires_at, address, agent) VALUES ($1, $2, now() + $3, $4::inet, $5::text)",
            cancellation,
            id,
            user,
            options.SessionTimeout,
            address,
            agent is null ? null : Clip(agent));
        return id;
    }

    public async Task<string> IssueRefreshToken(Guid session, CancellationToken cancellation)
    {
        var token = OpaqueTokens.New(RefreshPrefix);
        await Pool.Execute("INSERT INTO socle_system.refresh_tokens (hash, session_id) VALUES ($1, $2)", cancellation, OpaqueTokens.Hash(token), session);
        return token;
    }

    /// <summary>Takes a refresh token for the next one. Null when nobody issued it, or its session is over.</summary>
    public async Task<Refreshed?> Refresh(string token, CancellationToken cancellation)
    {
        var hash = OpaqueTokens.Hash(token);
        await using var connection = await Pool.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        // The token's row is locked first: of two that come at once, one is the second.
        await using var find = new NpgsqlCommand(
            """
            SELECT t.session_id, s.user_id, t.used_at IS NOT NULL, s.revoked_at IS NULL AND s.expires_at > now()
            FROM socle_system.refresh_tokens t JOIN socle_system.sessions s ON s.id = t.session_id
            WHERE t.hash = $1 FOR UPDATE OF t
            """,
            connection).With(hash);
        var found = (await find.List(row => (Session: row.GetGuid(0), User: row.GetGuid(1), IsUsed: row.GetBoolean(2), IsAlive: row.GetBoolean(3)), cancellation)).FirstOrDefault();
        if (found == default || (!found.IsAlive && !found.IsUsed))
            return null;
        var next = found.IsUsed ? null : OpaqueTokens.New(RefreshPrefix);
        await using (var change = next is null ? EndOf(connection, found.Session) : NextOf(connection, hash, found.Session, next))
            await change.ExecuteNonQueryAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        if (next is null)
            await live.Reload(CancellationToken.None);
        return new Refreshed(found.Session, found.User, next, found.IsUsed);
    }

    /// <summary>Notes that the session is used; false when it is over.</summary>
    public async Task<bool> Prolong(Guid session, CancellationToken cancellation) => await Pool.Execute(
        "UPDATE socle_system.sessions SET last_used_at = now(), expires_at = now() + $2 WHERE id = $1 AND revoked_at IS NULL AND expires_at > now()",
        cancellation,
        session,
        options.SessionTimeout) == 1;

    /// <summary>Those that are not over, the last used first.</summary>
    public Task<List<Session>> List(Guid user, CancellationToken cancellation) => Pool.List(
        "SELECT id, user_id, created_at, last_used_at, expires_at, address, agent FROM socle_system.sessions WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > now() ORDER BY last_used_at DESC",
        row => new Session(
            row.GetGuid(0),
            row.GetGuid(1),
            row.GetFieldValue<DateTimeOffset>(2),
            row.GetFieldValue<DateTimeOffset>(3),
            row.GetFieldValue<DateTimeOffset>(4),
            row.Optional<IPAddress>(5),
            row.Optional<string>(6)),
        cancellation,
        user);

    /// <summary>Ends one session, at once on this server and within milliseconds on others. False when there is none such.</summary>
    /// <param name="user">Whose it must be; null is anybody's.</param>
    public async Task<bool> Revoke(Guid session, Guid? user)
    {
        var revoked = await Pool.Execute(
            "UPDATE socle_system.sessions SET revoked_at = now() WHERE id = $1 AND revoked_at IS NULL AND ($2::uuid IS NULL OR user_id = $2::uuid)",
            CancellationToken.None,
            session,
            user);
        await live.Reload();
        return revoked == 1;
    }

    /// <summary>Ends all sessions of somebody.</summary>
    /// <param name="except">The one that stays.</param>
    public async Task RevokeAll(Guid user, Guid? except = null)
    {
        await Pool.Execute(
            "UPDATE socle_system.sessions SET revoked_at = now() WHERE user_id = $1 AND revoked_at IS NULL AND id IS DISTINCT FROM $2::uuid",
            CancellationToken.None,
            user,
            except);
        await live.Reload();
    }

    private static NpgsqlCommand EndOf(NpgsqlConnection connection, Guid session) =>
        new NpgsqlCommand("UPDATE socle_system.sessions SET revoked_at = coalesce(revoked_at, now()) WHERE id = $1", connection).With(session);

    private NpgsqlCommand NextOf(NpgsqlConnection connection, byte[] hash, Guid session, string next) => new NpgsqlCommand(
        """
        WITH used AS (UPDATE socle_system.refresh_tokens SET used_at = now() WHERE hash = $1),
             prolonged AS (UPDATE socle_system.sessions SET last_used_at = now(), expires_at = now() + $4 WHERE id = $2)
        INSERT INTO socle_system.refresh_tokens (hash, session_id) VALUES ($3, $2)
        """,
        connection).With(hash, session, OpaqueTokens.Hash(next), options.SessionTimeout);

    private static string Clip(string agent)
    {
        var clean = new string([.. agent.Where(c => !char.IsControl(c) && !char.IsSurrogate(c))]);
        return clean.Length <= LongestAgent ? clean : clean[..LongestAgent];
    }
}
