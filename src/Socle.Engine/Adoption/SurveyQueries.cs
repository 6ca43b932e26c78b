namespace Socle.Adoption;

/// <summary>What an adoption asks of pg_catalog. $1 is the list of schemas asked for; empty for all.</summary>
internal static class SurveyQueries
{
    public const string About = "SELECT current_database()::text, current_user::text, current_setting('server_version') WHERE $1::text[] IS NOT NULL";

    public const string Schemas = """
        SELECT n.nspname::text FROM pg_namespace n
        WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND has_schema_privilege(n.oid, 'USAGE') AND $1::text[] IS NOT NULL
        ORDER BY n.nspname <> 'public', n.nspname
        """;

    /// <summary>A table never analysed has -1 rows in pg_class; the statistics may still have counted what was written.</summary>
    public const string Rows = """
        SELECT n.nspname || '.' || c.relname, sum(CASE WHEN part.reltuples < 0 THEN pg_stat_get_live_tuples(part.oid) ELSE part.reltuples::bigint END)::bigint
        FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace
        CROSS JOIN LATERAL (SELECT p.oid, p.reltuples FROM pg_partition_tree(c.oid) t JOIN pg_class p ON p.oid = t.relid
                            WHERE c.relkind = 'p' AND t.isleaf
                            UNION ALL SELECT c.oid, c.reltuples WHERE c.relkind <> 'p') part
        WHERE c.relkind IN ('r', 'p', 'm') AND NOT c.relispartition AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND $1::text[] IS NOT NULL
        GROUP BY 1
        """;

    private const string Foreign = """
        FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
          AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND n.nspname !~ '^socle_(system|aside)'
          AND (cardinality($1::text[]) = 0 OR n.nspname = ANY ($1::text[]))
          AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
        """;

    public const string LeftOut = $"""
        SELECT x.nspname::text, x.relname::text, NULL::text, has_schema_privilege(x.namespace, 'USAGE')
        FROM (SELECT c.oid, c.relname, n.nspname, n.oid AS namespace {Foreign}) x
        WHERE NOT has_schema_privilege(x.namespace, 'USAGE') OR NOT has_any_column_privilege(x.oid, 'SELECT')
        UNION ALL
        SELECT x.nspname::text, x.relname::text, a.attname::text, true
        FROM (SELECT c.oid, c.relname, n.nspname, n.oid AS namespace {Foreign}) x
        JOIN pg_attribute a ON a.attrelid = x.oid AND a.attnum > 0 AND NOT a.attisdropped
        WHERE has_schema_privilege(x.namespace, 'USAGE') AND has_any_column_privilege(x.oid, 'SELECT') AND NOT has_column_privilege(x.oid, a.attnum, 'SELECT')
        ORDER BY 1, 2, 3
        """;
}
