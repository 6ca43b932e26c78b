using Npgsql;
using Socle.Postgres;

namespace Socle.History;

/// <summary>
/// Forgets what is older than it is to be remembered. A deleted record goes with all its versions when its time in the trash is over;
/// what is in the trash stays until then. One server does it at a time, in small transactions.
/// </summary>
public static class HistoryPurge
{
    private const int ChangesAtOnce = 500;

    /// <summary>The advisory lock of the server that purges: "purge" in ASCII.</summary>
    private const long Lock = 0x7075726765;

    private const string IsInTrash = """
        (h.operation = 'D' AND NOT EXISTS (SELECT FROM socle_system.history n WHERE n.key = h.key AND n.table_id = h.table_id AND n.id > h.id))
        """;

    private const string OldChanges = "SELECT c.id FROM socle_system.changes c WHERE c.at < $1 AND c.id > $2 ORDER BY c.id LIMIT $3";

    private const string PurgeTrash = $"""
        DELETE FROM socle_system.history p
        USING socle_system.history h
        WHERE h.change_id = ANY ($1) AND {IsInTrash} AND p.key = h.key AND p.table_id = h.table_id
        """;

    private const string PurgeHistory = $"DELETE FROM socle_system.history h WHERE h.change_id = ANY ($1) AND NOT {IsInTrash}";

    /// <param name="history">How long versions are remembered; zero is for ever.</param>
    /// <param name="trash">How long deleted records stay in the trash; zero is for ever.</param>
    /// <returns>How many entries went.</returns>
    public static async Task<long> Run(NpgsqlDataSource dataSource, TimeSpan history, TimeSpan trash, CancellationToken cancellation)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellation);
        if (!(await connection.Query("SELECT pg_try_advisory_lock($1) AND to_regclass('socle_system.history') IS NOT NULL", row => row.GetBoolean(0), cancellation, Lock))[0])
            return 0;
        try
        {
            var purged = trash > TimeSpan.Zero ? await Purge(connection, trash, PurgeTrash, cancellation) : 0;
            return purged + (history > TimeSpan.Zero ? await Purge(connection, history, PurgeHistory, cancellation) : 0);
        }
        finally
        {
            await connection.Execute("SELECT pg_advisory_unlock_all()", CancellationToken.None);
        }
    }

    private static async Task<long> Purge(NpgsqlConnection connection, TimeSpan age, string statement, CancellationToken cancellation)
    {
        var (purged, last) = (0L, Guid.Empty);
        while (true)
        {
            var changes = await connection.Query(OldChanges, row => row.GetGuid(0), cancellation, DateTime.UtcNow - age, last, ChangesAtOnce);
            if (changes.Count == 0)
                return purged;
            purged += await connection.Execute(statement, cancellation, changes.ToArray());
            last = changes[^1];
        }
    }
}
