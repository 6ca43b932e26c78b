using Socle.Kernel;
using Socle.Schema;

namespace Socle.Tests.Postgres.Schema;

/// <summary>Each kind of change: the step that is planned, its verdict, what it does, and that nothing is left to do after it.</summary>
public sealed class ChangeTests(TestServer server) : SchemaScenario(server)
{
    [Theory]
    [InlineData("fields: { name: text }", "fields: { name: text, city: text }", "add the field things.city (text)")]
    [InlineData("fields: { name: text }", "fields: { name: { type: text, default: Bob } }", "set the default of things.name to 'Bob'::text")]
    [InlineData("fields: { name: { type: text, default: Bob } }", "fields: { name: { type: text, default: Eve } }", "set the default of things.name to 'Eve'::text")]
    [InlineData("fields: { name: { type: text, default: Bob } }", "fields: { name: text }", "take away the default of things.name")]
    [InlineData("fields: { name: text }", "fields: { name: { type: text, required: true } }", "make things.name required")]
    [InlineData("fields: { name: { type: text, required: true } }", "fields: { name: text }", "make things.name optional")]
    [InlineData("fields: { name: text }", "fields: { name: { type: text, unique: true } }", "allow each value once: uq_things_name on things")]
    [InlineData("fields: { name: { type: text, unique: true } }", "fields: { name: { type: text, unique: ignore_case } }", "replace the index uq_things_name on things")]
    [InlineData("fields: { name: { type: text, unique: true } }", "fields: { name: text }", "drop the index uq_things_name of things")]
    [InlineData("fields: { name: text }", "fields: { name: { type: text, index: true } }", "create the index ix_things_name on things")]
    [InlineData("fields: { name: text }", "fields: { name: text }\nindexes: [[name, created_at desc]]", "create the index ix_things_name_created_at on things")]
    [InlineData("fields: { name: text }\nindexes: [[name, created_at desc]]", "fields: { name: text }\nindexes: [[name, created_at]]", "replace the index ix_things_name_created_at on things")]
    [InlineData("fields: { name: text }\nindexes: [[name]]", "fields: { name: text }", "drop the index ix_things_name of things")]
    [InlineData("fields: { name: text, words: tags }", "fields: { name: text, words: { type: tags, index: true } }", "create the index ix_things_words on things")]
    [InlineData("fields: { name: { type: choice, choices: [a, b] } }", "fields: { name: { type: choice, choices: [a, b, c] } }", "replace the check ck_things_name of things; note the labels and settings of things")]
    [InlineData("fields: { name: { type: choice, choices: [a] } }", "fields: { name: text }", "drop the constraint ck_things_name of things; note the labels and settings of things")]
    [InlineData("fields: { name: text }", "fields: { name: { type: choice, choices: [a] } }", "add the check ck_things_name to things; note the labels and settings of things")]
    [InlineData("fields: { name: text }", "fields: { name: { type: text, label: { fr: Nom } } }", "note the labels and settings of things")]
    [InlineData("label: Things\nfields: { name: text }", "label: Choses\nfields: { name: text }", "note the labels and settings of things")]
    [InlineData("fields: { name: text }", "search: []\nfields: { name: text }", "note the labels and settings of things")]
    [InlineData("fields: { name: decimal }", "fields: { name: { type: decimal, default: 1.50 } }", "set the default of things.name to 1.50", "DEFAULT VALUES")]
    [InlineData("fields: { name: date }", "fields: { name: { type: date, default: today } }", "set the default of things.name to CURRENT_DATE", "DEFAULT VALUES")]
    [InlineData("timestamps: false\nfields: { name: text }", "fields: { name: text }", "add the field things.created_at (timestamp with time zone); add the field things.updated_at (timestamp with time zone); keep things.updated_at on every update; note the labels and settings of things")]
    [InlineData("fields: { up: uuid }", "fields: { up: { type: reference, to: things } }", "create the index ix_things_up on things; let things.up refer to things (fk_things_up, on delete restrict); note the labels and settings of things", "DEFAULT VALUES")]
    [InlineData("fields: { up: { type: reference, to: things, index: false } }", "fields: { up: { type: reference, to: things, on_delete: set_null, index: false } }", "let things.up refer to things (fk_things_up, on delete set null)", "DEFAULT VALUES")]
    [InlineData("fields: { up: { type: reference, to: things, index: false } }", "fields: { up: uuid }", "drop the constraint fk_things_up of things; note the labels and settings of things", "DEFAULT VALUES")]
    public async Task A_changed_blueprint_is_these_steps(string before, string after, string steps, string values = "(name) VALUES ('a')")
    {
        await Apply(Things(before));
        await Execute($"INSERT INTO things {values}");

        var done = await Apply(Things(after));

        var words = done.Steps.Select(step => step.Words.English).ToList();
        // A new field is noted beside the catalog too.
        if (words.Count == 2 && words[0].StartsWith("add the field", StringComparison.Ordinal))
            words.RemoveAt(1);
        Assert.Equal(steps, string.Join("; ", words));
        Assert.Equal("1", await List("SELECT count(*) FROM things"));
    }

    [Theory]
    [InlineData("character varying(20)", "text", "text", Verdict.Harmless)]
    [InlineData("integer", "number", "bigint", Verdict.NeedsScan)]
    [InlineData("smallint", "number", "bigint", Verdict.NeedsScan)]
    [InlineData("integer", "decimal", "numeric", Verdict.NeedsScan)]
    [InlineData("numeric(10,2)", "{ type: decimal, precision: 12, scale: 2 }", "numeric(12,2)", Verdict.Harmless)]
    [InlineData("numeric(10,2)", "{ type: decimal, precision: 14, scale: 4 }", "numeric(14,4)", Verdict.NeedsScan)]
    [InlineData("numeric(10,2)", "decimal", "numeric", Verdict.Harmless)]
    public async Task A_type_is_widened(string before, string field, string after, Verdict verdict)
    {
        await Execute($"CREATE TABLE things (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name {before} DEFAULT '7' NOT NULL)");
        await Execute("INSERT INTO things DEFAULT VALUES");

        var done = await Apply(Things($"timestamps: false\nfields: {{ name: {field} }}"));

        var change = done.Steps.OfType<ChangeType>().Single();
        Assert.Equal((before, after, verdict), (change.From, change.To, change.Verdict));
        Assert.Equal(after, await List("SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = 'things'::regclass AND attname = 'name'"));
        Assert.Equal(1, int.Parse(await List("SELECT count(*) FROM things WHERE name::numeric = 7")));
    }

    [Theory]
    [InlineData("text", "number", "'12', 'douze', NULL, '3'", 1)]
    [InlineData("text", "number", "'01000', '25000'", 1)]
    [InlineData("text", "{ type: decimal, precision: 10, scale: 2 }", "'1.5', '1.234'", 1)]
    [InlineData("text", "date", "'2026-02-28', '2026-02-30', 'soon'", 2)]
    [InlineData("text", "boolean", "'true', 'maybe'", 1)]
    [InlineData("text", "uuid", "'6f9619ff-8b86-4d01-b42d-00cf4fc964ff', 'x'", 1)]
    [InlineData("numeric(12,2)", "{ type: decimal, precision: 10, scale: 2 }", "1.5, 9999999999.99", 1)]
    [InlineData("numeric", "{ type: decimal, precision: 10, scale: 2 }", "1.5, 1.125, 1.126", 2)]
    [InlineData("numeric", "number", "1, 1.5, 1e30", 2)]
    [InlineData("bigint", "boolean", "0, 1, 7", 1)]
    [InlineData("timestamp with time zone", "date", "'2026-01-01T00:00Z', '2026-01-01T10:00Z'", 1)]
    [InlineData("text[]", "text", "'{a,b}', '{a,NULL}'", 1)]
    [InlineData("jsonb", "number", "'1', '\"2\"', '[]', 'null'", 2)]
    public async Task Values_that_another_type_has_no_room_for_are_counted_and_kept(string before, string field, string values, int lost)
    {
        await Execute($"CREATE TABLE things (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name {before})");
        foreach (var value in values.Split(", "))
            await Execute($"INSERT INTO things (name) VALUES ({value})");
        var blueprint = Things($"fields: {{ name: {field}, other: text }}");

        var plan = await Plan(blueprint);
        var fault = await Refused(blueprint);

        Assert.Equal((Verdict.LosesValues, lost), (plan.Steps.OfType<ChangeType>().Single().Verdict, (int)plan.Steps.OfType<ChangeType>().Single().Losses!));
        Assert.True(plan.LosesValues);
        Assert.Equal(FaultCode.Conflict, fault.Code);
        Assert.StartsWith($"Will not change things.name from {before} to ", fault.Message.English, StringComparison.Ordinal);
        Assert.Equal("id name", await List("SELECT string_agg(attname, ' ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'things'::regclass AND attnum > 0"));
    }

    [Theory]
    [InlineData("bigint", "text", "12", "12")]
    [InlineData("text", "number", "'12'", "12")]
    [InlineData("text", "{ type: tags }", "'a, b'", "System.String[]")]
    [InlineData("text", "json", "'{\"a\":1}'", "{\"a\": 1}")]
    [InlineData("text", "json", "'plain'", "\"plain\"")]
    [InlineData("jsonb", "text", "'\"plain\"'", "plain")]
    [InlineData("text[]", "text", "'{a,b}'", "a, b")]
    [InlineData("text[]", "json", "'{a,b}'", "[\"a\", \"b\"]")]
    [InlineData("json", "json", "'{\"b\":1,\"a\":2}'", "{\"a\": 2, \"b\": 1}")]
    [InlineData("text", "date", "'31/12/2026'", "12/31/2026")]
    [InlineData("timestamp without time zone", "{ type: text }", "'2026-01-02 03:04'", "2026-01-02 03:04:00")]
    [InlineData("boolean", "number", "true", "1")]
    [InlineData("bigint", "boolean", "1", "True")]
    [InlineData("numeric", "number", "7", "7")]
    public async Task A_type_that_every_value_fits_is_changed_and_changed_back(string before, string field, string value, string after)
    {
        await Execute($"CREATE TABLE things (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name {before} DEFAULT {value})");
        await Execute("INSERT INTO things DEFAULT VALUES; INSERT INTO things (name) VALUES (NULL)");
        var original = await List("SELECT md5(string_agg(t::text, ',' ORDER BY id)) FROM things t");

        var done = await Apply(Things($"timestamps: false\nfields: {{ name: {field} }}"));

        Assert.DoesNotContain(done.Steps, step => step.Verdict == Verdict.LosesValues);
        Assert.StartsWith(after, await List("SELECT name FROM things WHERE name IS NOT NULL"), StringComparison.Ordinal);
        await Down();
        Assert.Equal(original, await List("SELECT md5(string_agg(t::text, ',' ORDER BY id)) FROM things t"));
        await Execute("INSERT INTO things DEFAULT VALUES");
    }

    [Fact]
    public async Task Another_key_takes_the_place_of_the_one_that_is_there_and_goes_again()
    {
        await Execute("CREATE TABLE things (id uuid DEFAULT gen_random_uuid(), name text PRIMARY KEY); INSERT INTO things (name) VALUES ('a'), ('b')");

        var done = await Apply(Things("timestamps: false\nfields: { name: text }"));

        Assert.Contains(done.Steps, step => step is ChangeKey && step.Verdict == Verdict.NeedsScan);
        await Execute("INSERT INTO things (name) VALUES (NULL)");
        await Execute("DELETE FROM things WHERE name IS NULL");
        await Down();
        Assert.Equal("PRIMARY KEY (name)", await List("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'things'::regclass AND contype = 'p'"));
        await Execute("INSERT INTO things (id, name) VALUES (NULL, 'c')");
    }

    [Fact]
    public async Task A_table_without_a_key_gets_one()
    {
        await Execute("CREATE TABLE things (id uuid, name text); INSERT INTO things VALUES (gen_random_uuid(), 'a')");

        await Apply(Things("fields: { name: text }"));

        Assert.Equal("PRIMARY KEY (id)", await List("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'things'::regclass AND contype = 'p'"));
    }

    [Fact]
    public async Task What_the_blueprint_does_not_speak_of_stays()
    {
        await Apply(Things("fields: { name: text }"));
        await Execute(
            """
            CREATE TABLE mine (a int);
            ALTER TABLE things ADD COLUMN mine integer DEFAULT 3 CHECK (mine > 0);
            CREATE INDEX mine_too ON things (mine);
            INSERT INTO things (name) VALUES ('a');
            """);

        var plan = await Apply(Things("fields: { name: text }"));

        Assert.True(plan.IsEmpty);
        Assert.Equal("3", await List("SELECT mine FROM things"));
        Assert.Equal("mine_too", await List("SELECT relname FROM pg_class WHERE relname = 'mine_too'"));
    }

    [Theory]
    [InlineData("ALTER TABLE things ALTER COLUMN name SET DEFAULT 'other'", "set the default of things.name to 'x'::text")]
    [InlineData("ALTER TABLE things ALTER COLUMN name DROP NOT NULL", "make things.name required")]
    [InlineData("DROP INDEX uq_things_name", "allow each value once: uq_things_name on things")]
    [InlineData("ALTER TABLE things DISABLE TRIGGER USER", "keep things.updated_at on every update")]
    [InlineData("DROP TRIGGER tr_things_updated_at ON things", "keep things.updated_at on every update")]
    [InlineData("ALTER TABLE things DROP CONSTRAINT ck_things_kind", "add the check ck_things_kind to things")]
    [InlineData("ALTER TABLE things DROP COLUMN kind", "add the field things.kind (text); add the check ck_things_kind to things")]
    [InlineData("DELETE FROM socle_system.tables", "note the labels and settings of things; keep the history of things")]
    public async Task A_change_made_in_psql_is_noticed_and_put_right(string change, string steps)
    {
        var blueprint = Things("fields: { name: { type: text, default: x, required: true, unique: true }, kind: { type: choice, choices: [a, b] } }");
        await Apply(blueprint);
        await Execute(change);

        var done = await Apply(blueprint);

        Assert.Equal(steps, string.Join("; ", done.Steps.Select(step => step.Words.English)));
    }

    [Fact]
    public async Task Indexes_and_references_that_do_the_same_under_another_name_are_good_enough()
    {
        await Execute(
            """
            CREATE TABLE others (id uuid PRIMARY KEY DEFAULT gen_random_uuid());
            CREATE TABLE things (
                id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text CONSTRAINT things_name_key UNIQUE,
                other_id uuid CONSTRAINT things_other_id_fkey REFERENCES others ON DELETE RESTRICT);
            CREATE INDEX things_other ON things (other_id);
            """);

        var done = await Apply(Read(
            """
            blueprint: test
            tables:
              others: { timestamps: false, fields: { note: text } }
              things:
                timestamps: false
                fields: { name: { type: text, unique: true }, other_id: { type: reference, to: others } }
            """));

        Assert.DoesNotContain(done.Steps, step => step is CreateIndex or AddForeignKey);
    }

    [Fact]
    public async Task What_Socle_knew_of_a_dropped_table_is_forgotten()
    {
        await Apply(Things("fields: { name: text }"));
        await Execute("DROP TABLE things");

        await Apply(Things("fields: { name: text }"));

        Assert.Equal("1", await List("SELECT count(*) FROM socle_system.tables"));
    }
}
