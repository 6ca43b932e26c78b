using System.Text.RegularExpressions;
using Socle.Kernel;
using Socle.Schema;
using Socle.Tests.Postgres.Schema;

namespace Socle.Tests.Postgres.FieldTypes;

/// <summary>Computed fields are generated columns: made, changed, renamed and dropped with their blueprint, and back.</summary>
public sealed class FormulaTests(TestServer server) : SchemaScenario(server)
{
    private const string Sale = """
        fields:
          quantity: number
          unit_price: { type: currency }
          discount: percentage
          total: { type: formula, formula: "round(quantity * unit_price * (1 - discount / 100), 2)", index: true }
        """;

    [Fact]
    public async Task A_formula_is_a_generated_column_of_the_type_it_gives()
    {
        await Apply(Things("""
            fields:
              name: text
              first: date
              last: date
              at: date_time
              spent: duration
              rate: { type: currency, precision: 8, scale: 2 }
              done: boolean
              kind: { type: choice, choices: [a, b] }
              amount: { type: formula, formula: "hours(spent) * rate" }
              label: { type: formula, formula: "upper(left(trim(name), 3)) & '-' & days & '-' & first" }
              days: { type: formula, formula: "last - first + 1" }
              late: { type: formula, formula: "not done and days > 10 or kind = 'b'" }
              due: { type: formula, formula: "coalesce(last, date(at), date('2030-01-01')) + 30" }
              reminder: { type: formula, formula: "at + 0.5" }
              share: { type: formula, formula: "days / (days - days)" }
              mixed: { type: formula, formula: "if(done, year(at) * 100 + month(at), -1) % 7 + min(1, days, 2) + max(3, length(name)) - abs(-floor(2.7))" }
            """));
        await Execute("""
            INSERT INTO things (name, first, last, at, spent, rate, done, kind) VALUES
                ('  éléphant ', '2026-01-01', '2026-01-15', '2026-03-01 12:00Z', 'PT1H30M', 60, false, 'a'),
                (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)
            """);

        Assert.Equal(
            "90|ÉLÉ-15-2026-01-01|15|t|2026-02-14|2026-03-02 00:00:00+00|-|-",
            await List("SELECT concat_ws('|', amount, label, days, late, due, reminder, coalesce(share::text, '-'), CASE WHEN mixed IS NULL THEN '?' ELSE '-' END) FROM things WHERE name IS NOT NULL", "SET timezone = 'UTC'"));
        Assert.Equal("--|2030-01-31", await List("SELECT concat_ws('|', amount, label, days, late, due, reminder) FROM things WHERE name IS NULL"));
        Assert.Equal(
            "amount numeric\ndays numeric\ndue date\nlabel text\nlate boolean\nmixed numeric\nreminder timestamp with time zone\nshare numeric",
            await List("SELECT attname || ' ' || format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = 'things'::regclass AND attgenerated = 's' ORDER BY 1"));
    }

    [Fact]
    public async Task Adding_a_formula_rewrites_the_table_and_going_down_takes_it_away()
    {
        await Apply(Things("fields: { quantity: number }"));
        await Execute("INSERT INTO things (quantity) VALUES (2), (3)");
        var structure = await Structure();

        var done = await Apply(Things("fields: { double: { type: formula, formula: quantity * 2 }, quantity: number }"));
        Assert.Equal((Verdict.NeedsScan, 2L), done.Steps.OfType<AddField>().Select(step => (step.Verdict, (long)step.Rows!)).Single());
        Assert.Equal("4\n6", await List("SELECT double FROM things ORDER BY 1"));

        await Down();
        Assert.Equal(structure, await Structure());
        await Up();
        Assert.Equal("4\n6", await List("SELECT double FROM things ORDER BY 1"));
        Assert.Equal("quantity * 2", await List("SELECT settings ->> 'formula' FROM socle_system.fields WHERE name = 'double'"));
    }

    [Fact]
    public async Task Another_formula_keeps_the_indexes_and_goes_back()
    {
        await Apply(Things(Sale));
        await Execute("INSERT INTO things (quantity, unit_price, discount) VALUES (3, 10, 10); CREATE INDEX own ON things (total, quantity); ALTER TABLE things ADD CONSTRAINT ck_own CHECK (total < 1000 OR quantity > 5)");
        var structure = await Structure();

        var done = await Apply(Things(Sale.Replace("round(", "1 + round(", StringComparison.Ordinal)));
        Assert.Contains("- compute things.total anew\n    rows it touches: 1;", done.Describe(Language.English), StringComparison.Ordinal);
        Assert.Equal("28.00", await List("SELECT total FROM things"));
        Assert.Equal("ix_things_total\nown", await List("SELECT relname FROM pg_class WHERE relname IN ('own', 'ix_things_total') ORDER BY 1"));
        Assert.Equal("ck_own", await List("SELECT conname FROM pg_constraint WHERE conname = 'ck_own'"));

        await Down();
        Assert.Equal("27.00", await List("SELECT total FROM things"));
        Assert.Equal(Sorted(structure), Sorted(await Structure()));
        Assert.True((await Plan(Things(Sale))).IsEmpty);
    }

    [Fact]
    public async Task A_formula_that_becomes_text_is_made_anew_with_its_index()
    {
        await Apply(Things("fields: { quantity: number, f: { type: formula, formula: quantity + 1, unique: true } }"));
        await Execute("INSERT INTO things (quantity) VALUES (1)");
        await Apply(Things("fields: { quantity: number, f: { type: formula, formula: \"'n' & quantity\", unique: true } }"));
        Assert.Equal("n1", await List("SELECT f FROM things"));
        await Down();
        Assert.Equal("2", await List("SELECT f FROM things"));
    }

    [Fact]
    public async Task What_a_formula_looks_at_may_change_its_type_and_its_name_with_the_blueprint()
    {
        await Apply(Things(Sale));
        await Execute("INSERT INTO things (quantity, unit_price, discount) VALUES (3, 10, 10)");
        var changed = Things("""
            fields:
              pieces: { id: quantity, type: decimal, precision: 12, scale: 3 }
              unit_price: { type: currency }
              discount: percentage
              total: { type: formula, formula: "round(pieces * unit_price * (1 - discount / 100), 2)", index: true }
            """);
        await Apply(changed);
        Assert.Equal("27.00", await List("SELECT total FROM things"));
        Assert.Equal("numeric(12,3)", await List("SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = 'things'::regclass AND attname = 'pieces'"));

        await Down();
        Assert.Equal("27.00", await List("SELECT total FROM things"));
        Assert.True((await Plan(Things(Sale))).IsEmpty);
        await Up();
        Assert.True((await Plan(changed)).IsEmpty);
    }

    [Fact]
    public async Task A_rename_alone_computes_nothing_anew()
    {
        await Apply(Things("fields: { a: number, f: { type: formula, formula: a + 1 } }"));
        var done = await Apply(Things("fields: { b: { id: a, type: number }, f: { type: formula, formula: b + 1 } }"));
        Assert.DoesNotContain(done.Steps, step => step is ChangeFormula);
        await Down();
        Assert.Equal("a + 1", await List("SELECT settings ->> 'formula' FROM socle_system.fields WHERE name = 'f'"));
    }

    [Fact]
    public async Task The_formula_that_is_kept_follows_a_rename_in_psql()
    {
        await Apply(Things("""fields: { a: text, b: text, f: { type: formula, formula: "concat(a , 'a ''a', \"a\",lower(b)) & b" } }"""));
        await Execute("ALTER TABLE things RENAME COLUMN a TO x; ALTER TABLE things RENAME COLUMN b TO a; ALTER TABLE things RENAME COLUMN x TO \"and\"; SELECT socle_system.refresh_fields()");
        Assert.Equal("""concat("and" , 'a ''a', "and",lower(a)) & a""", await List("SELECT settings ->> 'formula' FROM socle_system.fields WHERE name = 'f'"));
    }

    [Fact]
    public async Task A_field_that_a_formula_no_longer_needs_may_go_with_the_change_and_come_back()
    {
        await Apply(Things(Sale));
        await Execute("INSERT INTO things (quantity, unit_price, discount) VALUES (3, 10, 10)");
        var without = Things("fields: { quantity: number, unit_price: { type: currency }, total: { type: formula, formula: quantity * unit_price, index: true } }");
        await Apply(without);
        Assert.Equal("30.00", await List("SELECT total FROM things"));
        await Down();
        Assert.Equal("27.00 10", await List("SELECT total || ' ' || discount FROM things"));
        Assert.True((await Plan(Things(Sale))).IsEmpty);
    }

    [Fact]
    public async Task A_field_may_become_a_formula_and_a_formula_a_field()
    {
        await Apply(Things("fields: { quantity: number, total: { type: number, unique: true, required: true } }"));
        await Execute("INSERT INTO things (quantity, total) VALUES (3, 99)");
        var structure = await Structure();
        await Apply(Things("fields: { quantity: number, total: { type: formula, formula: quantity * 2, unique: true } }"));
        Assert.Equal("6", await List("SELECT total FROM things"));
        await Apply(Things("fields: { quantity: number, total: { type: number } }"));
        Assert.Equal("", await List("SELECT total::text FROM things"));
        await Down(2);
        Assert.Equal("99", await List("SELECT total FROM things"));
        Assert.Equal(Sorted(structure), Sorted(await Structure()));
    }

    [Fact]
    public async Task A_dropped_formula_comes_back_and_keeps_no_column_aside()
    {
        await Apply(Things(Sale));
        await Execute("INSERT INTO things (quantity, unit_price, discount) VALUES (3, 10, 10)");
        await Apply(Things("fields: { quantity: number, unit_price: { type: currency }, discount: percentage }"));
        Assert.Equal("0", await List("SELECT count(*) FROM pg_attribute WHERE attrelid = 'things'::regclass AND attgenerated <> '' AND NOT attisdropped"));
        await Down();
        Assert.Equal("27.00", await List("SELECT total FROM things"));
        Assert.True((await Plan(Things(Sale))).IsEmpty);
    }

    [Theory]
    [InlineData("fields: { kept: text }", "f")]
    [InlineData("fields: { kept: text, a: text }", "f")]
    public async Task What_a_formula_of_somebody_elses_looks_at_is_neither_dropped_nor_retyped(string lines, string named)
    {
        await Apply(Things("fields: { kept: text, a: number }"));
        await Execute($"ALTER TABLE things ADD COLUMN {named} numeric GENERATED ALWAYS AS (a * 2) STORED");
        var fault = await Refused(Things(lines));
        Assert.Contains($"things.{named}", fault.Message.English, StringComparison.Ordinal);
        Assert.Contains($"things.{named}", fault.Message.French, StringComparison.Ordinal);
    }

    [Fact]
    public async Task History_and_undo_leave_what_is_computed_to_the_database()
    {
        await Apply(Things("fields: { a: number, f: { type: formula, formula: a + 1 }, n: { type: autonumber, format: 'N{0}' } }"));
        await Execute("INSERT INTO things (a) VALUES (1); UPDATE things SET a = 2; DELETE FROM things");
        Assert.Equal("2 3 N1", await List("SELECT concat_ws(' ', before ->> 'a', before ->> 'f', before ->> 'n') FROM socle_system.history WHERE operation = 'D'"));
    }

    private Task<string> Structure() => List(StructureOf.Served);

    /// <summary>A column that was made anew stands last.</summary>
    private static string Sorted(string structure) =>
        string.Join('\n', structure.Split('\n').Select(line => Regex.Replace(line, @"(?<=^column \S+) \d+", "", RegexOptions.None, TimeSpan.FromSeconds(1))).Order(StringComparer.Ordinal));
}
