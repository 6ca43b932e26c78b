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
    [InlineData("bigint", "text")]
    [InlineData("text", "number")]
    [InlineData("numeric(12,2)", "{ type: decimal, precision: 10, scale: 2 }")]
    [InlineData("numeric", "{ type: decimal, precision: 10, scale: 2 }")]
    [InlineData("timestamp without time zone", "date_time")]
    [InlineData("json", "json")]
    public async Task A_change_that_could_lose_values_is_shown_and_not_done(string before, string field)
    {
        await Execute($"CREATE TABLE things (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name {before})");
        var blueprint = Things($"fields: {{ name: {field}, other: text }}");

        var plan = await Plan(blueprint);
        var fault = await Refused(blueprint);

        Assert.Contains(plan.Steps, step => step.Verdict == Verdict.LosesValues);
        Assert.Contains("not done", plan.Describe(Language.English), StringComparison.Ordinal);
        Assert.Equal(FaultCode.Conflict, fault.Code);
        Assert.StartsWith($"Will not change things.name from {before} to ", fault.Message.English, StringComparison.Ordinal);
        Assert.Equal("id name", await List("SELECT string_agg(attname, ' ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'things'::regclass AND attnum > 0"));
    }

    [Fact]
    public async Task Another_key_is_not_forced_on_a_table()
    {
        await Execute("CREATE TABLE things (id uuid, name text PRIMARY KEY)");

        var fault = await Refused(Things("fields: { name: text }"));

        Assert.StartsWith("Will not change the key of things from name to id", fault.Message.English, StringComparison.Ordinal);
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
        await Apply(Things("fields: { name: text, gone: { type: text, default: x } }"));
        await Execute(
            """
            CREATE TABLE mine (a int);
            ALTER TABLE things ADD COLUMN mine integer DEFAULT 3 CHECK (mine > 0);
            CREATE INDEX mine_too ON things (mine);
            INSERT INTO things (name) VALUES ('a');
            """);

        var plan = await Apply(Things("fields: { name: text }"));

        Assert.True(plan.IsEmpty);
        Assert.Equal("x|3", await List("SELECT gone || '|' || mine FROM things"));
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
    [InlineData("DELETE FROM socle_system.tables", "note the labels and settings of things")]
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
