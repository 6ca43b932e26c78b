namespace Socle.Postgres;

/// <summary>Words for transactions that wait for busy tables in short tries.</summary>
internal static class LockWaits
{
    /// <summary>
    /// PostgreSQL ends the autovacuum that stands in somebody's way, but looks for one only when the wait has lasted for deadlock_timeout, a
    /// second. Superusers may shorten that, for their transaction; then it is also they who are thrown out of a deadlock, and no reader.
    /// </summary>
    public const string EndAutovacuum = "SELECT set_config('deadlock_timeout', '50ms', true) FROM pg_roles WHERE rolname = current_user AND rolsuper";
}
