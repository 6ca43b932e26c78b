using Socle.Blueprints;

namespace Socle.Tests.Blueprints;

/// <summary>What a blueprint may say of tables that somebody else made.</summary>
public sealed class AdoptedTests
{
    [Fact]
    public void Names_are_those_of_the_database_in_any_letters()
    {
        var blueprint = Asked.Blueprint("""
            blueprint: shop
            adopted:
              "Order Details":
                label: { fr: Lignes, en: Lines }
                fields:
                  OrderID: { type: reference, to: users }
                  "Postal Code": { type: text, label: Code }
              users:
                fields: { id: number }
            """);
        Assert.Empty(blueprint.Tables);
        Assert.Equal(["Order Details", "users"], blueprint.Adopted.Select(table => table.Name));
        Assert.Equal("users", blueprint.Adopted[0].Fields[0].Settings.Target);
        Assert.Equal("Lines", blueprint.Adopted[0].Label!.Value.English);
    }

    [Theory]
    [InlineData("adopted: {}", "at least one table")]
    [InlineData("adopted: { A: { fields: {} } }", "has no fields")]
    [InlineData("adopted: { A: {} }", "has no fields")]
    [InlineData("adopted: { A: { fields: { b: texte } } }", "Did you mean 'text'?")]
    [InlineData("adopted: { A: { fields: { b: { label: x } } } }", "Say the type of 'b'")]
    [InlineData("adopted: { A: { fields: { b: { type: text, required: true } } } }", "The key 'required' is unknown")]
    [InlineData("adopted: { A: { key: [b], fields: { b: text } } }", "The key 'key' is unknown")]
    [InlineData("adopted: { A: { fields: { b: { type: reference, to: Aa } } } }", "Did you mean 'A'?")]
    [InlineData("adopted: { A: { fields: { b: reference } } }", "A reference says to which table")]
    [InlineData("adopted: { A: { fields: { b: { type: text, to: A } } } }", "A reference says to which table")]
    [InlineData("adopted: { A: { fields: { b: choice } } }", "write 'text'")]
    [InlineData("tables: { a: { fields: { b: text } } }\nadopted: { a: { fields: { b: text } } }", "stands under 'tables' too")]
    [InlineData("adopted: [A]", "expects a group")]
    public void What_makes_no_sense_is_refused(string yaml, string words) =>
        Assert.Contains(words, Asked.Faults($"blueprint: a\n{yaml}"), StringComparison.Ordinal);
}
