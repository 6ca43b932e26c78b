namespace Socle.Catalog;

/// <summary>What the snapshot reads from pg_catalog. $1 is the served schema.</summary>
internal static class CatalogQueries
{
    public const string Types = """
        SELECT t.oid, format_type(t.oid, NULL), t.typtype::"char", t.typcategory::"char", t.typelem, t.typbasetype,
               (SELECT array_agg(e.enumlabel::text ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid)
        FROM pg_type t
        WHERE t.typtype <> 'p' AND $1::text IS NOT NULL
        """;

    private const string ServedRelations = """
        FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = $1 AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
          AND NOT EXISTS (SELECT FROM pg_depend d
                          WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
        """;

    /// <summary>pg_relation_is_updatable gives bits by command: 4 update, 8 insert, 16 delete.</summary>
    public const string Tables = $"""
        SELECT s.oid, s.nspname::text, s.relname::text, s.relkind::"char",
               pg_relation_is_updatable(s.oid, true) & 8 <> 0, pg_relation_is_updatable(s.oid, true) & 20 = 20,
               m.label_en, m.label_fr, m.search, coalesce(m.has_history, false)
        FROM (SELECT c.oid, n.nspname, c.relname, c.relkind {ServedRelations}) s
        LEFT JOIN socle_system.tables m ON m.relation = s.oid
        """;

    public const string Columns = $"""
        SELECT a.attrelid, a.attname::text, a.atttypid, format_type(a.atttypid, a.atttypmod), a.attnotnull,
               CASE WHEN a.attgenerated <> '' THEN NULL
                    WHEN a.attidentity <> '' THEN format('nextval(%L::regclass)', pg_get_serial_sequence(a.attrelid::regclass::text, a.attname))
                    ELSE pg_get_expr(d.adbin, d.adrelid) END,
               a.attgenerated <> '' OR a.attidentity = 'a',
               f.type, f.settings::text, f.label_en, f.label_fr, a.attidentity <> ''
        FROM pg_attribute a
        LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        LEFT JOIN socle_system.tables m ON m.relation = a.attrelid
        LEFT JOIN socle_system.fields f ON f.table_id = m.id AND f.name = a.attname
        WHERE a.attnum > 0 AND NOT a.attisdropped
          AND a.attrelid IN (SELECT c.oid {ServedRelations})
        ORDER BY a.attrelid, a.attnum
        """;

    /// <summary>Columns of an index on expressions are those that its expressions depend on.</summary>
    public const string Uniques = $"""
        SELECT i.indrelid, x.relname::text,
               CASE WHEN i.indexprs IS NULL
                    THEN (SELECT array_agg(a.attname::text ORDER BY k.position)
                          FROM unnest(i.indkey::int2[]) WITH ORDINALITY k (attnum, position)
                          JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
                          WHERE k.position <= i.indnkeyatts)
                    ELSE (SELECT coalesce(array_agg(DISTINCT a.attname::text), '{"{}"}')
                          FROM pg_depend p
                          JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = p.refobjsubid
                          WHERE p.classid = 'pg_class'::regclass AND p.objid = i.indexrelid
                            AND p.refclassid = 'pg_class'::regclass AND p.refobjid = i.indrelid AND p.refobjsubid > 0)
               END,
               i.indexprs IS NULL AND i.indpred IS NULL, i.indisprimary,
               CASE WHEN i.indpred IS NULL
                    THEN (SELECT string_agg(CASE WHEN k.attnum = 0 THEN '(' || pg_get_indexdef(i.indexrelid, k.position::int, true) || ')'
                                                 ELSE pg_get_indexdef(i.indexrelid, k.position::int, true) END, ', ' ORDER BY k.position)
                          FROM unnest(i.indkey::int2[]) WITH ORDINALITY k (attnum, position)
                          WHERE k.position <= i.indnkeyatts) END
        FROM pg_index i
        JOIN pg_class x ON x.oid = i.indexrelid
        WHERE i.indisunique AND i.indislive AND i.indrelid IN (SELECT c.oid {ServedRelations})
        ORDER BY i.indrelid, i.indisprimary DESC, x.relname
        """;

    public const string Constraints = $"""
        SELECT k.conrelid, k.conname::text,
               ARRAY(SELECT a.attname::text FROM unnest(coalesce(k.conkey, '{"{}"}')) WITH ORDINALITY u (attnum, position)
                     JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.attnum ORDER BY u.position),
               CASE WHEN k.contype = 'f' THEN t.relname::text END,
               ARRAY(SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY u (attnum, position)
                     JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.attnum ORDER BY u.position)
        FROM pg_constraint k
        LEFT JOIN pg_class t ON t.oid = k.confrelid
        LEFT JOIN pg_namespace tn ON tn.oid = t.relnamespace
        WHERE k.contype IN ('f', 'c', 'x') AND (k.contype <> 'f' OR tn.nspname = $1)
          AND k.conrelid IN (SELECT c.oid {ServedRelations})
          AND k.conparentid = 0
        ORDER BY k.conrelid, k.conname
        """;
}
