using Npgsql;
using Socle.Blueprints;
using Socle.Kernel;
using Socle.Schema;

namespace Socle.Tests.Postgres.Schema;

/// <summary>A step that PostgreSQL refuses leaves everything as it was and says what stands in the way, without a word of SQL.</summary>
public sealed class RefusalTests(TestServer server) : SchemaScenario(server)
{
    [Theory]
    [InlineData(
        "{ type: text, required: true }",
        "Could not make things.name required: 3 rows have no value there. Fill them in, or give the field a default. Nothing was changed.",
        "L'étape « rendre things.name obligatoire » a échoué : 3 lignes n'y ont pas de valeur. Remplissez-les, ou donnez une valeur par défaut au champ. Rien n'a été modifié.")]
    [InlineData(
        "{ type: text, unique: true }",
        "Could not allow each value once: uq_things_name on things: 2 values are there more than once. Change or merge those rows. Nothing was changed.",
        "L'étape « n'accepter chaque valeur qu'une fois : uq_things_name sur things » a échoué : 2 valeurs figurent plusieurs fois. Modifiez ou fusionnez ces lignes. Rien n'a été modifié.")]
    [InlineData(
        "{ type: text, unique: ignore_case }",
        "Could not allow each value once: uq_things_name on things: 2 values are there more than once. Change or merge those rows. Nothing was changed.",
        "L'étape « n'accepter chaque valeur qu'une fois : uq_things_name sur things » a échoué : 2 valeurs figurent plusieurs fois. Modifiez ou fusionnez ces lignes. Rien n'a été modifié.")]
    [InlineData(
        "{ type: choice, choices: [a, b] }",
        "Could not add the check ck_things_name to things: 1 row has another value. Change them, or allow that value. Nothing was changed.",
        "L'étape « ajouter le contrôle ck_things_name à things » a échoué : 1 ligne a une autre valeur. Modifiez-les, ou acceptez cette valeur. Rien n'a été modifié.")]
    public async Task Rows_in_the_way_are_counted(string field, string english, string french)
    {
        await Apply(Things("fields: { name: text }"));
        await Execute("INSERT INTO things (name) VALUES (NULL), (NULL), (NULL), ('a'), ('a'), ('b'), ('b'), ('c')");

        var fault = await Refused(Things($"fields: {{ other: text, name: {field} }}"));

        Assert.Equal(new Fault(FaultCode.Conflict, english, french, "things"), fault);
        Assert.Equal("id name created_at updated_at", await List("SELECT string_agg(attname, ' ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'things'::regclass AND attnum > 0 AND NOT attisdropped"));
    }

    [Fact]
    public async Task A_required_field_without_a_default_cannot_join_rows()
    {
        await Apply(Things("fields: { name: text }"));
        await Execute("INSERT INTO things (name) VALUES ('a')");

        var fault = await Refused(Things("fields: { name: text, other: { type: text, required: true } }"));

        Assert.StartsWith("Could not add the field things.other (text): 1 row has no value there.", fault.Message.English, StringComparison.Ordinal);
    }

    [Fact]
    public async Task References_to_records_that_are_not_there_are_counted()
    {
        await Apply(Things("fields: { up: uuid }"));
        await Execute("INSERT INTO things (up) VALUES (gen_random_uuid()), (gen_random_uuid())");

        var fault = await Refused(Things("fields: { up: { type: reference, to: things } }"));

        Assert.Contains("2 rows refer to a record that does not exist.", fault.Message.English, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failing_step_takes_back_tables_metadata_and_samples_too()
    {
        await Apply(Things("fields: { name: text }"));
        await Execute("INSERT INTO things (name) VALUES (NULL)");

        await Refused(
            Read(
                """
                blueprint: test
                tables:
                  others: { fields: { note: text }, sample: [ { note: hello } ], search: [note] }
                  things: { label: New, fields: { name: { type: text, required: true } } }
                """),
            withSample: true);

        Assert.Equal("things|test|", await List("SELECT concat_ws('|', relation, blueprint, coalesce(label_en, '')) FROM socle_system.tables"));
        Assert.Equal("0", await List("SELECT count(*) FROM pg_class WHERE relname = 'others'"));
        Assert.Equal("0", await List("SELECT count(*) FROM pg_extension WHERE extname = 'pg_trgm'"));
    }

    [Fact]
    public async Task Sample_records_that_break_a_rule_take_everything_back()
    {
        var fault = await Refused(Things("fields: { name: { type: text, unique: true } }\nsample: [ { name: a }, { name: a } ]"), withSample: true);

        Assert.StartsWith("Could not write 2 sample records into things: some values are there more than once.", fault.Message.English, StringComparison.Ordinal);
        Assert.Equal("0", await List("SELECT count(*) FROM pg_class WHERE relname = 'things'"));
    }

    [Theory]
    [InlineData("CREATE VIEW things AS SELECT 1 AS a")]
    [InlineData("CREATE SEQUENCE things")]
    [InlineData("CREATE TYPE things AS (a int)")]
    public async Task Something_else_of_a_tables_name_is_refused(string sql)
    {
        await Execute(sql);

        var fault = await Refused(Things("fields: { name: text }"));

        Assert.Equal((FaultCode.Conflict, "tables.things"), (fault.Code, fault.Field));
        Assert.StartsWith("The database has a 'things' that is not a table", fault.Message.English, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_view_depends_on_is_not_changed_under_it()
    {
        await Execute("CREATE TABLE things (id uuid PRIMARY KEY, name varchar(10)); CREATE VIEW seen AS SELECT name FROM things");

        var fault = await Refused(Things("fields: { name: text }"));

        Assert.Contains("depends on what is there now", fault.Message.English, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_role_that_does_not_own_the_table_is_told_so()
    {
        await Apply(Things("fields: { name: text }"));
        await Execute("DROP ROLE IF EXISTS guest; CREATE ROLE guest LOGIN; GRANT ALL ON SCHEMA socle_system, public TO guest; GRANT ALL ON ALL TABLES IN SCHEMA socle_system, public TO guest");
        await using var guest = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(Database.ConnectionString) { Username = "guest" });

        var result = await ApplyBlueprint.Apply(guest, Things("fields: { name: text, other: text }"), false, TestContext.Current.CancellationToken);

        var fault = Assert.Single(result.Faults);
        Assert.Equal(FaultCode.Forbidden, fault.Code);
        Assert.StartsWith("Could not add the field things.other (text): the database role may not do that.", fault.Message.English, StringComparison.Ordinal);
        await Execute("DROP OWNED BY guest; DROP ROLE guest");
    }

    [Fact]
    public async Task Without_the_right_to_create_the_extension_search_has_no_index_and_the_plan_says_so()
    {
        await Execute("CREATE ROLE modest LOGIN; GRANT ALL ON SCHEMA socle_system, public TO modest; GRANT ALL ON ALL TABLES IN SCHEMA socle_system TO modest");
        await using var modest = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(Database.ConnectionString) { Username = "modest" });

        var result = await ApplyBlueprint.Apply(modest, Things("search: [name]\nfields: { name: text }"), false, TestContext.Current.CancellationToken);

        Assert.False(result.IsFault);
        Assert.Contains("* Search works without an index", result.Value.Describe(Language.English), StringComparison.Ordinal);
        Assert.DoesNotContain(result.Value.Steps, step => step is CreateIndex or CreateExtension);
        await Execute("DROP OWNED BY modest; DROP ROLE modest");
    }
}
