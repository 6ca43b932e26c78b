using Socle.FieldTypes;

namespace Socle.Tests.Blueprints;

/// <summary>The later field types in a blueprint: what they are filled with, and every fault with its line.</summary>
public sealed class LaterTypeTests
{
    [Fact]
    public void What_is_left_out_is_filled_in()
    {
        var table = Asked.Blueprint(Asked.Things("""
            fields:
              price: currency
              stars: rating
              who: user
              n: { type: autonumber, format: "N{0}" }
              f: { type: formula, formula: price * 2 }
              g: { type: formula, formula: "f > 1" }
            """)).Tables[0];
        Assert.Equal((14, 2, "EUR"), (table.FindField("price")!.Settings.Precision, table.FindField("price")!.Settings.Scale, table.FindField("price")!.Settings.Currency));
        Assert.Equal(5, table.FindField("stars")!.Settings.Max);
        Assert.Equal((ReferenceField.Users, Socle.Blueprints.OnDelete.SetNull), (table.FindField("who")!.Settings.Target, table.FindField("who")!.OnDelete));
        Assert.True(table.FindField("n") is { IsRequired: true, Uniqueness: Socle.Blueprints.Uniqueness.Exact, Settings.Gapless: null });
        Assert.Equal("number boolean", $"{table.FindField("f")!.Settings.Result} {table.FindField("g")!.Settings.Result}");
    }

    [Theory]
    [InlineData("a: autonumber", "A field of type autonumber needs 'format'.")]
    [InlineData("a: formula", "A field of type formula needs 'formula'.")]
    [InlineData("a: { type: text, currency: EUR }", "'currency' does not go with the type text.")]
    [InlineData("a: { type: currency, currency: EURO }", "The currency 'EURO' is unknown. Did you mean 'EUR'?")]
    [InlineData("a: { type: rating, max: 0 }", "'tables.things.fields.a.max' expects a whole number from 1 to 100.")]
    [InlineData("a: { type: rating, default: 6 }", "'tables.things.fields.a.default' expects a whole number from 0 to 5.")]
    [InlineData("a: { type: colour, default: red }", "'tables.things.fields.a.default' expects a colour such as #1e90ff.")]
    [InlineData("a: { type: user, to: users }", "'to' does not go with the type user.")]
    [InlineData("a: { type: autonumber, format: 'N{0}', default: N1 }", "An autonumber is always there and always another: remove this line.")]
    [InlineData("a: { type: autonumber, format: 'N{0}', required: false }", "An autonumber is always there and always another: remove this line.")]
    [InlineData("a: { type: autonumber, format: N }", "A format holds the number exactly once: {0000}, with as many zeros as it has digits at least.")]
    [InlineData("a: { type: autonumber, format: 'N{0}', time_zone: Mars }", "'tables.things.fields.a.time_zone' expects a time zone such as Europe/Paris.")]
    [InlineData("a: { type: formula, formula: 1 + 1, required: true }", "A formula gives the field its value: remove this line.")]
    [InlineData("a: { type: formula, formula: 1 + 1, default: 2 }", "A formula gives the field its value: remove this line.")]
    [InlineData("a: { type: formula, formula: nam & 1 }\n  name: text", "In the formula, at character 1: the field 'nam' is unknown; did you mean 'name'?")]
    [InlineData("a: { type: formula, formula: a + 1 }", "In the formula, at character 1: the field 'a' cannot be computed with: the formula would use itself.")]
    public void A_fault_is_told_with_its_line(string field, string fault) => Assert.Equal($"5: {fault}", Asked.Faults(Asked.Things($"fields:\n  {field}")));

    [Fact]
    public void Formulas_in_a_circle_are_refused() => Assert.Contains(
        "the formula would use itself",
        Asked.Faults(Asked.Things("fields:\n  a: { type: formula, formula: b + 1 }\n  b: { type: formula, formula: a + 1 }")),
        StringComparison.Ordinal);

    [Fact]
    public void A_formula_is_neither_a_key_nor_given_by_a_sample() => Assert.Equal(
        "4: 'f' is computed, and cannot be part of the key.\n6: 'f' is computed: remove this line.",
        Asked.Faults(Asked.Things("key: [f]\nfields: { n: number, f: { type: formula, formula: n + 1 } }\nsample: [{ n: 1, f: 2 }]")));

    [Fact]
    public void A_table_of_formulas_in_formulas_does_not_explode()
    {
        var fields = string.Join('\n', Enumerable.Range(1, 30).Select(i => $"  f{i}: {{ type: formula, formula: f{i - 1} & f{i - 1} }}"));
        Assert.Contains("it is too long, with the formulas that it uses", Asked.Faults(Asked.Things($"fields:\n  f0: text\n{fields}")), StringComparison.Ordinal);
    }
}
