using Socle.Blueprints;
using Socle.FieldTypes;
using Socle.Kernel;
using Socle.Schema;

namespace Socle.Tests.Blueprints;

public sealed class ReadingTests
{
    private static TableBlueprint Things(string body) => Asked.Blueprint(Asked.Things(body)).Tables.Single();

    [Fact]
    public void Every_table_has_an_id_and_timestamps()
    {
        Assert.Equal(["id", "name", "created_at", "updated_at"], Things("fields: { name: text }").Fields.Select(field => field.Name));
        Assert.Equal(["id", "name"], Things("timestamps: false\nfields: { name: text }").Fields.Select(field => field.Name));
    }

    [Fact]
    public void A_key_takes_the_place_of_the_id_and_its_fields_are_required()
    {
        var table = Asked.Blueprint(
            """
            blueprint: test
            tables:
              a: { fields: { name: text } }
              b: { fields: { name: text } }
              a_b: { key: [a_id, b_id], timestamps: false, fields: { a_id: { type: reference, to: a }, b_id: { type: reference, to: b } } }
            """).Tables[2];

        Assert.Equal(["a_id", "b_id"], table.Key);
        Assert.All(table.Fields, field => Assert.True(field.IsRequired));
        Assert.Equal(["ix_a_b_b_id"], Desired(table).Indexes.Select(index => index.Name));
    }

    [Theory]
    [InlineData("phone", "0612345678", "\"0612345678\"")]
    [InlineData("text", "12", "\"12\"")]
    [InlineData("text", "true", "\"true\"")]
    [InlineData("text", "2026-01-01", "\"2026-01-01\"")]
    [InlineData("text", "\"null\"", "\"null\"")]
    [InlineData("text", "null", "null")]
    [InlineData("text", "~", "null")]
    [InlineData("number", "12", "12")]
    [InlineData("number", "\"12\"", "\"12\"")]
    [InlineData("number", "007", "\"007\"")]
    [InlineData("decimal", "12.50", "12.50")]
    [InlineData("boolean", "true", "true")]
    [InlineData("date", "2026-01-01", "\"2026-01-01\"")]
    [InlineData("tags", "[1, true, \"x\", null]", "[\"1\",\"true\",\"x\",null]")]
    [InlineData("json", "{ a: 1, b: [true, ~, 1e3, 0x1F, \"1\"], c: { d: text } }", "{\"a\":1,\"b\":[true,null,1e3,\"0x1F\",\"1\"],\"c\":{\"d\":\"text\"}}")]
    public void The_field_decides_what_a_sample_value_is(string type, string yaml, string json)
    {
        var table = Things($"fields: {{ value: {type} }}\nsample: [ {{ value: {yaml} }} ]");

        Assert.Equal(json, table.Sample[0].Find("value")!.Value.GetRawText());
    }

    [Theory]
    [InlineData("{ type: text, default: active }", "'active'::text")]
    [InlineData("{ type: text, default: \"it's\" }", "'it''s'::text")]
    [InlineData("{ type: text, default: 0612 }", "'0612'::text")]
    [InlineData("{ type: text, default: now }", "'now'::text")]
    [InlineData("{ type: text, default: null }", null)]
    [InlineData("{ type: number, default: 5 }", "'5'::bigint")]
    [InlineData("{ type: decimal, precision: 5, scale: 2, default: 20 }", "'20'::numeric(5,2)")]
    [InlineData("{ type: boolean, default: false }", "'false'::boolean")]
    [InlineData("{ type: tags, default: [] }", "'{}'::text[]")]
    [InlineData("{ type: tags, default: [a, \"b c\"] }", """'{"a","b c"}'::text[]""")]
    [InlineData("{ type: json, default: { a: [1] } }", """'{"a":[1]}'::jsonb""")]
    [InlineData("{ type: date, default: today }", "CURRENT_DATE")]
    [InlineData("{ type: date, default: 2026-01-31 }", "'2026-01-31'::date")]
    [InlineData("{ type: date_time, default: now }", "now()")]
    [InlineData("{ type: uuid, default: uuid }", "gen_random_uuid()")]
    [InlineData("{ type: choice, choices: [a, b], default: b }", "'b'::text")]
    public void A_default_is_a_value_of_the_field_or_one_of_three_words(string field, string? sql) =>
        Assert.Equal(sql, Desired(Things($"fields: {{ value: {field} }}")).FindColumn("value")!.Default);

    [Fact]
    public void Labels_are_one_text_or_one_for_each_language()
    {
        var table = Things("label: Chose\nfields: { a: { type: text, label: { fr: Nom, en: Name } }, b: { type: text, label: { fr: Ville } }, c: text }");

        Assert.Equal(new Text("Chose", "Chose"), table.Label);
        Assert.Equal(new Text("Name", "Nom"), table.FindField("a")!.Label);
        Assert.Equal(new Text("Ville", "Ville"), table.FindField("b")!.Label);
        Assert.Null(table.FindField("c")!.Label);
    }

    [Fact]
    public void Choices_are_words_or_values_with_labels()
    {
        var field = Things("fields: { state: { type: choice, choices: [{ value: planned, fr: Planifié, en: Planned }, done] } }").FindField("state")!;

        Assert.Equal([new Choice("planned", new Text("Planned", "Planifié")), new Choice("done", new Text("done", "done"))], field.Settings.Choices!);
        Assert.Equal("CHECK (\"state\" IN ('planned', 'done'))", Desired(Things("fields: { state: { type: choice, choices: [planned, done] } }")).Checks.Single().Definition);
    }

    [Theory]
    [InlineData("fields: { a: { type: text, index: true } }", "ix_things_a btree (\"a\")")]
    [InlineData("fields: { a: { type: text, unique: true } }", "uq_things_a btree (\"a\")")]
    [InlineData("fields: { a: { type: email, unique: ignore_case } }", "uq_things_a btree (lower(\"a\"))")]
    [InlineData("fields: { a: { type: tags, index: true } }", "ix_things_a gin (\"a\")")]
    [InlineData("fields: { a: text, b: text }\nindexes: [[a, b desc]]", "ix_things_a_b btree (\"a\", \"b\" DESC)")]
    [InlineData("fields: { a: text, b: text }\nindexes: [{ fields: [a, b], unique: true }]", "uq_things_a_b btree (\"a\", \"b\")")]
    [InlineData("fields: { a: { type: reference, to: things } }", "ix_things_a btree (\"a\")")]
    [InlineData("fields: { a: { type: reference, to: things, index: false } }", "")]
    [InlineData("fields: { a: { type: reference, to: things, unique: true } }", "uq_things_a btree (\"a\")")]
    [InlineData("fields: { a: { type: reference, to: things }, b: text }\nindexes: [[a, b]]", "ix_things_a_b btree (\"a\", \"b\")")]
    [InlineData("search: [a]\nfields: { a: text }", "ix_things_search gin ((socle_system.fold(coalesce(\"a\", ''))) \"extensions\".gin_trgm_ops)")]
    public void Indexes_come_from_fields_lists_references_and_search(string body, string indexes) =>
        Assert.Equal(indexes, string.Join("; ", Desired(Things(body)).Indexes.Select(index => $"{index.Name} {index.Definition}")));

    [Fact]
    public void Names_too_long_for_PostgreSQL_end_in_a_hash_and_stay_apart()
    {
        var fields = new[] { new string('a', 63), new string('a', 62) + "b" };

        var names = fields.Select(field => SchemaNames.For("uq", "things", field)).ToArray();

        Assert.All(names, name => Assert.Equal(63, name.Length));
        Assert.NotEqual(names[0], names[1]);
        Assert.Equal("uq_clients_email", SchemaNames.For("uq", "clients", "email"));
    }

    [Fact]
    public void A_difference_from_itself_is_empty()
    {
        var washgo = DesiredSchema.From(BlueprintLibrary.Find("washgo").Value, "public");

        Assert.Empty(SchemaDifference.Between(washgo, washgo));
        Assert.NotEmpty(SchemaDifference.Between(washgo, []));
    }

    private static TableShape Desired(TableBlueprint table) => DesiredSchema.From(new Blueprint("test", null, [table]), "extensions").Single();
}
