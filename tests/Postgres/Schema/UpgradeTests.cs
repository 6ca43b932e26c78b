using System.Text.RegularExpressions;
using Socle.Postgres;

namespace Socle.Tests.Postgres.Schema;

/// <summary>Data folders that were made before schema changes were data.</summary>
public sealed partial class UpgradeTests(TestServer server) : SchemaScenario(server)
{
    [Fact]
    public async Task What_was_described_before_is_the_same_now_and_nothing_is_left_to_do()
    {
        var blueprint = Things("fields: { name: { type: text, label: Nom }, other: text, third: number }");
        await Apply(blueprint);
        await Execute("INSERT INTO things (name) VALUES ('a')");
        await Execute("INSERT INTO things (name) VALUES ('b'), ('c'); UPDATE things SET name = 'a' WHERE name <> 'c'");
        const string Changes = "SELECT concat_ws(' ', c.id, c.xid, c.at, c.source, c.actor, c.undoes, h.operations) FROM socle_system.changes c JOIN LATERAL (SELECT string_agg(e.operation::text, '' ORDER BY e.id) FROM socle_system.history e WHERE e.change_id = c.id) h (operations) ON true ORDER BY c.id";
        var described = await List("SELECT name || type || coalesce(label_fr, '') FROM socle_system.fields ORDER BY name");
        var changes = await List(Changes);
        await MakeOld();

        await SystemSchema.Apply(Database, TestContext.Current.CancellationToken);

        Assert.Equal(described, await List("SELECT name || type || coalesce(label_fr, '') FROM socle_system.fields ORDER BY name"));
        Assert.Equal("id name other third created_at updated_at", await List("SELECT string_agg(key, ' ' ORDER BY position) FROM socle_system.fields"));
        Assert.Equal("0", await List("SELECT count(*) FROM socle_system.fields WHERE attnum IS NULL OR made_by <> 'test'"));
        Assert.Equal(changes, await List(Changes));
        Assert.True((await Plan(blueprint)).IsEmpty);
        await Apply(Things("fields: { title: { id: name, type: text, label: Nom }, third: number }"));
        await Down();
        Assert.Equal("a a c", await List("SELECT string_agg(name, ' ' ORDER BY name) FROM things"));
    }

    [Fact]
    public async Task A_restored_dump_has_other_numbers_and_the_same_fields()
    {
        var blueprint = Things("fields: { name: { type: text, label: Nom }, other: text }");
        await Apply(blueprint);
        await Execute("UPDATE socle_system.tables SET relation_oid = 1; UPDATE socle_system.fields SET attnum = 20 - attnum");

        Assert.True((await Plan(blueprint)).IsEmpty);
        Assert.True((await Apply(blueprint)).IsEmpty);

        Assert.Equal("1 2 3 4 5", await List("SELECT string_agg(attnum::text, ' ' ORDER BY attnum) FROM socle_system.fields"));
    }

    /// <summary>The functions that later files made.</summary>
    private static IEnumerable<string> LaterFunctions()
    {
        var assembly = typeof(SystemSchema).Assembly;
        var made = assembly.GetManifestResourceNames().Where(name => name.Contains(".Postgres.System.", StringComparison.Ordinal)).ToLookup(
            name => string.CompareOrdinal(name, "Socle.Postgres.System.0004") >= 0,
            name =>
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
                return FunctionName().Matches(reader.ReadToEnd()).Select(match => match.Groups["name"].Value);
            });
        return made[true].SelectMany(names => names).Except(made[false].SelectMany(names => names));
    }

    [GeneratedRegex(@"CREATE (OR REPLACE )?FUNCTION socle_system\.(?<name>\w+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex FunctionName();

    /// <summary>As the version before 0003_migrations.sql left it.</summary>
    private Task MakeOld() => Execute(
        $$"""
        DROP SCHEMA socle_aside CASCADE;
        DROP TABLE socle_system.migrations, socle_system.aside CASCADE;
        ALTER TABLE socle_system.tables DROP COLUMN key, DROP COLUMN made_by, DROP COLUMN relation_oid;
        ALTER TABLE socle_system.fields DROP COLUMN key, DROP COLUMN made_by, DROP COLUMN attnum, DROP COLUMN position;
        DO $$
        DECLARE made regprocedure;
        BEGIN
            FOR made IN
                SELECT p.oid FROM pg_proc p
                WHERE p.pronamespace = 'socle_system'::regnamespace
                  AND p.proname = ANY (ARRAY['refresh_fields', 'note_aside', 'move_field_aside', 'move_table_aside', 'take_field_off',
                      'take_table_off', 'put_values_back', 'bring_back', 'find_aside', 'change_type', 'change_type_back', 'can_cast', 'json_words', 'add_reference'])
            LOOP
                EXECUTE format('DROP FUNCTION %s CASCADE', made);
            END LOOP;
        END $$;
        DELETE FROM socle_system.system_versions WHERE version >= 3;
        CREATE TABLE socle_system.changes_before AS TABLE socle_system.changes;
        DROP VIEW socle_system.changes;
        ALTER TABLE socle_system.changes_before RENAME TO changes;
        DROP TRIGGER hand_on_origin ON socle_system.history;
        ALTER TABLE socle_system.history DROP COLUMN at, DROP COLUMN undoes, DROP COLUMN xid, DROP COLUMN origin;
        CREATE INDEX ix_history_change ON socle_system.history (change_id);
        CREATE FUNCTION socle_system.current_change() RETURNS uuid LANGUAGE sql RETURN NULL::uuid;
        DROP TABLE IF EXISTS socle_system.idempotency CASCADE;
        ALTER TABLE socle_system.tables DROP COLUMN secured_at, DROP COLUMN known_name;
        DO $$
        DECLARE made regclass;
        DECLARE function regprocedure;
        BEGIN
            -- What later files made: everything but the tables and functions of the first three.
            FOR made IN SELECT c.oid FROM pg_class c WHERE c.relnamespace = 'socle_system'::regnamespace AND c.relkind = 'r'
                AND c.relname <> ALL (ARRAY['system_versions', 'tables', 'fields', 'changes', 'history', 'history_renames'])
            LOOP
                EXECUTE format('DROP TABLE IF EXISTS %s CASCADE', made);
            END LOOP;
            FOR function IN SELECT p.oid FROM pg_proc p WHERE p.pronamespace = 'socle_system'::regnamespace
                AND p.proname = ANY ('{ {{string.Join(',', LaterFunctions())}} }')
            LOOP
                IF EXISTS (SELECT FROM pg_proc p WHERE p.oid = function) THEN
                    EXECUTE format('DROP FUNCTION %s CASCADE', function);
                END IF;
            END LOOP;
        END $$;
        """);
}
