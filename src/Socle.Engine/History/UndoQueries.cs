namespace Socle.History;

/// <summary>What an undo asks of the history. $1 is the change set.</summary>
internal static class UndoQueries
{
    public const string Entries = """
        SELECT h.id, min(h.id) OVER (PARTITION BY h.table_id, h.key), h.table_id, h.operation
        FROM socle_system.history h
        WHERE h.change_id = $1
        ORDER BY h.id
        """;

    /// <summary>
    /// The change set that each record owes its present state to, where it was changed later. What an undo took back does not count: behind
    /// it, the walk goes on before what it took back. The sums and IS NOT DISTINCT FROM keep PostgreSQL from the other indexes: a record
    /// has few entries, while it may guess that of a change set or of all the history.
    /// </summary>
    public const string Later = """
        WITH RECURSIVE mine AS (
            SELECT h.table_id, h.key, min(h.id) AS first, max(h.id) AS last
            FROM socle_system.history h
            WHERE h.change_id = $1
            GROUP BY h.table_id, h.key),
        walk AS (
            SELECT m.first, m.table_id, m.key, l.id, l.change_id, c.undoes
            FROM mine m
            CROSS JOIN LATERAL (SELECT h.id, h.change_id FROM socle_system.history h
                                WHERE h.key = m.key AND h.table_id = m.table_id AND h.id + 0 > m.last ORDER BY h.id + 0 DESC LIMIT 1) l
            LEFT JOIN socle_system.changes c ON c.id = l.change_id
            UNION ALL
            SELECT w.first, w.table_id, w.key, p.id, p.change_id, c.undoes
            FROM walk w
            CROSS JOIN LATERAL (SELECT min(h.id + 0) AS id FROM socle_system.history h
                                WHERE h.key = w.key AND h.table_id = w.table_id AND h.change_id IS NOT DISTINCT FROM w.undoes) u
            CROSS JOIN LATERAL (SELECT h.id, h.change_id FROM socle_system.history h
                                WHERE h.key = w.key AND h.table_id = w.table_id AND h.id + 0 < u.id ORDER BY h.id + 0 DESC LIMIT 1) p
            LEFT JOIN socle_system.changes c ON c.id = p.change_id
            WHERE w.undoes <> $1 AND w.change_id <> $1)
        SELECT DISTINCT ON (w.first) w.first, w.change_id, w.undoes FROM walk w ORDER BY w.first, w.id
        """;
}
