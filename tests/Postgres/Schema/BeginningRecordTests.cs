using Socle.Blueprints;

namespace Socle.Tests.Postgres.Schema;

/// <summary>Records that a blueprint gives its tables from the beginning, asked for or not.</summary>
public sealed class BeginningRecordTests(TestServer server) : SchemaScenario(server)
{
    private const string Lists =
        """
        blueprint: test
        tables:
          lists:
            fields:
              name: { type: text, required: true }
            records:
              - { id: 10000000-0000-4000-8000-000000000001, name: one }
              - { id: 10000000-0000-4000-8000-000000000002, name: two }
          things:
            fields:
              list_id: { type: reference, to: lists }
            sample:
              - { list_id: 10000000-0000-4000-8000-000000000002 }

        """;

    [Fact]
    public async Task A_new_table_has_its_records_without_being_asked_and_once()
    {
        var plan = await Apply(Read(Lists));

        Assert.Contains(plan.Steps, step => step.Words.English == "write 2 records into lists");
        Assert.Equal("one\ntwo", await List("SELECT name FROM lists ORDER BY name"));
        Assert.Equal("0", await List("SELECT count(*)::text FROM things"));
    }

    [Fact]
    public async Task What_somebody_deleted_or_changed_stays_so()
    {
        await Apply(Read(Lists));
        await Execute("DELETE FROM lists WHERE name = 'one'; UPDATE lists SET name = 'deux'");
        await Apply(Read(Lists));
        Assert.Equal("deux", await List("SELECT name FROM lists"));

        await Execute("DELETE FROM lists");
        await Apply(Read(Lists));
        Assert.Equal("", await List("SELECT name FROM lists"));
    }

    [Fact]
    public async Task A_table_with_records_of_its_own_keeps_to_them()
    {
        await Apply(Read("blueprint: test\ntables:\n  lists:\n    fields:\n      name: { type: text, required: true }\n"));
        await Execute("INSERT INTO lists (name) VALUES ('mine')");

        await Apply(Read(Lists));

        Assert.Equal("mine", await List("SELECT name FROM lists"));
    }

    [Fact]
    public async Task A_sample_comes_beside_them_and_may_point_to_them()
    {
        await Apply(Read(Lists), withSample: true);

        Assert.Equal("two", await List("SELECT l.name FROM things t JOIN lists l ON l.id = t.list_id"));
    }

    [Fact]
    public async Task The_cochin_blueprint_begins_with_the_thirteen_choices_and_takes_its_sample_later()
    {
        var cochin = BlueprintLibrary.Find("cochin").Value;
        await Apply(cochin);
        Assert.Equal("13 0", await List("SELECT concat_ws(' ', (SELECT count(*) FROM choix), (SELECT count(*) FROM projet))"));

        await Apply(cochin, withSample: true);

        Assert.Equal("13 3 2", await List("SELECT concat_ws(' ', (SELECT count(*) FROM choix), (SELECT count(*) FROM projet), (SELECT count(*) FROM devis))"));
    }
}
