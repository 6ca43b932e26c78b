using Socle.Blueprints;
using Socle.Kernel;
using Socle.Schema;
using Socle.Schema.Migrations;

namespace Socle.Tests.Postgres.Schema;

/// <summary>What was applied is taken down and comes up again, and no value is lost on the way.</summary>
public sealed class MigrationTests(TestServer server) : SchemaScenario(server)
{
    private const string Whole = "SELECT md5(string_agg(t::text, ',' ORDER BY id)) FROM things t";

    [Fact]
    public async Task The_seeds_example_goes_down_and_up_with_its_data()
    {
        await Apply(BlueprintLibrary.Find("washgo").Value, withSample: true);
        await Execute("INSERT INTO clients (name, email) VALUES ('Client Test', 'test@example.com')");
        var before = await List("SELECT md5(string_agg(c::text, ',' ORDER BY id)) FROM clients c");

        await Down();
        Assert.Equal("0", await List("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"));
        await Up();

        Assert.Equal(before, await List("SELECT md5(string_agg(c::text, ',' ORDER BY id)) FROM clients c"));
        Assert.True((await Plan(BlueprintLibrary.Find("washgo").Value, withSample: true)).IsEmpty);
        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => Execute("INSERT INTO clients (name, email) VALUES ('DUP2', 'Test@Example.com')"));
        await Execute("UPDATE clients SET name = 'x'");
        Assert.Equal("13", await List("SELECT count(*) FROM socle_system.history WHERE operation = 'U'"));
    }

    [Fact]
    public async Task A_dropped_field_is_aside_and_comes_back_whole()
    {
        await Apply(Things("fields: { name: text, code: { type: text, required: true, unique: true }, kind: { type: choice, choices: [a, b], default: a }, up: { type: reference, to: things }, last: text }"));
        await Execute("INSERT INTO things (name, code, last) VALUES ('x', '1', 'l'), ('y', '2', NULL)");
        await Execute("UPDATE things SET up = id");
        var (before, structure) = (await List(Whole), await Structure());

        var done = await Apply(Things("fields: { name: text, last: text }"));

        Assert.Equal((2, Verdict.MovesAside, 2L), done.Steps.OfType<DropField>().Where(step => step.Column == "code").Select(step => ((int)step.Rows!, step.Verdict, step.Losses)).Single());
        Assert.True(done.LosesValues);
        await Execute("INSERT INTO things (name) VALUES ('z')");
        await Execute("DELETE FROM things WHERE name = 'z'");
        await Down();
        Assert.Equal(before, await List(Whole));
        Assert.Equal(structure, await Structure());
    }

    [Fact]
    public async Task A_required_field_comes_back_optional_when_records_were_made_without_it()
    {
        await Apply(Things("fields: { name: text, code: { type: text, required: true } }"));
        await Execute("INSERT INTO things (name, code) VALUES ('x', '1')");
        await Apply(Things("fields: { name: text }"));
        await Execute("INSERT INTO things (name) VALUES ('y')");

        await Down();

        Assert.Equal("1\n-", await List("SELECT coalesce(code, '-') FROM things ORDER BY name"));
    }

    [Fact]
    public async Task A_dropped_table_is_aside_and_comes_back_with_its_references()
    {
        const string Both = """
            blueprint: test
            tables:
              owners: { fields: { name: text } }
              things: { fields: { name: text, owner: { type: reference, to: owners } } }
              notes: { fields: { text: text, thing: { type: reference, to: things, on_delete: cascade } } }
            """;
        await Apply(Read(Both));
        await Execute("INSERT INTO owners (name) VALUES ('o'); INSERT INTO things (name, owner) SELECT 't', id FROM owners; INSERT INTO notes (text, thing) SELECT 'n', id FROM things");
        var before = await List(Whole);

        var done = await Apply(Read("blueprint: test\ntables:\n  owners: { fields: { name: text } }\n  notes: { fields: { text: text, thing: uuid } }\n"));

        Assert.Contains("drop the table things", done.Describe(Language.English), StringComparison.Ordinal);
        await Execute("DELETE FROM owners");
        await Down();
        Assert.Equal(before, await List(Whole));
        // The owner is gone for good, so the reference holds for new records only.
        Assert.Equal("False", await List("SELECT convalidated FROM pg_constraint WHERE conname = 'fk_things_owner'"));
        Assert.Equal("True", await List("SELECT convalidated FROM pg_constraint WHERE conname = 'fk_notes_thing'"));
    }

    [Fact]
    public async Task A_field_that_a_migration_made_goes_and_comes_with_its_values()
    {
        await Apply(Things("fields: { name: text }"));
        await Execute("INSERT INTO things (name) VALUES ('a'), ('b')");
        var before = await List(Whole);
        await Apply(Things("fields: { name: text, note: { type: text, default: d, required: true, index: true } }"));
        await Execute("UPDATE things SET note = 'mine' WHERE name = 'a'");
        var after = await List(Whole);

        await Down();
        Assert.NotEqual(before, after);
        Assert.Equal("id name created_at updated_at", await Columns());
        await Up();

        Assert.Equal(after, await List(Whole));
    }

    [Fact]
    public async Task A_rename_is_a_rename_and_keeps_everything()
    {
        await Apply(Things("fields: { name: { type: text, unique: ignore_case, label: Name }, kind: { type: choice, choices: [a], index: true }, up: { type: reference, to: things } }"));
        await Execute("INSERT INTO things (name, kind) VALUES ('x', 'a')");
        var (before, structure) = (await List("SELECT md5(name || kind) FROM things"), await Structure());

        var renamed = Read(
            """
            blueprint: test
            tables:
              objects:
                id: things
                fields:
                  title: { id: name, type: text, unique: ignore_case, label: Name }
                  sort: { id: kind, type: choice, choices: [a], index: true }
                  parent: { id: up, type: reference, to: objects }
            """);
        var done = await Apply(renamed);

        Assert.All(done.Steps, step => Assert.True(step is RenameTable or RenameField or RenamePart or DescribeTable, step.Words.English));
        Assert.Equal(before, await List("SELECT md5(title || sort) FROM objects"));
        Assert.Equal("uq_objects_title", await List("SELECT relname FROM pg_class WHERE relname LIKE 'uq_%' AND relnamespace = 'public'::regnamespace"));
        await Execute("UPDATE objects SET title = 'y'; UPDATE objects SET title = 'x'");
        await Down();
        Assert.Equal(structure, await Structure());
        await Up();
        Assert.True((await Plan(renamed)).IsEmpty);
    }

    [Fact]
    public async Task Names_may_change_places_and_a_dropped_one_may_be_taken()
    {
        await Apply(Things("fields: { a: text, b: text, c: text }"));
        await Execute("INSERT INTO things (a, b, c) VALUES ('1', '2', '3')");
        var before = await List(Whole);

        await Apply(Things("fields: { b: { id: a, type: text }, a: { id: b, type: text } }"));
        Assert.Equal("21", await List("SELECT a || b FROM things"));
        await Apply(Things("fields: { c: { id: a, type: text } }"));
        Assert.Equal("1", await List("SELECT c FROM things"));
        await Down(2);

        Assert.Equal(before, await List(Whole));
    }

    [Fact]
    public async Task A_column_renamed_in_psql_is_the_same_field()
    {
        await Apply(Things("fields: { name: { type: text, label: Nom }, other: text }"));
        await Execute("INSERT INTO things (name) VALUES ('x'); ALTER TABLE things RENAME COLUMN name TO title");

        var done = await Apply(Things("fields: { title: { id: name, type: text, label: Nom }, other: text }"));
        Assert.True(done.IsEmpty, done.Describe(Language.English));
        Assert.Equal("title name", await List("SELECT name || ' ' || key FROM socle_system.fields WHERE label_en = 'Nom'"));
        Assert.Equal("name title", await List("SELECT old_name || ' ' || new_name FROM socle_system.history_renames"));

        var back = await Apply(Things("fields: { name: { type: text, label: Nom }, other: text }"));
        Assert.Equal("rename the field things.title to name", Assert.Single(back.Steps).Words.English);
        Assert.Equal("x", await List("SELECT name FROM things"));
    }

    [Fact]
    public async Task A_field_changes_places_for_people_and_not_in_the_table()
    {
        await Apply(Things("fields: { a: text, b: text, c: text }"));

        var done = await Apply(Things("fields: { c: text, a: text, b: text }"));

        Assert.Equal("put the fields of things in the order id, c, a, b, created_at, updated_at", Assert.Single(done.Steps).Words.English);
        Assert.Equal("id a b c created_at updated_at", await Columns());
        await Down();
        Assert.True((await Plan(Things("fields: { a: text, b: text, c: text }"))).IsEmpty);
    }

    [Fact]
    public async Task What_does_not_survive_a_cast_comes_back_letter_by_letter()
    {
        await Apply(Things("fields: { name: { type: text, default: none, index: true } }"));
        await Execute("INSERT INTO things (name) VALUES ('12'), (' 12'), ('012'), ('douze'), (NULL)");
        var before = await List("SELECT string_agg(coalesce(name, '-'), '|' ORDER BY id) FROM things");
        var number = Things("fields: { name: { type: number, default: 7, index: true } }");

        var done = await ApplyBlueprint.Apply(Database, number, withSample: false, allowLoss: true, TestContext.Current.CancellationToken);
        Assert.False(done.IsFault, done.IsFault ? done.Faults[0].Message.English : "");
        Assert.True((await Plan(number)).IsEmpty);
        await Execute("INSERT INTO things DEFAULT VALUES");
        Assert.Equal("12\n12\n12\n7", await List("SELECT name FROM things WHERE name IS NOT NULL ORDER BY name DESC"));
        await Execute("DELETE FROM things WHERE name = 7");
        await Down();

        Assert.Equal(before, await List("SELECT string_agg(coalesce(name, '-'), '|' ORDER BY id) FROM things"));
        await Up();
        await Down();
        Assert.Equal(before, await List("SELECT string_agg(coalesce(name, '-'), '|' ORDER BY id) FROM things"));
    }

    [Fact]
    public async Task Values_that_have_no_room_on_the_way_down_are_kept_for_the_way_up()
    {
        await Apply(Things("fields: { name: number }"));
        await Apply(Things("fields: { name: text }"));
        await Execute("INSERT INTO things (name) VALUES ('12'), ('douze'), ('treize')");

        await Down();
        Assert.Equal("12\n", (await List("SELECT name FROM things ORDER BY name")).Replace("\n\n", "\n", StringComparison.Ordinal));
        await Execute("UPDATE things SET name = 13 WHERE id = (SELECT id FROM socle_aside.values_2 WHERE name = 'treize')");
        await Up();

        Assert.Equal("12\n13\ndouze", await List("SELECT name FROM things ORDER BY name"));
    }

    [Fact]
    public async Task Where_a_value_must_be_there_they_are_not_lost_unasked()
    {
        await Apply(Things("fields: { name: { type: number, required: true } }"));
        await Apply(Things("fields: { name: { type: text, required: true } }"));
        await Execute("INSERT INTO things (name) VALUES ('12'), ('douze')");

        var refused = await Migrate.Down(Database, 1, allowLoss: false, TestContext.Current.CancellationToken);

        Assert.Contains("1 value written since would be lost", Assert.Single(refused.Faults).Message.English, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_thirty_days_a_dropped_field_is_gone_and_the_way_down_says_so()
    {
        await Apply(Things("fields: { name: text, gone: text }"));
        await Execute("INSERT INTO things (gone) VALUES ('x')");
        await Apply(Things("fields: { name: text }"));
        Assert.Empty((await AsidePurge.Run(Database, TestContext.Current.CancellationToken)).Gone);
        await Execute("UPDATE socle_system.aside SET at = at - interval '31 days'");

        Assert.Equal(["things.gone"], (await AsidePurge.Run(Database, TestContext.Current.CancellationToken)).Gone);

        Assert.Equal("id name created_at updated_at", await Columns());
        var refused = await Migrate.Down(Database, 1, allowLoss: true, TestContext.Current.CancellationToken);
        Assert.Contains("'things.gone' was kept aside for 30 days", Assert.Single(refused.Faults).Message.English, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_apply_takes_the_place_of_what_was_taken_down()
    {
        await Apply(Things("fields: { name: text }"));
        await Apply(Things("fields: { name: text, b: text }"));
        await Down();
        await Apply(Things("fields: { name: text, c: text }"));

        Assert.Empty((await Migrate.Up(Database, null, TestContext.Current.CancellationToken)).Value);
        Assert.Equal([MigrationState.Applied, MigrationState.Superseded, MigrationState.Applied], (await MigrationLog.List(Database, TestContext.Current.CancellationToken)).Select(migration => migration.State));
    }

    [Fact]
    public async Task The_same_blueprint_applied_again_comes_up_with_its_values()
    {
        await Apply(Things("fields: { name: text }"));
        await Execute("INSERT INTO things (name) VALUES ('kept')");
        await Down();

        var done = await Apply(Things("fields: { name: text }"));

        Assert.Equal("bring up migration 1 again, with its values", Assert.Single(done.Steps).Words.English);
        Assert.Equal("kept", await List("SELECT name FROM things"));
        Assert.Equal(MigrationState.Applied, Assert.Single(await MigrationLog.List(Database, TestContext.Current.CancellationToken)).State);
    }

    [Fact]
    public async Task A_way_down_that_fails_leaves_everything_as_it_was()
    {
        await Apply(Things("fields: { name: { type: text, required: true } }"));
        await Apply(Things("fields: { name: text, b: text }"));
        await Execute("INSERT INTO things DEFAULT VALUES");

        var refused = await Migrate.Down(Database, 1, allowLoss: false, TestContext.Current.CancellationToken);

        Assert.StartsWith("Could not take back \"make things.name optional\"", Assert.Single(refused.Faults).Message.English, StringComparison.Ordinal);
        Assert.Equal("id name created_at updated_at b", await Columns());
    }

    [Fact]
    public async Task History_is_kept_unless_the_blueprint_says_otherwise()
    {
        await Apply(Things("fields: { name: text }"));
        await Apply(Things("history: false\nfields: { name: text }"));
        await Execute("INSERT INTO things (name) VALUES ('a')");
        Assert.Equal("0", await List("SELECT count(*) FROM socle_system.history"));

        await Down();
        await Execute("INSERT INTO things (name) VALUES ('b')");

        Assert.Equal("1", await List("SELECT count(*) FROM socle_system.history"));
    }

    private Task<string> Columns() =>
        List("SELECT string_agg(attname, ' ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'things'::regclass AND attnum > 0 AND NOT attisdropped");

    private Task<string> Structure() => List(StructureOf.Served);
}
