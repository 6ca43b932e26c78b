using Socle.FieldTypes;

namespace Socle.Schema;

/// <summary>What a difference needs of pg_catalog and of Socle's metadata. $1 is the schema, $2 the tables; described tables of the schema come along.</summary>
internal static class ActualSchemaQueries
{
    private const string Relations = """
        FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = $1 AND c.relkind IN ('r', 'p')
          AND (c.relname = ANY ($2) OR EXISTS (SELECT FROM socle_system.tables d WHERE d.relation = c.oid))
        """;

    /// <summary>tgtype 19 is BEFORE, UPDATE, FOR EACH ROW (src/include/catalog/pg_trigger.h).</summary>
    public const string Tables = $"""
        SELECT r.oid, r.relname::text,
               ARRAY(SELECT a.attname::text
                     FROM pg_index i
                     CROSS JOIN unnest(i.indkey::int2[]) WITH ORDINALITY k (attnum, position)
                     JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum = k.attnum
                     WHERE i.indrelid = r.oid AND i.indisprimary AND k.position <= i.indnkeyatts
                     ORDER BY k.position),
               EXISTS (SELECT FROM pg_trigger t
                       WHERE t.tgrelid = r.oid AND t.tgtype = 19 AND t.tgenabled IN ('O', 'A') AND t.tgqual IS NULL
                         AND t.tgfoid = 'socle_system.set_updated_at()'::regprocedure),
               m.id IS NOT NULL, m.blueprint, m.label_en, m.label_fr, m.search, m.key, m.made_by, coalesce(m.has_history, false),
               EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = r.oid AND t.tgenabled IN ('O', 'A') AND t.tgfoid = to_regprocedure('socle_system.hold_files()'))
        FROM (SELECT c.oid, c.relname {Relations}) r
        LEFT JOIN socle_system.tables m ON m.relation = r.oid
        """;

    public const string Columns = $"""
        SELECT a.attrelid, a.attname::text, format_type(a.atttypid, a.atttypmod), a.attnotnull,
               CASE WHEN a.attgenerated = '' THEN pg_get_expr(d.adbin, d.adrelid) END,
               a.attgenerated <> '' OR a.attidentity <> '',
               CASE WHEN a.attgenerated <> '' THEN pg_get_expr(d.adbin, d.adrelid) END,
               ARRAY(SELECT i.attname::text
                     FROM pg_depend p
                     JOIN pg_attribute i ON i.attrelid = p.refobjid AND i.attnum = p.refobjsubid
                     WHERE a.attgenerated <> '' AND p.classid = 'pg_attrdef'::regclass AND p.objid = d.oid
                       AND p.refclassid = 'pg_class'::regclass AND p.refobjid = a.attrelid AND p.refobjsubid NOT IN (0, a.attnum)),
               n.format, n.zone, n.is_gapless
        FROM pg_attribute a
        LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        LEFT JOIN pg_trigger t ON t.tgrelid = a.attrelid AND t.tgattr[0] = a.attnum AND starts_with(t.tgname, 'socle_number_')
        LEFT JOIN socle_system.numbers n ON t.tgname = socle_system.number_name(n.id)
        WHERE a.attnum > 0 AND NOT a.attisdropped AND NOT starts_with(a.attname, 'socle_aside_') AND a.attrelid IN (SELECT c.oid {Relations})
        ORDER BY a.attrelid, a.attnum
        """;

    /// <summary>An index that CREATE INDEX CONCURRENTLY left unfinished is none, but bears its name.</summary>
    public const string Indexes = $"""
        SELECT i.indrelid, x.relname::text, i.indisunique, CASE WHEN i.indisvalid THEN pg_get_indexdef(i.indexrelid) ELSE ' USING nothing' END,
               coalesce(obj_description(i.indexrelid, 'pg_class') = '{SchemaNames.Mark}', false),
               EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('u', 'x'))
        FROM pg_index i
        JOIN pg_class x ON x.oid = i.indexrelid
        WHERE NOT i.indisprimary AND i.indrelid IN (SELECT c.oid {Relations})
        ORDER BY i.indrelid, x.relname
        """;

    public const string Checks = $"""
        SELECT k.conrelid, k.conname::text, pg_get_constraintdef(k.oid),
               coalesce(obj_description(k.oid, 'pg_constraint') = '{SchemaNames.Mark}', false)
        FROM pg_constraint k
        WHERE k.contype = 'c' AND k.conrelid IN (SELECT c.oid {Relations})
        ORDER BY k.conrelid, k.conname
        """;

    /// <summary>Of one column, to the id of a table of the same schema, of an account or of a file. One that was never validated does not count as the action it names.</summary>
    public const string ForeignKeys = $"""
        SELECT k.conrelid, k.conname::text, a.attname::text, CASE WHEN tn.nspname = $1 THEN t.relname::text ELSE tn.nspname || '.' || t.relname END,
               CASE k.confdeltype WHEN 'r' THEN 'RESTRICT' WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' WHEN 'd' THEN 'SET DEFAULT' ELSE 'NO ACTION' END
                   || CASE WHEN k.convalidated THEN '' ELSE ' NOT VALID' END,
               coalesce(obj_description(k.oid, 'pg_constraint') = '{SchemaNames.Mark}', false)
        FROM pg_constraint k
        JOIN pg_class t ON t.oid = k.confrelid
        JOIN pg_namespace tn ON tn.oid = t.relnamespace AND (tn.nspname = $1 OR t.oid IN (to_regclass('{SchemaNames.Accounts}'), to_regclass('{FileField.Files}')))
        JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
        JOIN pg_attribute f ON f.attrelid = k.confrelid AND f.attnum = k.confkey[1] AND f.attname = 'id'
        WHERE k.contype = 'f' AND cardinality(k.conkey) = 1 AND k.conparentid = 0 AND k.conrelid IN (SELECT c.oid {Relations})
        ORDER BY k.conrelid, k.conname
        """;

    public const string Fields = $"""
        SELECT m.relation::oid, f.name, f.type, f.label_en, f.label_fr, f.settings::text, f.key, f.made_by, f.position
        FROM socle_system.tables m
        JOIN socle_system.fields f ON f.table_id = m.id
        WHERE m.relation IN (SELECT c.oid {Relations})
        ORDER BY m.relation, f.position NULLS LAST, f.attnum, f.name
        """;

    /// <summary>Each with the names that its fields have now.</summary>
    public const string Rules = $"""
        SELECT m.relation::oid, r.definition::text, r.blueprint, socle_system.rule_names(m.id)::text
        FROM socle_system.rules r
        JOIN socle_system.tables m ON m.id = r.table_id
        WHERE m.relation IN (SELECT c.oid {Relations})
        ORDER BY m.relation, r.position
        """;

    /// <summary>Indexes and constraints, and the references of other tables, each with the columns of the table that it speaks of.</summary>
    public const string Parts = $"""
        WITH relations AS (SELECT c.oid {Relations})
        SELECT r.oid, x.relname::text AS name, r.oid::regclass::text, true, false, false, false, false, false,
               ARRAY(SELECT DISTINCT a.attname::text
                     FROM pg_depend p
                     JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum = p.refobjsubid
                     WHERE p.classid = 'pg_class'::regclass AND p.objid = x.oid
                       AND p.refclassid = 'pg_class'::regclass AND p.refobjid = r.oid AND p.refobjsubid > 0),
               pg_get_indexdef(x.oid), obj_description(x.oid, 'pg_class')
        FROM relations r
        JOIN pg_index i ON i.indrelid = r.oid
        JOIN pg_class x ON x.oid = i.indexrelid
        WHERE NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = x.oid AND k.contype IN ('p', 'u', 'x'))
        UNION ALL
        SELECT r.oid, k.conname::text, k.conrelid::regclass::text, false, false, k.contype = 'p', k.contype = 'f', k.conrelid <> r.oid,
               k.contype = 'f' AND k.confdeltype IN ('a', 'r') AND k.conrelid <> k.confrelid,
               ARRAY(SELECT a.attname::text FROM pg_attribute a
                     WHERE a.attrelid = r.oid
                       AND (k.conrelid = r.oid AND a.attnum = ANY (k.conkey) OR k.confrelid = r.oid AND a.attnum = ANY (k.confkey))),
               pg_get_constraintdef(k.oid), obj_description(k.oid, 'pg_constraint')
        FROM relations r
        JOIN pg_constraint k ON r.oid IN (k.conrelid, k.confrelid)
        WHERE k.contype IN ('p', 'u', 'c', 'f', 'x') AND k.conparentid = 0
        UNION ALL
        SELECT r.oid, t.tgname::text, r.oid::regclass::text, false, true, false, false, false, false, '{"{updated_at}"}', pg_get_triggerdef(t.oid), NULL
        FROM relations r
        JOIN pg_trigger t ON t.tgrelid = r.oid AND t.tgfoid = 'socle_system.set_updated_at()'::regprocedure
        ORDER BY 1, 2
        """;

    /// <summary>A limit is on a table of the schema, and its values are in one.</summary>
    public const string Limits = $"""
        SELECT o.relation::oid, l.name, o.name, c.relname::text, s.name, l.filter,
               ARRAY(SELECT CASE WHEN p.position % 2 = 1 THEN p.piece ELSE coalesce(f.name, '') END
                     FROM unnest(l.condition) WITH ORDINALITY p (piece, position)
                     LEFT JOIN LATERAL socle_system.column_of(CASE WHEN p.position % 2 = 0 THEN p.piece::uuid END) f ON true
                     ORDER BY p.position)
        FROM socle_system.limits l
        CROSS JOIN LATERAL socle_system.column_of(l.field_id) o
        CROSS JOIN LATERAL socle_system.column_of(l.source_id) s
        JOIN pg_class c ON c.oid = s.relation
        WHERE o.relation IN (SELECT c.oid {Relations})
        ORDER BY o.relation, o.name
        """;
}
