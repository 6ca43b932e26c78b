using Socle.FieldTypes;

namespace Socle.Catalog;

/// <summary>What the snapshot reads from pg_catalog and, where there are any, from Socle's own tables. $1 is the list of served schemas.</summary>
internal static class CatalogQueries
{
    /// <summary>Served by default: every schema that is neither PostgreSQL's, an extension's nor Socle's, and that the user may look into. public comes first.</summary>
    public const string Schemas = """
        SELECT n.nspname::text
        FROM pg_namespace n
        WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND n.nspname !~ '^socle_(system|aside)'
          AND has_schema_privilege(n.oid, 'USAGE')
          AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_namespace'::regclass AND d.objid = n.oid AND d.deptype = 'e')
        ORDER BY n.nspname <> 'public', n.nspname
        """;

    /// <summary>Socle's own accounts, of which everybody may see who they are.</summary>
    public const string Accounts = "socle_system.users";

    /// <summary>What may be seen of accounts, and of files by whom policies let read them.</summary>
    private const string SeenOfOwn = $"""
        CASE a.attrelid WHEN to_regclass('{Accounts}') THEN a.attname IN ('id', 'name', 'email')
                        WHEN to_regclass('{FileField.Files}') THEN a.attname IN ('id', 'name', 'size', 'content_type', 'sha256', 'created_at', 'url')
                        ELSE true END
        """;

    /// <summary>Those of the schemas $1 that are there to be looked into, in the same order.</summary>
    public const string NamedSchemas = """
        SELECT n.nspname::text
        FROM unnest($1) WITH ORDINALITY s (name, position)
        JOIN pg_namespace n ON n.nspname = s.name
        WHERE has_schema_privilege(n.oid, 'USAGE')
        ORDER BY s.position
        """;

    public const string HasSystemSchema = """
        SELECT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                       WHERE n.nspname = 'socle_system' AND c.relname = 'fields'
                         AND has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT'))
        """;

    /// <summary>With -1 a type that is never without a length, such as character, is named by what it is without one.</summary>
    public const string Types = """
        SELECT t.oid, format_type(t.oid, -1), t.typtype::"char", t.typcategory::"char", t.typelem, t.typbasetype,
               (SELECT array_agg(e.enumlabel::text ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid)
        FROM pg_type t
        WHERE t.typtype <> 'p' AND $1::text[] IS NOT NULL
        """;

    private const string ServedRelations = """
        FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = ANY ($1) AND (n.nspname <> 'socle_system' OR c.relname IN ('users', 'files')) AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
          AND has_any_column_privilege(c.oid, 'SELECT')
          AND NOT EXISTS (SELECT FROM pg_depend d
                          WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
        """;

    private const string NoTables = "(SELECT NULL::uuid AS id, NULL::oid AS relation, NULL::oid AS relation_oid, NULL::text AS label_en, NULL::text AS label_fr, NULL::text[] AS search, NULL::boolean AS has_history WHERE false)";

    private const string NoFields = "(SELECT NULL::uuid AS table_id, NULL::text AS name, NULL::text AS type, NULL::jsonb AS settings, NULL::text AS label_en, NULL::text AS label_fr, NULL::smallint AS attnum, NULL::integer AS position WHERE false)";

    private const string KeptTimestamps = """
        EXISTS (SELECT FROM pg_trigger g
                JOIN pg_proc p ON p.oid = g.tgfoid AND p.proname = 'set_updated_at'
                JOIN pg_namespace pn ON pn.oid = p.pronamespace AND pn.nspname = 'socle_system'
                WHERE g.tgrelid = a.attrelid)
        """;

    /// <summary>
    /// pg_relation_is_updatable gives bits by command: 4 update, 8 insert, 16 delete; what the user may do is another matter.
    /// </summary>
    public static string Tables(bool hasSystemSchema) => $"""
        SELECT s.oid, s.nspname::text, s.relname::text, s.relkind::"char",
               s.commands & 8 <> 0 AND s.nspname <> 'socle_system' AND has_any_column_privilege(s.oid, 'INSERT'),
               s.commands & 4 <> 0 AND s.nspname <> 'socle_system' AND has_any_column_privilege(s.oid, 'UPDATE'),
               m.label_en, m.label_fr, m.search,
               s.commands & 16 <> 0 AND s.nspname <> 'socle_system' AND has_table_privilege(s.oid, 'DELETE'), coalesce(m.has_history, false)
        FROM (SELECT c.oid, n.nspname, c.relname, c.relkind, pg_relation_is_updatable(c.oid, true) AS commands {ServedRelations}) s
        LEFT JOIN {(hasSystemSchema ? "socle_system.tables" : NoTables)} m ON m.relation = s.oid
        ORDER BY array_position($1, s.nspname::text), s.relname
        """;

    /// <summary>
    /// A field is the column of its number, so that a rename in psql leaves it its label; after a restore the numbers may be
    /// others, and names hold. Columns moved aside are hidden.
    /// </summary>
    public static string Columns(bool hasSystemSchema) => $"""
        SELECT a.attrelid, a.attname::text, a.atttypid, format_type(a.atttypid, a.atttypmod), a.attnotnull,
               CASE WHEN a.attgenerated <> '' THEN NULL
                    WHEN a.attidentity <> '' THEN format('nextval(%L::regclass)', pg_get_serial_sequence(a.attrelid::regclass::text, a.attname))
                    ELSE pg_get_expr(d.adbin, d.adrelid) END,
               a.attgenerated <> '' OR a.attidentity = 'a',
               f.type, f.settings::text, f.label_en, f.label_fr, a.attidentity <> '',
               a.attname IN ('created_at', 'updated_at') AND {KeptTimestamps}, f.name, f.position
        FROM pg_attribute a
        LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        LEFT JOIN {(hasSystemSchema ? "socle_system.tables" : NoTables)} m ON m.relation = a.attrelid
        LEFT JOIN {(hasSystemSchema ? "socle_system.fields" : NoFields)} f ON f.table_id = m.id
             AND CASE WHEN m.relation_oid = m.relation::oid AND f.attnum IS NOT NULL THEN f.attnum = a.attnum ELSE f.name = a.attname END
        WHERE a.attnum > 0 AND NOT a.attisdropped AND NOT starts_with(a.attname, 'socle_aside_') AND has_column_privilege(a.attrelid, a.attnum, 'SELECT')
          AND a.attrelid IN (SELECT c.oid {ServedRelations})
          AND {SeenOfOwn}
        ORDER BY a.attrelid, f.position NULLS LAST, a.attnum
        """;

    /// <summary>Lookups and rollups are no columns.</summary>
    public static string Computed(bool hasSystemSchema) => $"""
        SELECT m.relation::oid, f.name, f.type, f.settings::text, f.label_en, f.label_fr, f.position
        FROM {(hasSystemSchema ? "socle_system.tables" : NoTables)} m
        JOIN {(hasSystemSchema ? "socle_system.fields" : NoFields)} f ON f.table_id = m.id AND f.type IN ('lookup', 'rollup')
        WHERE m.relation IN (SELECT c.oid {ServedRelations})
        ORDER BY m.relation, f.position NULLS LAST, f.name
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

    private const string ForeignColumns = """
        ARRAY(SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY u (attnum, position)
              JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.attnum ORDER BY u.position)
        """;

    private const string OwnColumns = """
        ARRAY(SELECT a.attname::text FROM unnest(coalesce(k.conkey, '{}')) WITH ORDINALITY u (attnum, position)
              JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.attnum ORDER BY u.position)
        """;

    /// <summary>A partitioned table has the foreign keys that each of its partitions has.</summary>
    public const string Constraints = $"""
        SELECT q.relation, q.names[1], q.columns, q.target, t.relname::text, tn.nspname::text, q.target_columns, q.names
        FROM (SELECT k.conrelid AS relation, ARRAY[k.conname::text] AS names, {OwnColumns} AS columns, k.confrelid AS target, {ForeignColumns} AS target_columns
              FROM pg_constraint k
              WHERE k.contype IN ('f', 'c', 'x') AND k.conparentid = 0 AND k.conrelid IN (SELECT c.oid {ServedRelations})
              UNION ALL
              SELECT p.inhparent, array_agg(p.name ORDER BY p.name), p.columns, p.confrelid, p.target_columns
              FROM (SELECT h.inhparent, h.inhrelid, k.conname::text AS name, {OwnColumns} AS columns, k.confrelid, {ForeignColumns} AS target_columns
                    FROM pg_inherits h
                    JOIN pg_class part ON part.oid = h.inhrelid AND part.relispartition
                    JOIN pg_constraint k ON k.conrelid = h.inhrelid AND k.contype = 'f' AND k.conparentid = 0
                    WHERE h.inhparent IN (SELECT c.oid {ServedRelations})) p
              GROUP BY p.inhparent, p.columns, p.confrelid, p.target_columns
              HAVING count(DISTINCT p.inhrelid) = (SELECT count(*) FROM pg_inherits h WHERE h.inhparent = p.inhparent)) q
        LEFT JOIN pg_class t ON t.oid = q.target
        LEFT JOIN pg_namespace tn ON tn.oid = t.relnamespace
        ORDER BY q.relation, q.names
        """;
}
