using System.Collections.Immutable;
using Socle.Blueprints;
using Socle.Kernel;
using Socle.Schema;
using Socle.Schema.Migrations;

namespace Socle.Tests.Postgres.Policies;

/// <summary>A blueprint says who may do what, and applying it puts that into force.</summary>
public sealed class BlueprintTests(TestServer server) : SecuredDatabase(server)
{
    private const string Tables = """
        blueprint: firm
        tables:
          clients:
            fields:
              name: text
              owner: uuid
              amount: number
              secret: text
          contracts:
            fields:
              client: { type: reference, to: clients }
              note: text

        """;

    private const string Access = Tables + """
        roles:
          sales: { label: { fr: Commercial, en: Sales }, default: [read], undo: true }
        policies:
          sales:
            clients:
              read: { filter: "owner=eq.{user.id}", fields: [name, owner, amount] }
              create: true
              update: { fields: [name] }
              delete: false
            contracts:
              read: { filter: "clients.name=like.A*" }
          viewer:
            contracts: {}
        """;

    [Fact]
    public async Task What_a_blueprint_says_is_in_force_when_it_is_applied()
    {
        var done = await Apply(Access);
        Assert.Contains("add the role sales", done, StringComparison.Ordinal);
        Assert.Contains("let the role sales do this to clients: read (only name, owner, amount) (where owner=eq.{user.id}), create, update (only name)", done, StringComparison.Ordinal);
        var ana = await AddUser("ana@example.org", "sales");
        await Execute($"INSERT INTO clients (name, owner) VALUES ('Aline', '{ana}'), ('Bruno', '{ana}'), ('Alban', NULL); INSERT INTO contracts (client, note) SELECT id, name FROM clients");
        Assert.Equal("Aline Bruno", await As("sales", "SELECT name FROM clients", ana));
        Assert.Equal("Aline", await As("sales", "SELECT note FROM contracts", ana));
        Assert.Equal("permission denied for table clients", await As("sales", "SELECT secret FROM clients", ana));
        Assert.Equal("permission denied for table clients", await As("sales", "DELETE FROM clients", ana));
        Assert.Equal("permission denied for table contracts", await As("viewer", "SELECT note FROM contracts"));
        Assert.Equal("Alban Aline Bruno", await As("viewer", "SELECT name FROM clients"));
    }

    [Fact]
    public async Task What_a_blueprint_no_longer_says_goes_away()
    {
        await Apply(Access);
        await Apply(Access.Replace("    contracts:\n      read: { filter: \"clients.name=like.A*\" }\n", "", StringComparison.Ordinal));
        Assert.Equal("permission denied for table contracts", await As("sales", "SELECT note FROM contracts"));
        var done = await Apply(Tables);
        Assert.Contains("remove the role sales", done, StringComparison.Ordinal);
        Assert.Equal("permission denied for table clients", await As("sales", "SELECT name FROM clients"));
    }

    [Fact]
    public async Task Policies_go_down_and_up_again_with_their_migration()
    {
        await Apply(Tables);
        await SecureOnce();
        await Apply(Access);
        Assert.Equal("", await As("sales", "SELECT name FROM clients"));
        Assert.False((await Migrate.Down(Database, 1, allowLoss: false, Cancellation)).IsFault);
        Assert.Equal("permission denied for table clients", await As("sales", "SELECT name FROM clients"));
        Assert.False((await Migrate.Up(Database, null, Cancellation)).IsFault);
        Assert.Equal("", await As("sales", "SELECT name FROM clients"));
        Assert.False(await SecureOnce());
    }

    [Fact]
    public async Task A_field_that_a_policy_looks_at_may_change_its_name_and_its_type()
    {
        await Apply(Access.Replace("owner=eq.{user.id}", "amount=gt.10", StringComparison.Ordinal));
        await Execute("INSERT INTO clients (name, amount) VALUES ('a', 5), ('b', 50)");
        var changed = Access.Replace("owner=eq.{user.id}", "amount=gt.10", StringComparison.Ordinal).Replace("amount: number", "amount: { type: decimal, precision: 12, scale: 2 }", StringComparison.Ordinal);
        await Apply(changed);
        Assert.Equal("b", await As("sales", "SELECT name FROM clients"));
        await Apply(changed.Replace("      amount: { type", "      total: { id: amount, type", StringComparison.Ordinal).Replace("amount=gt.10", "total=gt.10", StringComparison.Ordinal).Replace("owner, amount]", "owner, total]", StringComparison.Ordinal));
        Assert.Equal("b", await As("sales", "SELECT name FROM clients"));
        Assert.False((await Migrate.Down(Database, 2, allowLoss: false, Cancellation)).IsFault);
        Assert.Equal("b", await As("sales", "SELECT name FROM clients"));
    }

    [Theory]
    [InlineData("owner=eq.{user.id}", "ownr=eq.{user.id}", "policies.sales.clients.read", "Did you mean 'owner'?")]
    [InlineData("owner=eq.{user.id}", "owner=eq.{user.idd}", "policies.sales.clients.read", "Did you mean {user.id}?")]
    [InlineData("owner=eq.{user.id}", "amount=eq.{user.id}", "policies.sales.clients.read", "cannot be compared")]
    [InlineData("owner=eq.{user.id}", "owner=eq.me", "policies.sales.clients.read", "expects")]
    [InlineData("owner=eq.{user.id}", "contracts.note=is.null", "policies.sales.clients.read", "in a circle")]
    [InlineData("clients.name=like", "client.secret=like", "policies.sales.contracts.read", "may not read")]
    [InlineData("clients.name=like", "owners.name=like", "policies.sales.contracts.read", "no relation 'owners'")]
    [InlineData("fields: [name]", "fields: [nam]", "policies.sales.clients.update", "Did you mean 'name'?")]
    [InlineData("viewer:", "viewr:", "policies.viewr", "Did you mean 'viewer'?")]
    [InlineData("viewer:", "admin:", "policies.admin", "may do everything")]
    [InlineData("contracts: {}", "contract: {}", "policies.viewer.contract", "Did you mean 'contracts'?")]
    [InlineData("delete: false", "delete: no", "policies.sales.clients.delete", "expects true or false")]
    [InlineData("default: [read]", "default: [red]", "roles.sales.default", "Did you mean 'read'?")]
    public async Task A_policy_that_does_not_hold_is_refused_with_its_line(string old, string with, string path, string gist)
    {
        var yaml = Access.Replace(old, with, StringComparison.Ordinal);
        var read = BlueprintReader.Read(yaml, "firm.yaml");
        var faults = read.IsFault ? read.Faults : (await ApplyBlueprint.Apply(Database, read.Value, withSample: false, Cancellation)).Faults;
        var fault = faults[0];
        Assert.Equal(path, fault.Field);
        Assert.Contains(gist, fault.Message.English, StringComparison.Ordinal);
        Assert.Contains(with.Split('\n')[0], yaml.Split('\n')[fault.Line!.Value - 1], StringComparison.Ordinal);
        Assert.False(await Ask<bool>("SELECT to_regclass('public.clients') IS NOT NULL"));
    }

    [Fact]
    public async Task A_table_may_refer_to_accounts()
    {
        await Apply("""
            blueprint: firm
            tables:
              clients:
                fields:
                  name: text
                  owner: { type: reference, to: users }
                  seller: { type: reference, to: users, on_delete: restrict }
            policies:
              viewer:
                clients: { read: { filter: "owner.name=eq.ana&users.email=is.null" } }
              member:
                clients: { read: { filter: "owner.email=eq.{user.email}" }, create: true }
            """.Replace("&users.email=is.null", "", StringComparison.Ordinal));
        var ana = await AddUser("ana@example.org");
        var bob = await AddUser("bob@example.org");
        await Execute($"INSERT INTO clients (name, owner, seller) VALUES ('a', '{ana}', '{bob}'), ('b', '{bob}', NULL)");
        Assert.Equal("a", await As("viewer", "SELECT name FROM clients"));
        Assert.Equal("b", await As("member", "SELECT name FROM clients", bob));
        Assert.Equal("ana", await As("member", "SELECT u.name FROM socle_system.users u WHERE u.name = 'ana'"));
        Assert.Equal("permission denied for table users", await As("member", "SELECT password_hash FROM socle_system.users"));
        await Execute($"DELETE FROM socle_system.users WHERE id = '{ana}'");
        Assert.Equal(1L, await Ask<long>("SELECT count(*) FROM clients WHERE owner IS NULL"));
        Assert.Contains("violates", await As("admin", "SELECT 1") + (await Assert.ThrowsAsync<Npgsql.PostgresException>(() => Execute($"DELETE FROM socle_system.users WHERE id = '{bob}'"))).MessageText, StringComparison.Ordinal);
    }

    /// <summary>Applies, and asserts that nothing is left to do.</summary>
    private async Task<string> Apply(string yaml)
    {
        var read = BlueprintReader.Read(yaml, "firm.yaml");
        Assert.True(!read.IsFault, string.Join('\n', read.Faults.Select(fault => $"{fault.Line}: {fault.Message.English}")));
        var done = Right(await ApplyBlueprint.Apply(Database, read.Value, withSample: false, Cancellation));
        var rest = Right(await ApplyBlueprint.Plan(Database, read.Value, withSample: false, Cancellation));
        Assert.True(rest.IsEmpty, rest.Describe(Language.English));
        if (read.Value.GovernsAccess)
            Assert.False(await SecureOnce());
        return done.Describe(Language.English);
    }

    private static SchemaPlan Right(Result<SchemaPlan> result)
    {
        Assert.True(!result.IsFault, string.Join('\n', result.IsFault ? result.Faults.Select(fault => fault.Message.English) : ImmutableArray<string>.Empty));
        return result.Value;
    }
}
