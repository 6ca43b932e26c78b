using Npgsql;
using Socle.Postgres;

namespace Socle.Access;

/// <summary>Forgets sessions, refresh tokens and links a month after their end; the audit still tells of them.</summary>
public static class OldCredentials
{
    public static Task Purge(NpgsqlDataSource pool, CancellationToken cancellation) => pool.Execute(
        """
        WITH tokens AS (DELETE FROM socle_system.refresh_tokens WHERE used_at < now() - interval '30 days'),
             links AS (DELETE FROM socle_system.account_links WHERE expires_at < now() - interval '30 days')
        DELETE FROM socle_system.sessions WHERE expires_at < now() - interval '30 days'
        """,
        cancellation);
}
