namespace Socle.Tests.Postgres.Schema;

/// <summary>SQL that tells the whole structure of a schema, a line each: columns in order, constraints, indexes, triggers, and what Socle keeps beside them.</summary>
internal static class StructureOf
{
    public const string Served = """
        SELECT line FROM (
            SELECT concat_ws(' ', 'column', a.attrelid::regclass, row_number() OVER (PARTITION BY a.attrelid ORDER BY a.attnum), regexp_replace(a.attname, '^socle_aside_.*', 'aside'), format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid)) AS line
            FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
            WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r')
            UNION ALL
            SELECT concat_ws(' ', 'constraint', conrelid::regclass, conname, pg_get_constraintdef(oid), obj_description(oid, 'pg_constraint')) FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid <> 0
            UNION ALL
            SELECT concat_ws(' ', 'index', pg_get_indexdef(indexrelid), obj_description(indexrelid, 'pg_class')) FROM pg_index WHERE indrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
            UNION ALL
            SELECT concat_ws(' ', 'trigger', tgrelid::regclass, tgname, tgenabled) FROM pg_trigger WHERE NOT tgisinternal AND tgrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
            UNION ALL
            SELECT concat_ws(' ', 'table', t.relation, t.blueprint, t.label_en, t.label_fr, t.search, t.key, t.made_by, t.has_history)
            FROM socle_system.tables t JOIN pg_class c ON c.oid = t.relation WHERE c.relnamespace = 'public'::regnamespace
            UNION ALL
            SELECT concat_ws(' ', 'field', t.relation, row_number() OVER (PARTITION BY t.id ORDER BY f.position), f.name, f.type, f.label_en, f.label_fr, f.settings, f.key, f.made_by)
            FROM socle_system.fields f JOIN socle_system.tables t ON t.id = f.table_id JOIN pg_class c ON c.oid = t.relation WHERE c.relnamespace = 'public'::regnamespace
        ) AS lines ORDER BY line
        """;
}
