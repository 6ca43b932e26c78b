using Socle.Blueprints;
using Socle.Catalog;
using Socle.Grammar;
using Socle.Kernel;
using Socle.Schema;
using Socle.Tests.Postgres.Schema;

namespace Socle.Tests.Postgres.Relations;

/// <summary>Lookups and rollups as parts of a schema: they come, change and go with what they are computed from, and no column is touched.</summary>
public sealed class ComputedFieldTests(TestServer server) : SchemaScenario(server)
{
    private const string Firm = """
        blueprint: firm
        tables:
          clients:
            fields:
              name: text
              city: { type: choice, choices: [{ value: p, fr: Paris }, { value: l, fr: Lyon }] }
              contracts_count: { type: rollup, through: contracts.client_id, function: count }
              signed: { type: rollup, through: contracts.client_id, function: sum, field: amount, where: "status=eq.signed", label: { fr: Signé, en: Signed } }
          contracts:
            fields:
              client_id: { type: reference, to: clients }
              amount: { type: decimal, precision: 10, scale: 2 }
              status: text
              client_city: { type: lookup, through: client_id, field: city }
              client_signed: { type: lookup, through: client_id, field: signed }
        """;

    private async Task<CatalogSnapshot> Catalog()
    {
        await using var connection = await Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        return await CatalogReader.Read(connection, SchemaChoice.Default, 1, TestContext.Current.CancellationToken);
    }

    private async Task<string> Fields(string table) =>
        string.Join(' ', (await Catalog()).FindTable(table)!.Fields.Where(field => field.Way is not null).Select(field => field.Name));

    [Fact]
    public async Task They_stand_among_the_fields_in_their_place_and_are_no_columns()
    {
        await Apply(Read(Firm));

        var catalog = await Catalog();
        Assert.Empty(catalog.Broken);
        Assert.Equal(["id", "name", "city", "contracts_count", "signed", "created_at", "updated_at"], catalog.FindTable("clients")!.Fields.Select(field => field.Name));
        Assert.Equal(Enumerable.Range(0, 7), catalog.FindTable("clients")!.Fields.Select(field => field.Ordinal));
        Assert.Equal("id\nname\ncity\ncreated_at\nupdated_at", await List("SELECT attname FROM pg_attribute WHERE attrelid = 'clients'::regclass AND attnum > 0 ORDER BY attnum"));
        var city = catalog.FindTable("contracts")!.FindField("clientCity")!;
        Assert.Equal(("choice", true, false, "Paris"), (city.Type.Name, city.IsReadOnly, city.IsRequired, city.Settings.Choices![0].Label.French));
        Assert.Equal("bigint numeric", string.Join(' ', catalog.FindTable("clients")!.Fields.Where(field => field.Way is not null).Select(field => field.ColumnType.SqlName)));
        Assert.Equal("Signed", catalog.FindTable("clients")!.FindField("signed")!.Label.English);
    }

    [Fact]
    public async Task They_come_change_and_go_both_ways()
    {
        var bare = Read(string.Join('\n', Firm.Split('\n').Where(line => !line.Contains("rollup", StringComparison.Ordinal) && !line.Contains("lookup", StringComparison.Ordinal))));
        await Apply(bare);
        await Apply(Read(Firm));
        Assert.Equal("contracts_count signed", await Fields("clients"));
        await Down();
        Assert.Equal("", await Fields("clients"));
        Assert.True((await Plan(bare)).IsEmpty);
        await Up();
        Assert.Equal("contracts_count signed", await Fields("clients"));

        var changed = Read(Firm.Replace("function: sum", "function: max", StringComparison.Ordinal));
        await Apply(changed);
        await Down();
        Assert.True((await Plan(Read(Firm))).IsEmpty);

        var done = await Apply(bare);
        Assert.Equal(4, done.Steps.OfType<ForgetField>().Count());
        Assert.False(done.LosesValues);
        await Down();
        Assert.Equal("client_city client_signed", await Fields("contracts"));
        Assert.True((await Plan(Read(Firm))).IsEmpty);
    }

    [Fact]
    public async Task One_becomes_a_column_and_a_column_one_and_both_come_back()
    {
        await Apply(Read(Firm));
        var stored = Read(Firm.Replace("client_city: { type: lookup, through: client_id, field: city }", "client_city: text", StringComparison.Ordinal));
        await Apply(stored);
        await Execute("INSERT INTO contracts (client_city) VALUES ('here')");
        Assert.Equal("client_signed", await Fields("contracts"));
        await Down();
        Assert.Equal("client_city client_signed", await Fields("contracts"));
        Assert.True((await Plan(Read(Firm))).IsEmpty);
        await Up();
        Assert.Equal("here", await List("SELECT client_city FROM contracts"));
        await Apply(Read(Firm));
        Assert.Equal("client_city client_signed", await Fields("contracts"));
        await Down();
        Assert.Equal("here", await List("SELECT client_city FROM contracts"));
        Assert.True((await Plan(stored)).IsEmpty);
    }

    [Fact]
    public async Task They_follow_columns_that_are_renamed_in_psql()
    {
        await Apply(Read(Firm));
        await Execute("ALTER TABLE contracts RENAME client_id TO customer; ALTER TABLE contracts RENAME amount TO total; ALTER TABLE clients RENAME city TO town; SELECT socle_system.refresh_fields()");
        Assert.Empty((await Catalog()).Broken);
        Assert.Equal("contracts_count signed client_city client_signed", $"{await Fields("clients")} {await Fields("contracts")}");
        await Execute("ALTER TABLE contracts RENAME customer TO x; ALTER TABLE contracts RENAME total TO customer; ALTER TABLE contracts RENAME x TO total; SELECT socle_system.refresh_fields()");
        Assert.Empty((await Catalog()).Broken);
        await Apply(Read(Firm));
        Assert.Empty((await Catalog()).Broken);
        await Execute("ALTER TABLE contracts RENAME TO deals; ALTER TABLE deals RENAME status TO state; SELECT socle_system.follow_tables(), socle_system.refresh_fields()");
        Assert.Empty((await Catalog()).Broken);
        Assert.Equal("state=eq.signed deals.client_id", await List("SELECT concat_ws(' ', settings ->> 'where', settings ->> 'through') FROM socle_system.fields WHERE name = 'signed'"));
        await Apply(Read(Firm));
        Assert.Empty((await Catalog()).Broken);
    }

    [Fact]
    public async Task They_follow_what_a_blueprint_renames()
    {
        await Apply(Read(Firm));
        var renamed = Read(Firm.Replace("amount: { type", "total: { id: amount, type", StringComparison.Ordinal).Replace("field: amount", "field: total", StringComparison.Ordinal)
            .Replace("  contracts:\n", "  deals:\n    id: contracts\n", StringComparison.Ordinal).Replace("through: contracts.", "through: deals.", StringComparison.Ordinal)
            .Replace("contracts_count:", "deals_count:", StringComparison.Ordinal));
        await Apply(renamed);
        Assert.Empty((await Catalog()).Broken);
        Assert.Equal("deals_count signed", await Fields("clients"));
        await Down();
        Assert.Empty((await Catalog()).Broken);
        Assert.Equal("contracts_count signed", await Fields("clients"));
        Assert.True((await Plan(Read(Firm))).IsEmpty);
    }

    [Fact]
    public async Task What_they_go_through_may_go_and_they_are_not_there_meanwhile()
    {
        await Apply(Read(Firm));
        await Execute("ALTER TABLE contracts DROP COLUMN amount");
        var broken = await Catalog();
        Assert.Equal(["signed", "client_signed"], broken.Broken.Select(field => field.Field).Order(StringComparer.Ordinal).Reverse());
        Assert.Equal("contracts_count", await Fields("clients"));
        await Execute("DROP TABLE contracts CASCADE");
        Assert.Equal("", await Fields("clients"));
        await Apply(Read(Firm));
        Assert.Equal("contracts_count signed", await Fields("clients"));
    }

    [Fact]
    public async Task They_go_through_the_later_types_too()
    {
        await Apply(Read("""
            blueprint: firm
            tables:
              teams:
                fields:
                  spent: { type: rollup, through: works.team_id, function: sum, field: cost }
                  jobs_count: { type: rollup, through: works.team_id, function: count, field: cost }
                  stars: { type: rollup, through: works.team_id, function: average, field: stars }
                  worked: { type: rollup, through: works.team_id, function: sum, field: took }
              works:
                fields:
                  team_id: { type: reference, to: teams }
                  by: user
                  number: { type: autonumber, format: "J-{000}" }
                  cost: { type: currency, currency: CHF }
                  stars: rating
                  took: duration
                  twice: { type: formula, formula: "cost * 2" }
                  by_name: { type: lookup, through: by, field: name }
                  follow: { type: reference, to: works }
                  followed: { type: lookup, through: follow, field: number }
                  double: { type: lookup, through: follow, field: twice }
            """));

        var catalog = await Catalog();
        Assert.Empty(catalog.Broken);
        Assert.Equal("currency CHF, number , decimal , duration ", string.Join(", ", catalog.FindTable("teams")!.Fields.Where(field => field.Way is not null).Select(field => $"{field.Type.Name} {field.Settings.Currency}")));
        Assert.Equal("by_name followed double", await Fields("works"));
    }

    [Fact]
    public async Task A_column_of_the_same_name_made_in_psql_is_a_column()
    {
        await Apply(Read(Firm));
        await Execute("ALTER TABLE clients ADD COLUMN signed integer; SELECT socle_system.refresh_fields()");
        var field = (await Catalog()).FindTable("clients")!.FindField("signed")!;
        Assert.Equal((null, "number", false), (field.Way, field.Type.Name, field.IsReadOnly));
    }
}
