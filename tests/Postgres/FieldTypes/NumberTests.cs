using System.Text.RegularExpressions;
using Npgsql;
using Socle.Kernel;
using Socle.Schema;
using Socle.Tests.Postgres.Schema;

namespace Socle.Tests.Postgres.FieldTypes;

/// <summary>Numbers that the database gives: in order, once each, whoever writes.</summary>
public sealed class NumberTests(TestServer server) : SchemaScenario(server)
{
    private const string All = "SELECT number FROM things ORDER BY number";

    private static readonly int Year = TimeZoneInfo.ConvertTime(DateTimeOffset.UtcNow, TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris")).Year;

    [Fact]
    public async Task Records_are_numbered_by_year_in_psql_in_several_at_once_and_by_COPY()
    {
        await Apply(Things("fields: { name: text, number: { type: autonumber, format: 'DEV-{yyyy}-{0000}' } }"));
        await Execute("INSERT INTO things (name) VALUES ('a')");
        await Execute("INSERT INTO things (name, number) VALUES ('b', NULL), ('c', NULL)");
        await using (var connection = await Database.OpenConnectionAsync(TestContext.Current.CancellationToken))
        {
            await using var copy = await connection.BeginTextImportAsync("COPY things (name) FROM STDIN", TestContext.Current.CancellationToken);
            await copy.WriteAsync("d\ne\n");
        }

        Assert.Equal(string.Join('\n', Enumerable.Range(1, 5).Select(i => $"DEV-{Year}-000{i}")), await List(All));
        Assert.Equal("True", await List("SELECT attnotnull FROM pg_attribute WHERE attrelid = 'things'::regclass AND attname = 'number'"));
    }

    [Theory]
    [InlineData("false")]
    [InlineData("true")]
    public async Task A_number_that_a_record_brings_is_kept_and_the_next_goes_on_after_it(string gapless)
    {
        await Apply(Things($"fields: {{ name: text, number: {{ type: autonumber, format: 'F{{00}}', gapless: {gapless} }} }}"));
        await Execute("INSERT INTO things (name, number) VALUES ('a', NULL), ('b', 'F07'), ('c', NULL), ('old', '2019/12')");
        await Execute("INSERT INTO things (name, number) VALUES ('d', 'F05')");
        await Execute("INSERT INTO things (name, number) VALUES ('e', 'F4000')");
        await Execute("INSERT INTO things (name) VALUES ('f')");
        await Execute("UPDATE things SET number = 'F5000' WHERE name = 'e'");
        await Execute("INSERT INTO things (name) VALUES ('g')");

        Assert.Equal("a F01\nb F07\nc F08\nd F05\ne F5000\nf F4001\ng F5001\nold 2019/12", await List("SELECT name || ' ' || number FROM things ORDER BY name"));
        await Assert.ThrowsAsync<PostgresException>(() => Execute("UPDATE things SET number = NULL"));
        await Assert.ThrowsAsync<PostgresException>(() => Execute("INSERT INTO things (number) VALUES ('F01')"));
    }

    [Fact]
    public async Task Records_that_are_there_are_numbered_in_the_order_and_the_year_in_which_they_were_made()
    {
        await Apply(Things("fields: { name: text }"));
        await Execute("""
            INSERT INTO things (name, created_at) VALUES ('c', '2025-05-01'), ('a', '2024-02-01'), ('b', '2024-12-31 22:00Z'), ('new year in Paris', '2024-12-31 23:30Z');
            UPDATE things SET updated_at = '2025-06-01'
            """);
        var before = await List("SELECT count(*) FROM socle_system.history");
        var touched = await List("SELECT string_agg(updated_at::text, ',' ORDER BY name) FROM things");

        var done = await Apply(Things("fields: { name: text, number: { type: autonumber, format: '{yy}/{000}' } }"));

        Assert.Equal("a 24/001\nb 24/002\nc 25/002\nnew year in Paris 25/001", await List("SELECT name || ' ' || number FROM things ORDER BY name"));
        Assert.Equal(before, await List("SELECT count(*) FROM socle_system.history"));
        Assert.Equal(touched, await List("SELECT string_agg(updated_at::text, ',' ORDER BY name) FROM things"));
        Assert.Equal((Verdict.NeedsScan, 4L), done.Steps.OfType<SetNumber>().Select(step => (step.Verdict, (long)step.Rows!)).Single());
        await Execute("INSERT INTO things (name) VALUES ('now')");
        Assert.Equal($"{Year % 100:00}/001", await List("SELECT number FROM things WHERE name = 'now'"));
    }

    [Theory]
    [InlineData("false")]
    [InlineData("true")]
    public async Task Numbers_go_down_and_up_with_their_migration(string gapless)
    {
        await Apply(Things("fields: { name: text }"));
        await Execute("INSERT INTO things (name, created_at) VALUES ('a', '2024-01-01'), ('b', '2024-01-02')");
        var structure = await Structure();
        var numbered = Things($"fields: {{ name: text, number: {{ type: autonumber, format: 'N{{000}}', gapless: {gapless} }} }}");
        await Apply(numbered);
        await Execute("INSERT INTO things (name) VALUES ('c')");
        await Execute("UPDATE things SET number = 'N090' WHERE name = 'a'");

        await Down();
        Assert.Equal(structure, await Structure());
        Assert.Equal("0", await List("SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'socle_number_%'"));
        await Execute("INSERT INTO things (name) VALUES ('d')");
        await Up();
        await Execute("INSERT INTO things (name) VALUES ('e')");

        Assert.Equal("a N090\nb N002\nc N003\nd N091\ne N092", await List("SELECT name || ' ' || number FROM things ORDER BY name"));
        Assert.True((await Plan(numbered)).IsEmpty);
    }

    [Fact]
    public async Task A_dropped_number_comes_back_as_it_was_and_numbers_what_was_made_meanwhile()
    {
        var numbered = Things("fields: { name: text, number: { type: autonumber, format: 'N{0}', gapless: true } }");
        await Apply(numbered);
        await Execute("INSERT INTO things (name) VALUES ('a'), ('b')");
        var structure = await Structure();
        await Apply(Things("fields: { name: text }"));
        await Execute("INSERT INTO things (name) VALUES ('c')");

        await Down();

        Assert.Equal("a N1\nb N2\nc N3", await List("SELECT name || ' ' || number FROM things ORDER BY name"));
        Assert.Equal(structure, await Structure());
        Assert.True((await Plan(numbered)).IsEmpty);
        await Execute("INSERT INTO things (name) VALUES ('d')");
        Assert.Equal("N4", await List("SELECT number FROM things WHERE name = 'd'"));
    }

    [Fact]
    public async Task Another_format_holds_for_new_records_and_can_be_taken_back()
    {
        await Apply(Things("fields: { name: text, number: { type: autonumber, format: 'N{0}' } }"));
        await Execute("INSERT INTO things (name) VALUES ('a'), ('b')");
        await Apply(Things("fields: { name: text, number: { type: autonumber, format: 'X-{000}', gapless: true } }"));
        await Execute("INSERT INTO things (name) VALUES ('c')");
        await Down();
        await Execute("INSERT INTO things (name) VALUES ('d')");

        Assert.Equal("a N1\nb N2\nc X-001\nd N3", await List("SELECT name || ' ' || number FROM things ORDER BY name"));
    }

    [Theory]
    [InlineData("false")]
    [InlineData("true")]
    public async Task Numbers_follow_a_rename_of_the_table_and_of_the_field_by_whomever(string gapless)
    {
        await Apply(Things($"fields: {{ name: text, number: {{ type: autonumber, format: 'N{{0}}', gapless: {gapless} }} }}"));
        await Execute("INSERT INTO things (name) VALUES ('a')");
        await Execute("ALTER TABLE things RENAME COLUMN number TO reference");
        await Execute("INSERT INTO things (name) VALUES ('b')");
        await Execute("ALTER TABLE things RENAME TO stuff");
        await Execute("INSERT INTO stuff (name) VALUES ('c')");
        await Execute("ALTER TABLE stuff RENAME TO things");
        var renamed = Things($"id: things\nfields: {{ name: text, code: {{ id: number, type: autonumber, format: 'N{{0}}', gapless: {gapless} }} }}");
        await Apply(renamed);
        await Execute("INSERT INTO things (name) VALUES ('d')");

        Assert.Equal("N1\nN2\nN3\nN4", await List("SELECT code FROM things ORDER BY name"));
    }

    [Fact]
    public async Task A_role_that_may_only_insert_is_numbered_too()
    {
        await Apply(Things("fields: { name: text, number: { type: autonumber, format: 'N{0}' }, second: { type: autonumber, format: 'G{0}', gapless: true } }"));
        var role = $"clerk_{Guid.NewGuid():N}";
        await Execute($"CREATE ROLE {role}; GRANT INSERT (name) ON things TO {role}; GRANT SELECT ON things TO {role}");
        try
        {
            await Execute($"SET ROLE {role}; INSERT INTO things (name) VALUES ('a'), ('b'); RESET ROLE");
            Assert.Equal("N1 G1\nN2 G2", await List("SELECT number || ' ' || second FROM things ORDER BY name"));
        }
        finally
        {
            await Execute($"DROP OWNED BY {role}; DROP ROLE {role}");
        }
    }

    [Fact]
    public async Task Nobody_loses_a_number_to_an_upsert_or_a_rollback_where_there_are_no_gaps()
    {
        await Apply(Things("fields: { name: { type: text, unique: ignore_case }, code: { type: text, unique: true }, number: { type: autonumber, format: 'N{0}', gapless: true } }"));
        await Execute("INSERT INTO things (name, code) VALUES ('a', '1'), ('b', '2')");
        await Execute("INSERT INTO things (name, code) VALUES ('x', '1'), ('c', '3'), ('B', '9') ON CONFLICT DO NOTHING");
        await Execute("INSERT INTO things (name, code) VALUES ('y', '2'), ('d', '4') ON CONFLICT (code) DO UPDATE SET name = excluded.name");
        await Execute("BEGIN; INSERT INTO things (name) VALUES ('lost'); ROLLBACK");
        await Execute("BEGIN; INSERT INTO things (name) VALUES ('e'); SAVEPOINT s; INSERT INTO things (name) VALUES ('lost'), ('too'); ROLLBACK TO s; INSERT INTO things (name) VALUES ('f'); COMMIT");
        await Assert.ThrowsAsync<PostgresException>(() => Execute("INSERT INTO things (name) VALUES ('g'), ('a')"));
        await Execute("INSERT INTO things (name) VALUES ('h')");

        Assert.Equal("a N1\nc N3\nd N4\ne N5\nf N6\nh N7\ny N2", await List("SELECT name || ' ' || number FROM things ORDER BY name"));
    }

    /// <summary>The triggers bear an id that is another each time.</summary>
    private async Task<string> Structure() => Regex.Replace(await List(StructureOf.Served), "(?<=socle_number_)[0-9a-f-]{36}", "…", RegexOptions.None, TimeSpan.FromSeconds(1));
}
