namespace Socle.Tests.Blueprints;

/// <summary>What fields take from other tables is judged when a file is read, with the line and the key at fault.</summary>
public sealed class RelationTests
{
    private const string Firm = """
        blueprint: firm
        tables:
          choix: { fields: { categorie: text, valeur: text, ordre: number } }
          clients:
            fields:
              name: text
              city: text
              born: date
              active: boolean
              TOTAL
          contracts:
            fields:
              client_id: { type: reference, to: clients }
              owner: { type: reference, to: users }
              amount: number
              status: text
              FIELD
        """;

    private static string Faults(string field, string total = "note: text") =>
        Asked.Faults(Firm.Replace("FIELD", field, StringComparison.Ordinal).Replace("TOTAL", total, StringComparison.Ordinal));

    [Theory]
    [InlineData("x: { type: lookup, through: client_id, field: city }")]
    [InlineData("x: { type: lookup, through: owner, field: name }")]
    [InlineData("x: { type: choice, choices: { from: choix, value: valeur, label: valeur, where: \"categorie=eq.x\", order: ordre }, default: a }")]
    [InlineData("x: { type: reference, to: choix, where: \"or=(categorie.eq.x,ordre.gt.3)\" }")]
    public void Right_fields_are_taken(string field) => Assert.Equal("", Faults(field));

    [Theory]
    [InlineData("x: lookup", "17: A field of type lookup needs 'through'.")]
    [InlineData("x: { type: lookup, through: client_id }", "17: 'x' needs 'field': the field of the other table.")]
    [InlineData("x: { type: text, field: a }", "17: 'field' does not go with the type text.")]
    [InlineData("x: { type: lookup, through: client_id, field: city, required: true }", "17: 'required' does not go with the type lookup.")]
    [InlineData("x: { type: lookup, through: client_id, field: city, default: a }", "17: 'default' does not go with the type lookup.")]
    [InlineData("x: { type: lookup, through: client, field: city }", "17: 'contracts' has no reference 'client' that leads to a table. There is: client_id, owner.")]
    [InlineData("x: { type: lookup, through: clientid, field: city }", "17: 'contracts' has no reference 'clientid' that leads to a table. Did you mean 'client_id'?")]
    [InlineData("x: { type: lookup, through: client_id, field: cty }", "17: 'clients' has no field 'cty'. Did you mean 'city'?")]
    [InlineData("x: { type: lookup, through: client_id, field: city, function: sum }", "17: 'function' does not go with the type lookup.")]
    [InlineData("x: { type: text, where: \"a=eq.b\" }", "17: 'where' does not go with the type text.")]
    [InlineData("x: { type: choice, choices: { from: choic, value: valeur } }", "17: The table 'choic' is unknown. Did you mean 'choix'?")]
    [InlineData("x: { type: choice, choices: { from: choix } }", "17: Choices from a table need 'value'.")]
    [InlineData("x: { type: choice, choices: { from: choix, value: valeurs } }", "17: The field 'valeurs' is unknown. Did you mean 'valeur'?")]
    [InlineData("x: { type: choice, choices: { from: choix, value: ordre } }", "17: 'choix.ordre' holds no text, and a choice is stored as text.")]
    [InlineData("x: { type: choice, choices: { from: choix, value: valeur, label: label } }", "17: The field 'label' is unknown. Known: id, categorie, valeur, ordre, created_at, updated_at.")]
    [InlineData("x: { type: choice, choices: { from: choix, value: valeur, where: \"categori=eq.x\" } }", "17: 'choix' has no field 'categori'. Did you mean 'categorie'?")]
    [InlineData("x: { type: choice, choices: { from: choix, value: valeur, where: \"ordre=eq.x\" } }", "17: The filter on 'ordre' expects a whole number from -9223372036854775808 to 9223372036854775807.")]
    [InlineData("x: { type: choice, choices: { from: choix, value: valeur, where: \"\" } }", "17: 'where' holds no condition, such as status=eq.signed.")]
    [InlineData("x: { type: reference, to: choix, where: \"categorie=eq.{user.name}\" }", "17: 'where' is the same for everybody: {user.…} stands in policies only.")]
    [InlineData("x: { type: reference, to: users, where: \"name=eq.a\" }", "17: 'where' goes with a table that the blueprint makes, and 'users' is none.")]
    [InlineData("x: { type: reference, to: choi, where: \"name=eq.a\" }", "17: The table 'choi' is unknown. Did you mean 'choix'?")]
    public void Wrong_fields_are_refused(string field, string faults) => Assert.Equal(faults, Faults(field));

    [Theory]
    [InlineData("t: { type: rollup, through: contracts.client_id, function: count }", "")]
    [InlineData("t: { type: rollup, through: contracts.client_id, function: sum, field: amount, where: \"status=eq.signed\" }", "")]
    [InlineData("t: { type: rollup, through: contracts.client_id, function: sum }", "10: 't' needs 'field': the field of the other table.")]
    [InlineData("t: { type: rollup, through: contracts.client_id, function: sums, field: amount }", "10: A rollup needs a 'function'. Did you mean 'sum'?")]
    [InlineData("t: { type: rollup, through: contracts.client_id, function: sum, field: status }", "10: 'sum' does not work on 'contracts.status', which is of type text.")]
    [InlineData("t: { type: rollup, through: contract.client_id, function: count }", "10: 'contract.client_id' is no reference of another table to 'clients': write 'table.field'. Did you mean 'contracts.client_id'?")]
    [InlineData("t: { type: rollup, through: contracts.owner, function: count }", "10: 'contracts.owner' is no reference of another table to 'clients': write 'table.field'. There is: contracts.client_id.")]
    [InlineData("t: { type: rollup, through: contracts.client_id, function: count, where: \"amount=like.x\" }", "10: The operator 'like' does not work on 'amount', which is of type bigint.")]
    [InlineData("t: { type: rollup, through: contracts.client_id, function: count, where: \"clients.name=eq.x\" }", "10: 'where' asks for fields of 'contracts' itself, not for those of 'clients'.")]
    public void Rollups_are_judged_with_the_table_that_they_go_through(string total, string faults)
    {
        var told = Faults("x: text", total);
        if (faults.Length == 0)
            Assert.Equal("", told);
        else
            Assert.StartsWith(faults, told, StringComparison.Ordinal);
    }

    [Fact]
    public void What_goes_round_in_a_circle_is_refused()
    {
        var told = Faults("x: { type: lookup, through: client_id, field: t }", "t: { type: rollup, through: contracts.client_id, function: max, field: x }");

        Assert.Contains("would be computed from itself.", told, StringComparison.Ordinal);
        Assert.Equal("", Faults("x: { type: lookup, through: client_id, field: t }", "t: { type: rollup, through: contracts.client_id, function: max, field: amount }"));
    }

    [Fact]
    public void A_policy_does_not_look_at_a_computed_field_but_may_show_it()
    {
        const string Yaml = """
            blueprint: firm
            tables:
              things:
                fields:
                  up: { type: reference, to: things }
                  n: { type: rollup, through: things.up, function: count }
            policies:
              member:
                things:
                  read: { filter: "n=gt.1", fields: [n, up] }
            """;

        Assert.Equal("10: 'things.n' is computed from other tables, so a condition that the database keeps cannot look at it.", Asked.Faults(Yaml));
        Assert.Equal("", Asked.Faults(Yaml.Replace("n=gt.1", "up=not.is.null", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("indexes: [[n]]")]
    [InlineData("search: [n]")]
    [InlineData("sample: [{ n: 1 }]")]
    public void Nothing_else_can_be_done_with_a_field_without_a_column(string line)
    {
        var yaml = Asked.Things($"fields:\n  name: text\n  up: {{ type: reference, to: things }}\n  n: {{ type: rollup, through: things.up, function: count }}\n{line}");

        Assert.Equal("8: The field 'n' is unknown. Known: id, name, up, created_at, updated_at.", Asked.Faults(yaml));
    }
}
