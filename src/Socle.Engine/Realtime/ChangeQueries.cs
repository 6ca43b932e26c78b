namespace Socle.Realtime;

/// <summary>What is asked of <c>socle_system.changes</c> and <c>history</c>. Each is one statement, and so sees one snapshot.</summary>
internal static class ChangeQueries
{
    /// <summary>
    /// What is there now, and the oldest transaction with changes that are new to $1 and $2 (null when there are none).
    /// The first two values are a mark: entries of any transaction later than the second have an id above the first,
    /// which is read before it. A dump brings transaction ids of another PostgreSQL; here they are in the future.
    /// </summary>
    public const string Look = """
        SELECT coalesce(pg_sequence_last_value('socle_system.history_id_seq'), 0), pg_current_xact_id(), pg_current_snapshot()::text, l.id, l.xid,
               least((SELECT c.xid FROM socle_system.changes c WHERE c.xid > $1 AND c.xid < pg_snapshot_xmax(pg_current_snapshot()) ORDER BY c.xid LIMIT 1),
                     (SELECT c.xid FROM socle_system.changes c WHERE c.xid = ANY ($2) ORDER BY c.xid LIMIT 1))
        FROM (VALUES (1)) one
        LEFT JOIN LATERAL (SELECT c.id, c.xid FROM socle_system.changes c
                           WHERE c.xid > '3'::xid8 AND c.xid < pg_snapshot_xmax(pg_current_snapshot())
                           ORDER BY c.xid DESC LIMIT 1) l ON true
        """;

    /// <summary>
    /// The next $7 entries after $1 of the tables $6 or of all, and which of them are of changes new to $2 and $3 and seen in
    /// $4 and $5. The inner limit makes PostgreSQL walk along the entries in their order, whatever it thinks of the rest.
    /// </summary>
    public const string Entries = """
        SELECT h.id, h.table_id, n.nspname::text, r.relname::text, h.key, h.operation, c.id, c.at, c.source
        FROM (SELECT e.id, e.change_id, e.table_id, e.key, e.operation
              FROM socle_system.history e
              WHERE e.id > $1 AND ($6::uuid[] IS NULL OR e.table_id = ANY ($6))
              ORDER BY e.id
              LIMIT $7) h
        LEFT JOIN socle_system.changes c ON c.id = h.change_id AND (c.xid > $2 OR c.xid = ANY ($3)) AND c.xid <= $4 AND c.xid <> ALL ($5)
        LEFT JOIN socle_system.tables t ON t.id = h.table_id
        LEFT JOIN pg_class r ON r.oid = t.relation
        LEFT JOIN pg_namespace n ON n.oid = r.relnamespace
        ORDER BY h.id
        """;

    /// <summary>
    /// What the records of the entries $1 were before them, and before the next entries of the same records. Adding 0 keeps PostgreSQL from
    /// walking along all ids.
    /// </summary>
    public const string Images = """
        SELECT h.id, i.image::text, n.id IS NOT NULL, n.image::text
        FROM socle_system.history h
        CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM socle_system.history_renames r WHERE r.table_id = h.table_id) AS is_renamed) t
        CROSS JOIN LATERAL (SELECT CASE WHEN t.is_renamed THEN socle_system.image(h.table_id, h.id, h.before) ELSE h.before END AS image) i
        LEFT JOIN LATERAL (SELECT e.id, CASE WHEN t.is_renamed THEN socle_system.image(e.table_id, e.id, e.before) ELSE e.before END AS image
                           FROM socle_system.history e
                           WHERE e.key = h.key AND e.table_id = h.table_id AND e.id + 0 > h.id
                           ORDER BY e.id + 0 LIMIT 1) n ON true
        WHERE h.id = ANY ($1)
        """;

    /// <summary>An id below the entries of all changes new to $1 and $2 and not above $3; null when there are none. Adding 0 keeps PostgreSQL from walking along all ids.</summary>
    public const string Floor = """
        SELECT min(h.id + 0) - 1
        FROM socle_system.history h
        WHERE h.change_id >= (SELECT min(c.id::text)::uuid FROM socle_system.changes c WHERE (c.xid > $1 OR c.xid = ANY ($2)) AND c.xid <= $3)
        """;

    /// <summary>The transactions of the changes $1. Transaction 3 is that of changes from before a restore.</summary>
    public const string Transactions = """
        SELECT c.id, c.xid FROM socle_system.changes c
        WHERE c.id = ANY ($1) AND c.xid > '3'::xid8 AND c.xid < pg_snapshot_xmax(pg_current_snapshot())
        """;

    /// <summary>After a restore from a dump the changes have the transaction ids of another PostgreSQL, which would come up here again some day.</summary>
    public const string Restore = """
        UPDATE socle_system.changes SET xid = '3'
        WHERE EXISTS (SELECT FROM socle_system.changes c WHERE c.xid >= pg_snapshot_xmax(pg_current_snapshot()))
        """;

    public const string KeptTables = """
        SELECT t.id, n.nspname::text, r.relname::text
        FROM socle_system.tables t
        JOIN pg_class r ON r.oid = t.relation
        JOIN pg_namespace n ON n.oid = r.relnamespace
        WHERE t.has_history
        """;

    /// <summary>Tells the other servers; $1 is who tells.</summary>
    public const string Tell = "SELECT pg_notify('socle_changes', $1)";
}
